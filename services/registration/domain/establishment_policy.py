"""What the city rules on establishment: how filings are decided, foreign investment, appeals with a precedent."""

from dataclasses import dataclass
from enum import StrEnum

from services.registration.domain.wording import Wording
from shared.calendar import Limit


class RegistrationMode(StrEnum):
    """How a complete filing is decided. Source: 003 湖南园区20条 #6 (pilots)."""

    REVIEW = "review"  # what rules leave open goes to a registrar
    CONFIRMATION = "confirmation"  # 行政确认制
    COMMITMENT = "commitment"  # 告知承诺制


@dataclass(frozen=True)
class NegativeListEntry:
    """An industry with special measures for foreign investment: a scope entry, or all whose code begins so."""

    scope: str
    measure: Wording


@dataclass(frozen=True)
class EstablishmentPolicy:
    """`precedent_answer` is how long the registrar has to answer an appeal with a precedent (有先例可办)."""

    mode: RegistrationMode
    precedent_answer: Limit
    negative_list: tuple[NegativeListEntry, ...]

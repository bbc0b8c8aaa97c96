"""What the city's rules say of changes of a registered enterprise: limits, reasons, other registrars."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from services.registration.domain.wording import Wording
from shared.calendar import Limit

RESTRICTING: Final = "restrict_migration"
"""The reason that nobody may give: where an enterprise moves is its own to decide (REG-16)."""
NOT_NORMAL: Final = "not_normal"
"""The reason given where an enterprise that waits to move is in business no more."""


@dataclass(frozen=True)
class OtherRegistrar:
    """Another registrar with which files are exchanged; `keys` are its public keys (JWK)."""

    uscc: str
    name: Wording
    division_code: str
    keys: tuple[Mapping[str, str], ...]


@dataclass(frozen=True)
class ChangePolicy:
    """How long after the decision changes are asked for, how long creditors are given, how files are handed over.

    Source: 市场主体登记管理条例 arts. 24 (alteration), 26 (a permit lost), 27 (moving away), 29 (record, members of a
    cooperative); 公司法 arts. 220, 222, 224 (creditors).
    """

    alteration: Limit
    permit_lost: Limit
    creditor_notice: Limit
    record: Limit
    cooperative_members: Limit
    hand_over: Limit
    paper_files: Limit
    refusal_reasons: Mapping[str, Wording]
    other_registrars: Mapping[str, OtherRegistrar]

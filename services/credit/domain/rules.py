"""What a city decides about credit: its score card and its catalogue."""

from dataclasses import dataclass

from services.credit.domain.catalogue import Catalogue
from services.credit.domain.evaluation import Scorecard


@dataclass(frozen=True)
class CreditRules:
    """The rules in force."""

    scorecard: Scorecard
    catalogue: Catalogue

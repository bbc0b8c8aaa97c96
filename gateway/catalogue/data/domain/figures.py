"""What sharing of a department amounts to in a period, each figure with numerator and denominator (DS-23, NFR-16)."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

_PLACES: Final = Decimal("0.0001")


@dataclass(frozen=True)
class Period:
    """Civil days in China, both included."""

    first: date
    last: date


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    numerator: int
    denominator: int

    @property
    def value(self) -> Decimal | None:
        """The quotient; None where there is nothing to divide by."""
        if not self.denominator:
            return None
        return (Decimal(self.numerator) / self.denominator).quantize(_PLACES, ROUND_HALF_UP)


@dataclass(frozen=True)
class SharingFigures:
    """A department's figures: as the owner of data, but for `requests_made` and `calls_made`."""

    agency_uscc: str
    entries: int = 0
    stale_entries: int = 0
    requests_received: int = 0
    requests_made: int = 0
    answered: int = 0
    answered_in_time: int = 0
    refused: int = 0
    overdue: int = 0
    median_working_days: Decimal | None = None
    calls: int = 0
    calls_allowed: int = 0
    calls_made: int = 0
    responsibilities: int = 0
    responsibilities_overdue: int = 0
    corrections: int = 0
    corrections_answered_in_time: int = 0
    systems: int = 0
    systems_connected: int = 0

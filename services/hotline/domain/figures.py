"""The hotline's rates with numerator and denominator (办结率、按时率、满意率)."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Ratio:
    """A rate that can be checked: `rate` is None where nothing was counted."""

    numerator: int
    denominator: int

    @property
    def rate(self) -> Decimal | None:
        """The share, to four places."""
        if not self.denominator:
            return None
        return (Decimal(self.numerator) / self.denominator).quantize(Decimal("0.0001"))


@dataclass(frozen=True)
class AgencyCounts:
    """What was counted for one agency; rated leaves out mediation and enforcement (文旅热线通知 三（四）)."""

    agency_uscc: str
    dispatched: int
    answered: int
    on_time: int
    rated: int
    satisfied: int

    @property
    def completion(self) -> Ratio:
        """Answered of those dispatched."""
        return Ratio(self.answered, self.dispatched)

    @property
    def punctuality(self) -> Ratio:
        """Answered in time of those answered."""
        return Ratio(self.on_time, self.answered)

    @property
    def satisfaction(self) -> Ratio:
        """Rated 基本满意 or better of those rated."""
        return Ratio(self.satisfied, self.rated)

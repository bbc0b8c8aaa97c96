"""One line of a record's history: what happened, when, by whom, and why."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Happening:
    """`by` is a reference of ids only; `agency_uscc` is the agency that acted; `basis` the law that it named."""

    action: str
    at: datetime
    by: str
    agency_uscc: str | None = None
    reason: str | None = None
    basis: str | None = None


@dataclass(frozen=True)
class Actor:
    """Who acts: the reference of the caller, and the agency that it works for."""

    reference: str
    agency_uscc: str | None
    is_data_bureau: bool = False

    def did(
        self, action: str, at: datetime, *, reason: str | None = None, basis: str | None = None
    ) -> Happening:
        """Write what this actor did."""
        return Happening(action, at, self.reference, self.agency_uscc, reason, basis)

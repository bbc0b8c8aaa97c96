"""What becomes of a step at its service, told by the command's answer or by an event, whichever is first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from gateway.matters.domain.model import Finding


@dataclass(frozen=True)
class Accepted:
    """The service has it and will decide; `reference` is the service's own id."""

    reference: str


@dataclass(frozen=True)
class Done:
    """Decided in favour. A filing brings the enterprise's credit code and the day it was established."""

    reference: str
    result: Mapping[str, Any]
    uscc: str | None = None
    established_on: date | None = None


@dataclass(frozen=True)
class SentBack:
    """Something is missing or wrong; pointers lead into the body. No reference: nothing was taken in."""

    reference: str | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class TurnedDown:
    reference: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Reopened:
    """The refusal was set aside (撤销不予登记决定): the service has it again and will decide."""

    reference: str


@dataclass(frozen=True)
class TakenBack:
    """The applicant's withdrawal is confirmed."""


@dataclass(frozen=True)
class NoAnswer:
    """Nothing can be said yet: the service is away, busy, or waits for what it has not heard of."""

    reason: str
    retry_after_seconds: float | None = None


Outcome = Accepted | Done | SentBack | TurnedDown | Reopened | TakenBack | NoAnswer

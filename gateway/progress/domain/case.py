"""A case (办件) as its applicant follows it: whose it is, where it stands, what happened; whatever service has it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


@dataclass(frozen=True)
class Title:
    """A text for people."""

    zh: str
    en: str


class CaseKind(StrEnum):
    """What is handled. Tasks, payments and deliveries are parts of a matter and never stand alone in a list."""

    MATTER = "matter"
    FILING = "filing"
    APPLICATION = "application"
    TICKET = "ticket"
    TASK = "task"
    PAYMENT = "payment"
    DELIVERY = "delivery"
    EXTERNAL = "external"
    """A case of a system outside, which tells where it stands (外部系统办件)."""


class CaseState(StrEnum):
    """The one vocabulary for all services (统一办件状态); each service's own word stands beside it."""

    SUBMITTED = "submitted"
    IN_PROGRESS = "in_progress"
    RETURNED = "returned"
    """Waits for the applicant: to correct, to pay, to rate."""
    PAUSED = "paused"
    COMPLETED = "completed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"

    @property
    def is_ended(self) -> bool:
        """Whether nothing more is to come."""
        return self in _ENDED


_ENDED: Final = frozenset({CaseState.COMPLETED, CaseState.REFUSED, CaseState.WITHDRAWN})


@dataclass(frozen=True)
class CaseKey:
    """A case's id at the service that has it."""

    service: str
    case_id: str


@dataclass(frozen=True)
class Happening:
    """One entry of a case's history (办理过程). `sequence` counts the events of its subject without gaps."""

    event_id: str
    what: str
    at: datetime
    sequence: int
    unit_uscc: str | None = None
    note: Title | None = None


@dataclass(frozen=True)
class Change:
    """What one event says about a case; None leaves what was known before."""

    key: CaseKey
    kind: CaseKind
    happening: Happening
    own_state: str | None = None
    case_no: str | None = None
    about: str | None = None
    name: str | None = None
    name_en: str | None = None
    applicant: str | None = None
    uscc: str | None = None
    matter_id: str | None = None
    unit_uscc: str | None = None
    leaves_unit: bool = False
    division_code: str | None = None
    due_at: datetime | None = None
    is_overdue: bool | None = None


@dataclass(frozen=True)
class Case:
    """Where a case stands. `about` says what of its kind it is: theme, industry, task, kind of request.

    `matter_id` is the case that it is a part of: a matter, or what a delivery brings the result of.
    """

    key: CaseKey
    kind: CaseKind
    state: CaseState
    own_state: str
    case_no: str | None
    about: str | None
    name: str | None
    name_en: str | None
    applicant: str | None
    uscc: str | None
    matter_id: str | None
    unit_uscc: str | None
    division_code: str | None
    due_at: datetime | None
    is_overdue: bool
    opened_at: datetime
    updated_at: datetime
    ended_at: datetime | None
    version: int

    @property
    def reference(self) -> str:
        """How the case is asked for: by the number that people quote, or its id where it has none."""
        return self.case_no or self.key.case_id


@dataclass(frozen=True)
class Document:
    """A result (办理结果), where the gateway shows it."""

    key: CaseKey
    kind: str
    number: str
    path: str


@dataclass(frozen=True)
class Followed:
    """A case with its parts: the filings, applications, tasks, payments and deliveries of a matter."""

    case: Case
    parts: tuple[Case, ...] = ()

    @property
    def waits_for_applicant(self) -> bool:
        """Whether somebody must do something before it goes on, and that somebody is the applicant."""
        if self.case.state in (CaseState.REFUSED, CaseState.WITHDRAWN):
            return False
        return any(each.state is CaseState.RETURNED for each in (self.case, *self.parts))

    @property
    def is_overdue(self) -> bool:
        """Whether the case or an open part of it is late."""
        return any(each.is_overdue and not each.state.is_ended for each in (self.case, *self.parts))

    @property
    def all_cases(self) -> tuple[Case, ...]:
        """The case and its parts."""
        return (self.case, *self.parts)

"""A sharing request (共享申请): what one department asks of another, its clocks, the answer, and the dispute about it.

Source: 政务数据共享条例 (国令809): a request states basis, scene, scope, way and term; unconditional sharing is
answered in 1 working day, conditional in 10; what was agreed is provided in 20; a refusal names its basis; disputes
go to the coordinating authority, here the data bureau.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from gateway.catalogue.data.domain.happening import Actor, Happening
from gateway.catalogue.data.domain.refusals import StepNotAllowed
from shared.calendar import DeadlineLedger, Limit, WorkingCalendar
from shared.region import OfferedWay


class RequestStatus(StrEnum):
    """Where a request stands."""

    SUBMITTED = "submitted"
    INCOMPLETE = "incomplete"
    AGREED = "agreed"
    REFUSED = "refused"
    PROVIDED = "provided"
    DISPUTED = "disputed"
    UPHELD = "upheld"
    WITHDRAWN = "withdrawn"


class RequestAction(StrEnum):
    """What may be done to a request."""

    ASK_COMPLETION = "ask_completion"
    COMPLETE = "complete"
    AGREE = "agree"
    REFUSE = "refuse"
    CONFIRM = "confirm"
    DISPUTE = "dispute"
    UPHOLD = "uphold"
    OVERRULE = "overrule"
    WITHDRAW = "withdraw"


TRANSITIONS: Final[Mapping[tuple[RequestStatus, RequestAction], RequestStatus]] = MappingProxyType(
    {
        (RequestStatus.SUBMITTED, RequestAction.ASK_COMPLETION): RequestStatus.INCOMPLETE,
        (RequestStatus.INCOMPLETE, RequestAction.COMPLETE): RequestStatus.SUBMITTED,
        (RequestStatus.SUBMITTED, RequestAction.AGREE): RequestStatus.AGREED,
        (RequestStatus.SUBMITTED, RequestAction.REFUSE): RequestStatus.REFUSED,
        (RequestStatus.SUBMITTED, RequestAction.DISPUTE): RequestStatus.DISPUTED,
        (RequestStatus.SUBMITTED, RequestAction.WITHDRAW): RequestStatus.WITHDRAWN,
        (RequestStatus.INCOMPLETE, RequestAction.WITHDRAW): RequestStatus.WITHDRAWN,
        (RequestStatus.AGREED, RequestAction.CONFIRM): RequestStatus.PROVIDED,
        (RequestStatus.REFUSED, RequestAction.DISPUTE): RequestStatus.DISPUTED,
        (RequestStatus.DISPUTED, RequestAction.AGREE): RequestStatus.AGREED,
        (RequestStatus.DISPUTED, RequestAction.UPHOLD): RequestStatus.UPHELD,
        (RequestStatus.DISPUTED, RequestAction.OVERRULE): RequestStatus.AGREED,
    }
)


@dataclass(frozen=True)
class Ask:
    """What is asked for: which fields of a resource, for which purpose and matter, on which basis, how, until when."""

    resource: str
    fields: tuple[str, ...]
    purpose: str
    basis: str
    matter: str
    regions: tuple[str, ...]
    scenes: tuple[str, ...]
    way: OfferedWay
    valid_until: datetime


@dataclass(frozen=True)
class Answer:
    """The owner's answer, or the coordinator's in its place: what was granted, or the basis of the refusal."""

    at: datetime
    working_days: Decimal
    is_late: bool
    grant_id: UUID | None = None
    granted_fields: tuple[str, ...] = ()
    basis: str | None = None
    unmet_conditions: tuple[str, ...] = ()
    reason: str | None = None


@dataclass(frozen=True)
class ShareRequest:
    """A request and its life so far; `clock` is the one that runs now: to answer, then to provide."""

    request_id: UUID
    requester_uscc: str
    owner_uscc: str
    entry_number: int
    ask: Ask
    status: RequestStatus
    submitted_at: datetime
    clock: DeadlineLedger
    history: tuple[Happening, ...]
    due_at: datetime | None = None
    warned_at: datetime | None = None
    overdue_at: datetime | None = None
    answer: Answer | None = None
    version: int = 1

    @property
    def was_asked_once(self) -> bool:
        """Whether the owner asked for completion before: it may once (一次性告知)."""
        return any(step.action == RequestAction.ASK_COMPLETION for step in self.history)

    @property
    def runs(self) -> bool:
        """Whether the owner's time runs: to answer or to provide."""
        return self.status in (RequestStatus.SUBMITTED, RequestStatus.AGREED)

    def asked_for_completion(self, what: str, actor: Actor, at: datetime) -> "ShareRequest":
        """The clock stands still until the requester answers. Raises: StepNotAllowed; so do the others."""
        if self.was_asked_once:
            raise StepNotAllowed(self.status, RequestAction.ASK_COMPLETION)
        moved = self._moved(RequestAction.ASK_COMPLETION, actor, at, reason=what)
        return replace(moved, clock=self.clock.pause(at, reason=what), due_at=None)

    def completed(
        self, supplement: str, actor: Actor, at: datetime, calendar: WorkingCalendar
    ) -> "ShareRequest":
        """The clock goes on."""
        moved = self._moved(RequestAction.COMPLETE, actor, at, reason=supplement)
        clock = self.clock.resume(at)
        return replace(moved, clock=clock, due_at=_due(clock, calendar))

    def agreed(
        self, answer: Answer, provision: Limit, actor: Actor, at: datetime, calendar: WorkingCalendar
    ) -> "ShareRequest":
        """Agree, or be overruled: the time to provide begins."""
        action = RequestAction.OVERRULE if actor.is_data_bureau else RequestAction.AGREE
        moved = self._moved(action, actor, at, reason=answer.reason, basis=answer.basis)
        clock = DeadlineLedger.started(provision, at)
        return replace(
            moved, answer=answer, clock=clock, due_at=_due(clock, calendar), warned_at=None, overdue_at=None
        )

    def refused(self, answer: Answer, actor: Actor, at: datetime) -> "ShareRequest":
        """Refuse, on the basis that the answer names."""
        moved = self._moved(RequestAction.REFUSE, actor, at, reason=answer.reason, basis=answer.basis)
        return replace(moved, answer=answer, clock=self.clock.stop(at), due_at=None)

    def disputed(self, reason: str, actor: Actor, at: datetime) -> "ShareRequest":
        """Take a refusal, or an answer that did not come in time, to the coordinator."""
        if self.status is RequestStatus.SUBMITTED and self.overdue_at is None:
            raise StepNotAllowed(self.status, RequestAction.DISPUTE)
        return replace(self._moved(RequestAction.DISPUTE, actor, at, reason=reason), due_at=None)

    def upheld(self, reason: str, basis: str, actor: Actor, at: datetime) -> "ShareRequest":
        """The coordinator finds the refusal right; that is the end of it."""
        return self._moved(RequestAction.UPHOLD, actor, at, reason=reason, basis=basis)

    def confirmed(self, actor: Actor, at: datetime) -> "ShareRequest":
        """The requester has what was agreed."""
        moved = self._moved(RequestAction.CONFIRM, actor, at)
        return replace(moved, clock=self.clock.stop(at), due_at=None)

    def withdrawn(self, actor: Actor, at: datetime) -> "ShareRequest":
        """The requester needs it no longer."""
        moved = self._moved(RequestAction.WITHDRAW, actor, at)
        return replace(moved, clock=self.clock.stop(at), due_at=None)

    def warned(self, at: datetime) -> "ShareRequest":
        """It was told that the time is about to run out."""
        return replace(self, warned_at=at, version=self.version + 1)

    def found_overdue(self, at: datetime) -> "ShareRequest":
        """It was told that the time has run out; silence is no consent, the coordinator may be asked from now on."""
        return replace(self, overdue_at=at, version=self.version + 1)

    def _moved(
        self,
        action: RequestAction,
        actor: Actor,
        at: datetime,
        *,
        reason: str | None = None,
        basis: str | None = None,
    ) -> "ShareRequest":
        target = TRANSITIONS.get((self.status, action))
        if target is None:
            raise StepNotAllowed(self.status, action)
        done = actor.did(action, at, reason=reason, basis=basis)
        return replace(self, status=target, history=(*self.history, done), version=self.version + 1)


def submit_request(
    request_id: UUID,
    ask: Ask,
    *,
    owner_uscc: str,
    entry_number: int,
    limit: Limit,
    actor: Actor,
    at: datetime,
    calendar: WorkingCalendar,
) -> ShareRequest:
    """A new request, whose time to be answered begins."""
    clock = DeadlineLedger.started(limit, at)
    return ShareRequest(
        request_id=request_id,
        requester_uscc=actor.agency_uscc or "",
        owner_uscc=owner_uscc,
        entry_number=entry_number,
        ask=ask,
        status=RequestStatus.SUBMITTED,
        submitted_at=at,
        clock=clock,
        history=(actor.did("submit", at),),
        due_at=_due(clock, calendar),
    )


def measured(clock: DeadlineLedger, at: datetime, calendar: WorkingCalendar) -> tuple[Decimal, bool]:
    """How many working days the answer took, pauses left out, and whether it came too late."""
    took = clock.elapsed(at, calendar) / calendar.working_day_length
    return Decimal(str(took)).quantize(Decimal("0.01")), clock.is_overdue(at, calendar)


def _due(clock: DeadlineLedger, calendar: WorkingCalendar) -> datetime | None:
    due = clock.due_at(calendar)
    return None if due is None else due.at

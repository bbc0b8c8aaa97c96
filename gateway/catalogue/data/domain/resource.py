"""A data resource (数据资源) and the versions of its entry: drafted by its owner, published by the data bureau."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from gateway.catalogue.data.domain.entry import Entry
from gateway.catalogue.data.domain.happening import Actor, Happening
from gateway.catalogue.data.domain.refusals import StepNotAllowed
from shared.calendar import CHINA, DeadlineLedger, Limit, WorkingCalendar, add_months, local_date
from shared.region import UpdateCycle


class EntryStatus(StrEnum):
    """Where a version of an entry stands."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    PUBLISHED = "published"


class EntryAction(StrEnum):
    """What may be done to a version."""

    REVISE = "revise"
    SUBMIT = "submit"
    RETURN = "return"
    PUBLISH = "publish"


TRANSITIONS: Final[Mapping[tuple[EntryStatus, EntryAction], EntryStatus]] = MappingProxyType(
    {
        (EntryStatus.DRAFT, EntryAction.REVISE): EntryStatus.DRAFT,
        (EntryStatus.RETURNED, EntryAction.REVISE): EntryStatus.DRAFT,
        (EntryStatus.DRAFT, EntryAction.SUBMIT): EntryStatus.IN_REVIEW,
        (EntryStatus.IN_REVIEW, EntryAction.RETURN): EntryStatus.RETURNED,
        (EntryStatus.IN_REVIEW, EntryAction.PUBLISH): EntryStatus.PUBLISHED,
    }
)
IN_WORK: Final = (EntryStatus.DRAFT, EntryStatus.IN_REVIEW, EntryStatus.RETURNED)
_MONTHS: Final[Mapping[UpdateCycle, int]] = MappingProxyType(
    {
        UpdateCycle.MONTHLY: 1,
        UpdateCycle.QUARTERLY: 3,
        UpdateCycle.HALF_YEARLY: 6,
        UpdateCycle.YEARLY: 12,
    }
)
_DAYS: Final[Mapping[UpdateCycle, int]] = MappingProxyType({UpdateCycle.DAILY: 1, UpdateCycle.WEEKLY: 7})


@dataclass(frozen=True)
class EntryVersion:
    """One version of an entry. A published one is in force from `effective_on` until the next one is."""

    key: str
    number: int
    owner_uscc: str
    status: EntryStatus
    entry: Entry
    history: tuple[Happening, ...]
    review: DeadlineLedger | None = None
    effective_on: date | None = None
    published_at: datetime | None = None
    version: int = 1

    def revised(self, entry: Entry, actor: Actor, at: datetime) -> "EntryVersion":
        """Raises: StepNotAllowed; so do the others."""
        return replace(self._moved(EntryAction.REVISE, actor, at), entry=entry)

    def submitted(self, limit: Limit, actor: Actor, at: datetime) -> "EntryVersion":
        """Hand it to the data bureau, whose clock begins."""
        return replace(self._moved(EntryAction.SUBMIT, actor, at), review=DeadlineLedger.started(limit, at))

    def returned(self, reason: str, actor: Actor, at: datetime) -> "EntryVersion":
        """Give it back to its owner."""
        moved = self._moved(EntryAction.RETURN, actor, at, reason=reason)
        return replace(moved, review=_stopped(self.review, at))

    def published(self, effective_on: date, actor: Actor, at: datetime) -> "EntryVersion":
        """Put it in the one catalogue (统一目录), in force from a day on."""
        moved = self._moved(EntryAction.PUBLISH, actor, at)
        return replace(moved, review=_stopped(self.review, at), effective_on=effective_on, published_at=at)

    def _moved(
        self, action: EntryAction, actor: Actor, at: datetime, *, reason: str | None = None
    ) -> "EntryVersion":
        target = TRANSITIONS.get((self.status, action))
        if target is None:
            raise StepNotAllowed(self.status, action)
        history = (*self.history, actor.did(action, at, reason=reason))
        return replace(self, status=target, history=history, version=self.version + 1)


@dataclass(frozen=True)
class Resource:
    """What is true of a resource beside its entry: whose it is, how fresh, whether a change is due in the catalogue."""

    key: str
    owner_uscc: str
    pack_digest: str | None = None
    updated_at: datetime | None = None
    fresh_until: datetime | None = None
    tell_stale_at: datetime | None = None
    change: DeadlineLedger | None = None
    change_reason: str | None = None
    change_told_at: datetime | None = None
    version: int = 1

    def updated(self, cycle: UpdateCycle, at: datetime) -> "Resource":
        """The owner brought the data up to date."""
        until = fresh_until(cycle, at)
        return replace(self, updated_at=at, fresh_until=until, tell_stale_at=until, version=self.version + 1)

    def from_pack(self, digest: str) -> "Resource":
        """Remember which words of the region pack the newest entry has."""
        return replace(self, pack_digest=digest, version=self.version + 1)

    def told_stale(self, cycle: UpdateCycle, at: datetime) -> "Resource":
        """The owner was told; it is told again after another cycle."""
        return replace(self, tell_stale_at=fresh_until(cycle, at), version=self.version + 1)

    def is_stale(self, at: datetime) -> bool:
        """Whether the last update is older than the cycle (DS-21)."""
        return self.fresh_until is not None and self.fresh_until <= at

    def with_change_due(self, limit: Limit, reason: str, at: datetime) -> "Resource":
        """Something about the resource changed: its entry has to follow. Raises: StepNotAllowed."""
        if self.change is not None:
            raise StepNotAllowed("change_due", "declare_change")
        clock = DeadlineLedger.started(limit, at)
        return replace(
            self, change=clock, change_reason=reason, change_told_at=None, version=self.version + 1
        )

    def with_more_time(
        self, by: Limit, reason: str, legal_basis: str, at: datetime, calendar: WorkingCalendar
    ) -> "Resource":
        """Give the owner more time, once. Raises: StepNotAllowed."""
        clock = self.change
        if clock is None or len(clock.entries) > 1 or clock.is_overdue(at, calendar):
            raise StepNotAllowed("no_change_due" if clock is None else "change_due", "extend")
        extended = clock.extend(at, by=by, reason=reason, legal_basis=legal_basis, calendar=calendar)
        return replace(self, change=extended, version=self.version + 1)

    def told_change_overdue(self, at: datetime) -> "Resource":
        """The owner was told that the entry ought to have followed."""
        return replace(self, change_told_at=at, version=self.version + 1)

    def with_change_made(self) -> "Resource":
        """The new entry was handed in: the clock is over."""
        if self.change is None:
            return self
        return replace(self, change=None, change_reason=None, change_told_at=None, version=self.version + 1)


def fresh_until(cycle: UpdateCycle, updated_at: datetime) -> datetime | None:
    """The first instant after the last civil day of the cycle, in China; None for what cannot grow old."""
    day = local_date(updated_at)
    if cycle in _DAYS:
        last = day + timedelta(days=_DAYS[cycle])
    elif cycle in _MONTHS:
        last = add_months(day, _MONTHS[cycle])
    else:
        return None
    return datetime.combine(last + timedelta(days=1), time(0), CHINA).astimezone(UTC)


def _stopped(clock: DeadlineLedger | None, at: datetime) -> DeadlineLedger | None:
    return None if clock is None else clock.stop(at)

"""A data need (数据需求), and the entry of the responsibility list (责任清单) that it becomes. Source: DS-02."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from gateway.catalogue.data.domain.happening import Actor, Happening
from gateway.catalogue.data.domain.refusals import StepNotAllowed


class NeedStatus(StrEnum):
    """Where a need stands; overdue follows from the day."""

    SUBMITTED = "submitted"
    DECLINED = "declined"
    ASSIGNED = "assigned"
    FULFILLED = "fulfilled"


class NeedAction(StrEnum):
    """What may be done to a need."""

    ASSIGN = "assign"
    DECLINE = "decline"
    FULFIL = "fulfil"


TRANSITIONS: Final[Mapping[tuple[NeedStatus, NeedAction], NeedStatus]] = MappingProxyType(
    {
        (NeedStatus.SUBMITTED, NeedAction.ASSIGN): NeedStatus.ASSIGNED,
        (NeedStatus.SUBMITTED, NeedAction.DECLINE): NeedStatus.DECLINED,
        (NeedStatus.ASSIGNED, NeedAction.ASSIGN): NeedStatus.ASSIGNED,
        (NeedStatus.ASSIGNED, NeedAction.FULFIL): NeedStatus.FULFILLED,
    }
)


@dataclass(frozen=True)
class Wanted:
    """What is needed: which fields of which kind of data, for which purpose and matter, on which basis."""

    title: str
    fields: tuple[str, ...]
    purpose: str
    matter: str
    basis: str


@dataclass(frozen=True)
class Responsibility:
    """Who has to bring which resource into the catalogue, until when; `list_version` is that of the list."""

    provider_uscc: str
    resource: str
    due_on: date
    list_version: int


@dataclass(frozen=True)
class Need:
    """A need and its life so far."""

    need_id: UUID
    requester_uscc: str
    wanted: Wanted
    status: NeedStatus
    submitted_at: datetime
    history: tuple[Happening, ...]
    responsibility: Responsibility | None = None
    fulfilled_at: datetime | None = None
    overdue_told_at: datetime | None = None
    version: int = 1

    def is_overdue(self, today: date) -> bool:
        """Whether the day has passed without a matching resource."""
        duty = self.responsibility
        return self.status is NeedStatus.ASSIGNED and duty is not None and duty.due_on < today

    def assigned(self, responsibility: Responsibility, actor: Actor, at: datetime) -> "Need":
        """Put it on the list, or on another department. Raises: StepNotAllowed; so do the others."""
        moved = self._moved(NeedAction.ASSIGN, actor.did(NeedAction.ASSIGN, at))
        return replace(moved, responsibility=responsibility, overdue_told_at=None)

    def declined(self, reason: str, actor: Actor, at: datetime) -> "Need":
        """The data bureau finds no ground for it."""
        return self._moved(NeedAction.DECLINE, actor.did(NeedAction.DECLINE, at, reason=reason))

    def fulfilled(self, actor: Actor, list_version: int, at: datetime) -> "Need":
        """A matching resource is in the catalogue."""
        moved = self._moved(NeedAction.FULFIL, actor.did(NeedAction.FULFIL, at))
        duty = self.responsibility
        return replace(
            moved,
            fulfilled_at=at,
            responsibility=None if duty is None else replace(duty, list_version=list_version),
        )

    def told_overdue(self, at: datetime) -> "Need":
        """The provider was told."""
        return replace(self, overdue_told_at=at, version=self.version + 1)

    def _moved(self, action: NeedAction, done: Happening) -> "Need":
        target = TRANSITIONS.get((self.status, action))
        if target is None:
            raise StepNotAllowed(self.status, action)
        return replace(self, status=target, history=(*self.history, done), version=self.version + 1)

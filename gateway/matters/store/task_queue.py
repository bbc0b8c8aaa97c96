"""The tasks of an agency in the database: its queue, filtered, and how many there are of each state."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.matters.domain.life_cycles import TaskState
from gateway.matters.domain.model import MatterId, Task
from gateway.matters.store.cases import HIDDEN_STATES, Handler, handled_by
from gateway.matters.store.rows import task_of
from gateway.matters.store.tables import TaskRow

OPEN_STATES = (TaskState.ASSIGNED.value, TaskState.TAKEN.value)


@dataclass(frozen=True)
class TaskFilters:
    """Which tasks are asked for; None leaves a bound open. `is_open` means assigned or taken."""

    state: TaskState | None = None
    kind: str | None = None
    is_overdue: bool | None = None
    due_before: datetime | None = None
    changed_since: datetime | None = None
    is_open: bool = False

    def of_kind(self, kind: str | None) -> "TaskFilters":
        """The same, of one kind only."""
        return replace(self, kind=kind)


@dataclass(frozen=True)
class QueuedTask:
    """A task as a queue shows it, with the matter that it is part of."""

    task: Task
    matter_id: MatterId


class TaskQueue:
    """Reads what an agency, or its officer in a region, has to do."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of(
        self, handler: Handler, filters: TaskFilters, *, after: UUID | None, limit: int
    ) -> list[QueuedTask]:
        """Oldest first."""
        query = select(TaskRow).where(*handled_by(handler), *_within(filters))
        if after is not None:
            query = query.where(col(TaskRow.task_id) > after)
        rows = (await self._session.execute(query.order_by(col(TaskRow.task_id)).limit(limit))).scalars()
        return [QueuedTask(task_of(row), MatterId(row.matter_id)) for row in rows]

    async def most_urgent(self, handler: Handler, filters: TaskFilters, limit: int) -> list[QueuedTask]:
        """What is due first comes first; what has no due time comes last."""
        query = (
            select(TaskRow)
            .where(*handled_by(handler), *_within(filters))
            .order_by(col(TaskRow.due_at).asc().nulls_last(), col(TaskRow.task_id))
            .limit(limit)
        )
        rows = (await self._session.execute(query)).scalars()
        return [QueuedTask(task_of(row), MatterId(row.matter_id)) for row in rows]

    async def counts(self, handler: Handler) -> dict[str, int]:
        """How many tasks there are in each state."""
        query = (
            select(col(TaskRow.state), func.count())
            .where(*handled_by(handler), col(TaskRow.state).not_in(HIDDEN_STATES))
            .group_by(col(TaskRow.state))
        )
        return {str(row[0]): int(row[1]) for row in await self._session.execute(query)}

    async def count_overdue(self, handler: Handler) -> int:
        query = (
            select(func.count())
            .select_from(TaskRow)
            .where(*handled_by(handler), *_within(TaskFilters(is_overdue=True, is_open=True)))
        )
        return int((await self._session.execute(query)).scalar_one())


def _within(filters: TaskFilters) -> "list[ColumnElement[bool]]":
    bounds: list[ColumnElement[bool]] = [col(TaskRow.state).not_in(HIDDEN_STATES)]
    if filters.is_open:
        bounds.append(col(TaskRow.state).in_(OPEN_STATES))
    if filters.state is not None:
        bounds.append(col(TaskRow.state) == filters.state.value)
    if filters.kind is not None:
        bounds.append(col(TaskRow.kind) == filters.kind)
    if filters.is_overdue is not None:
        late = col(TaskRow.overdue_at)
        bounds.append(late.is_not(None) if filters.is_overdue else late.is_(None))
    if filters.due_before is not None:
        bounds.append(col(TaskRow.due_at) < filters.due_before)
    if filters.changed_since is not None:
        bounds.append(col(TaskRow.changed_at) >= filters.changed_since)
    return bounds

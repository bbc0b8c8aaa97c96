"""Matters in the database: whole ones to read or lock, and the lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.matters.domain.life_cycles import MatterState, StepState, TaskState
from gateway.matters.domain.model import Case, Happened, Matter, MatterId, Task
from gateway.matters.store.rows import (
    matter_of,
    matter_values,
    step_of,
    step_values,
    task_of,
    task_values,
)
from gateway.matters.store.tables import HistoryRow, MatterRow, StepRow, TaskRow
from shared.database.regions import in_region


@dataclass(eq=False)
class MatterNotFound(Exception):
    """There is no such matter, or it is not the caller's to know."""

    matter_id: UUID


@dataclass(eq=False)
class MatterIsOpen(Exception):
    """The one matter of a helper's mandate was opened before."""

    matter_id: UUID


@dataclass(eq=False)
class TaskNotFound(Exception):
    """There is no such task, or it is another agency's."""

    task_id: UUID


@dataclass(frozen=True)
class Handler:
    """Whose tasks are meant: an agency's, and of an officer those in the region of the office."""

    agency_uscc: str | None
    region: str | None = None


@dataclass(frozen=True)
class HistoryEntry:
    at: datetime
    verb: str
    step: str | None
    task_kind: str | None


class CaseStore:
    """Loads and saves matters whole; a change goes through `lock`."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, case: Case) -> bool:
        """Keep a new matter; False where one is open under this id."""
        statement = insert(MatterRow).values(matter_values(case.matter)).on_conflict_do_nothing()
        added = await self._session.execute(statement.returning(col(MatterRow.matter_id)))
        if added.first() is None:
            return False
        await self._session.execute(
            insert(StepRow), [step_values(case, place, step) for place, step in enumerate(case.steps)]
        )
        if case.tasks:
            await self._session.execute(
                insert(TaskRow), [task_values(case, place, task) for place, task in enumerate(case.tasks)]
            )
        return True

    async def lock(self, matter_id: UUID) -> Case:
        """Raises: MatterNotFound."""
        query = select(MatterRow).where(col(MatterRow.matter_id) == matter_id).with_for_update()
        return await self._whole((await self._session.execute(query)).scalar_one_or_none(), matter_id)

    async def read(self, matter_id: UUID) -> Case:
        """Raises: MatterNotFound. The shared lock keeps a change from falling between matter, steps and tasks."""
        query = select(MatterRow).where(col(MatterRow.matter_id) == matter_id).with_for_update(read=True)
        return await self._whole((await self._session.execute(query)).scalar_one_or_none(), matter_id)

    async def matter_of_task(self, task_id: UUID, handler: Handler) -> MatterId:
        """Raises: TaskNotFound, also for a task of others and one that is not assigned yet."""
        query = select(col(TaskRow.matter_id)).where(
            col(TaskRow.task_id) == task_id,
            *_handled_by(handler),
            col(TaskRow.state).not_in([TaskState.WAITING.value, TaskState.CANCELLED.value]),
        )
        found = (await self._session.execute(query)).scalar_one_or_none()
        if found is None:
            raise TaskNotFound(task_id)
        return MatterId(found)

    async def save(self, before: Case, after: Case, happened: Sequence[Happened], now: datetime) -> None:
        """Write what changed, and the history."""
        matter_id = after.matter.id
        if after.matter != before.matter:
            values = matter_values(after.matter)
            await self._write(MatterRow, values, col(MatterRow.matter_id) == matter_id)
        for place, step in enumerate(after.steps):
            if step != before.steps[place]:
                where = (col(StepRow.matter_id) == matter_id, col(StepRow.key) == step.key)
                await self._write(StepRow, step_values(after, place, step), *where)
        for place, task in enumerate(after.tasks):
            if task != before.tasks[place]:
                await self._write(TaskRow, task_values(after, place, task), col(TaskRow.task_id) == task.id)
        await self.remember(after, happened, now)

    async def remember(self, case: Case, happened: Sequence[Happened], now: datetime) -> None:
        kinds = {task.id: task.kind for task in case.tasks}
        rows = [
            {
                "matter_id": case.matter.id,
                "at": now,
                "verb": each.verb.value,
                "step": each.step,
                "task_kind": kinds.get(each.task_id) if each.task_id else None,
            }
            for each in happened
        ]
        if rows:
            await self._session.execute(insert(HistoryRow), rows)

    async def history(self, matter_id: UUID) -> list[HistoryEntry]:
        query = (
            select(HistoryRow)
            .where(col(HistoryRow.matter_id) == matter_id)
            .order_by(col(HistoryRow.position))
            .limit(200)
        )
        rows = (await self._session.execute(query)).scalars()
        return [HistoryEntry(row.at, row.verb, row.step, row.task_kind) for row in rows]

    async def of_applicant(
        self, applicant: str, only: UUID | None, after: UUID | None, limit: int
    ) -> list[Matter]:
        """Newest first; `only` one of them, where no other may be known."""
        query = select(MatterRow).where(col(MatterRow.applicant) == applicant)
        if only is not None:
            query = query.where(col(MatterRow.matter_id) == only)
        if after is not None:
            query = query.where(col(MatterRow.matter_id) < after)
        query = query.order_by(col(MatterRow.matter_id).desc()).limit(limit)
        return [matter_of(row) for row in (await self._session.execute(query)).scalars()]

    async def of_agency(
        self, handler: Handler, *, state: str | None, kind: str | None, after: UUID | None, limit: int
    ) -> list[tuple[Task, MatterId]]:
        """Oldest first; tasks that wait are not assigned to anybody yet."""
        hidden = [TaskState.WAITING.value, TaskState.CANCELLED.value]
        query = select(TaskRow).where(*_handled_by(handler), col(TaskRow.state).not_in(hidden))
        if state is not None:
            query = query.where(col(TaskRow.state) == state)
        if kind is not None:
            query = query.where(col(TaskRow.kind) == kind)
        if after is not None:
            query = query.where(col(TaskRow.task_id) > after)
        rows = (await self._session.execute(query.order_by(col(TaskRow.task_id)).limit(limit))).scalars()
        return [(task_of(row), MatterId(row.matter_id)) for row in rows]

    async def count_by_channel(
        self, region: str | None, since: datetime | None, before: datetime | None
    ) -> dict[str, int]:
        """How many matters came in by each channel; in a region, all divisions inside included."""
        query = select(col(MatterRow.channel), func.count()).group_by(col(MatterRow.channel))
        if region is not None:
            query = query.where(in_region(col(MatterRow.division_code), region))
        if since is not None:
            query = query.where(col(MatterRow.opened_at) >= since)
        if before is not None:
            query = query.where(col(MatterRow.opened_at) < before)
        return {str(row[0]): int(row[1]) for row in await self._session.execute(query)}

    async def due_steps(self, now: datetime, limit: int) -> list[tuple[MatterId, str]]:
        """Steps that are to be sent to their services now."""
        query = (
            select(col(StepRow.matter_id), col(StepRow.key))
            .where(
                col(StepRow.state).in_([StepState.READY.value, StepState.WITHDRAWING.value]),
                col(StepRow.not_before) <= now,
            )
            .order_by(col(StepRow.not_before))
            .limit(limit)
        )
        return [(MatterId(row[0]), str(row[1])) for row in await self._session.execute(query)]

    async def overdue(self, now: datetime, limit: int) -> list[MatterId]:
        """Matters that are overdue or hold an overdue task, and have not been told so."""
        late_matter = select(col(MatterRow.matter_id)).where(
            col(MatterRow.state) == MatterState.IN_PROGRESS.value,
            col(MatterRow.overdue_at).is_(None),
            col(MatterRow.due_at) < now,
        )
        late_task = select(col(TaskRow.matter_id)).where(
            col(TaskRow.state).in_([TaskState.ASSIGNED.value, TaskState.TAKEN.value]),
            col(TaskRow.overdue_at).is_(None),
            col(TaskRow.due_at) < now,
        )
        query = late_matter.union(late_task).limit(limit)
        return [MatterId(row[0]) for row in await self._session.execute(query)]

    async def _whole(self, row: MatterRow | None, matter_id: UUID) -> Case:
        if row is None:
            raise MatterNotFound(matter_id)
        steps = select(StepRow).where(col(StepRow.matter_id) == matter_id).order_by(col(StepRow.place))
        tasks = select(TaskRow).where(col(TaskRow.matter_id) == matter_id).order_by(col(TaskRow.place))
        return Case(
            matter_of(row),
            tuple(step_of(each) for each in (await self._session.execute(steps)).scalars()),
            tuple(task_of(each) for each in (await self._session.execute(tasks)).scalars()),
        )

    async def _write(self, table: Any, values: dict[str, Any], *where: Any) -> None:
        await self._session.execute(
            update(table).where(*where).values(values).execution_options(synchronize_session=False)
        )


def _handled_by(handler: Handler) -> "list[ColumnElement[bool]]":
    bounds: list[ColumnElement[bool]] = [col(TaskRow.agency_uscc) == handler.agency_uscc]
    if handler.region is not None:
        inside = select(col(MatterRow.matter_id)).where(
            col(MatterRow.matter_id) == col(TaskRow.matter_id),
            in_region(col(MatterRow.division_code), handler.region),
        )
        bounds.append(inside.exists())
    return bounds

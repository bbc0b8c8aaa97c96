"""Matters in the database: whole ones to read or lock, and the lists."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.matters.domain.life_cycles import MatterState, TaskState
from gateway.matters.domain.model import Case, Happened, MatterId, Step, Task
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
from shared.identifiers.channel import Channel

HIDDEN_STATES = tuple(
    state.value
    for state in (
        TaskState.WAITING,
        TaskState.AWAITING_PAYMENT,
        TaskState.CANCELLED,
        TaskState.NOT_CONCERNED,
    )
)
"""A task that waits is nobody's yet, and one that concerns nobody never is."""
_NEXT_SERIAL: Final = text("SELECT nextval('matter_serial')")


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
    """Something that happened; later entries have higher positions."""

    position: int
    at: datetime
    verb: str
    step: str | None
    task_kind: str | None
    channel: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


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
        if case.steps:
            await self._session.execute(
                insert(StepRow), [step_values(case, place, step) for place, step in enumerate(case.steps)]
            )
        if case.tasks:
            await self._session.execute(
                insert(TaskRow),
                [
                    _told(task_values(case, place, task), case.matter.opened_at)
                    for place, task in enumerate(case.tasks)
                ],
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

    async def look_at(self, matter_ids: Collection[UUID]) -> dict[UUID, Case]:
        """Several at once and without a lock, for lists."""
        steps: dict[UUID, list[Step]] = {each: [] for each in matter_ids}
        tasks: dict[UUID, list[Task]] = {each: [] for each in matter_ids}
        of_steps = select(StepRow).where(col(StepRow.matter_id).in_(matter_ids)).order_by(col(StepRow.place))
        for row in (await self._session.execute(of_steps)).scalars():
            steps[row.matter_id].append(step_of(row))
        of_tasks = select(TaskRow).where(col(TaskRow.matter_id).in_(matter_ids)).order_by(col(TaskRow.place))
        for task in (await self._session.execute(of_tasks)).scalars():
            tasks[task.matter_id].append(task_of(task))
        query = select(MatterRow).where(col(MatterRow.matter_id).in_(matter_ids))
        return {
            row.matter_id: Case(matter_of(row), tuple(steps[row.matter_id]), tuple(tasks[row.matter_id]))
            for row in (await self._session.execute(query)).scalars()
        }

    async def matter_of_task(self, task_id: UUID, handler: Handler) -> MatterId:
        """Raises: TaskNotFound, also for a task of others and one that is not assigned yet."""
        found = await self.matters_of_tasks([task_id], handler)
        if task_id not in found:
            raise TaskNotFound(task_id)
        return found[task_id]

    async def matters_of_tasks(self, task_ids: Collection[UUID], handler: Handler) -> dict[UUID, MatterId]:
        """The same for several tasks, by task; what is not the handler's is left out."""
        query = select(col(TaskRow.task_id), col(TaskRow.matter_id)).where(
            col(TaskRow.task_id).in_(task_ids),
            *handled_by(handler),
            col(TaskRow.state).not_in(HIDDEN_STATES),
        )
        return {row[0]: MatterId(row[1]) for row in await self._session.execute(query)}

    async def next_serial(self) -> int:
        """The next serial for a case number."""
        return int((await self._session.execute(_NEXT_SERIAL)).scalar_one())

    async def save(
        self,
        before: Case,
        after: Case,
        happened: Sequence[Happened],
        now: datetime,
        channel: Channel | None = None,
    ) -> None:
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
                values = _told(task_values(after, place, task), now)
                await self._write(TaskRow, values, col(TaskRow.task_id) == task.id)
        await self.remember(after, happened, now, channel)

    async def remember(
        self, case: Case, happened: Sequence[Happened], now: datetime, channel: Channel | None = None
    ) -> None:
        kinds = {task.id: task.kind for task in case.tasks}
        rows = [
            {
                "matter_id": case.matter.id,
                "at": now,
                "verb": each.verb.value,
                "step": each.step,
                "task_kind": kinds.get(each.task_id) if each.task_id else None,
                "channel": channel.value if channel else None,
                "details": dict(each.result),
            }
            for each in happened
        ]
        if rows:
            await self._session.execute(insert(HistoryRow), rows)

    async def history(
        self, matter_id: UUID, *, task_kind: str | None = None, before: int | None = None, limit: int = 200
    ) -> list[HistoryEntry]:
        """The newest entries of a matter, or of one task of it, newest first; `before` is the last one seen."""
        query = select(HistoryRow).where(col(HistoryRow.matter_id) == matter_id)
        if task_kind is not None:
            query = query.where(col(HistoryRow.task_kind) == task_kind)
        if before is not None:
            query = query.where(col(HistoryRow.position) < before)
        rows = await self._session.execute(query.order_by(col(HistoryRow.position).desc()).limit(limit))
        return [_entry(row) for row in rows.scalars()]

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

    async def themes_of(self, uscc: str) -> frozenset[str]:
        """Keys of the themes that are or were open for an enterprise; withdrawn ones do not count."""
        query = (
            select(col(MatterRow.theme))
            .where(col(MatterRow.uscc) == uscc, col(MatterRow.state) != MatterState.WITHDRAWN.value)
            .distinct()
            .limit(200)
        )
        return frozenset((await self._session.execute(query)).scalars())

    async def open_matters(self, uscc: str) -> list[MatterId]:
        """Matters of an enterprise that have not ended, in the order in which they are to be locked."""
        query = (
            select(col(MatterRow.matter_id))
            .where(col(MatterRow.uscc) == uscc, col(MatterRow.ended_at).is_(None))
            .order_by(col(MatterRow.matter_id))
            .limit(50)
        )
        return [MatterId(each) for each in (await self._session.execute(query)).scalars()]

    async def open_case_numbers(self, uscc: str) -> tuple[str, ...]:
        """The numbers of matters of an enterprise that have not ended, oldest first."""
        query = (
            select(col(MatterRow.case_no))
            .where(col(MatterRow.uscc) == uscc, col(MatterRow.ended_at).is_(None))
            .order_by(col(MatterRow.matter_id))
            .limit(50)
        )
        return tuple((await self._session.execute(query)).scalars())

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


def _entry(row: HistoryRow) -> HistoryEntry:
    position = row.position or 0
    return HistoryEntry(position, row.at, row.verb, row.step, row.task_kind, row.channel, row.details)


def _told(values: dict[str, Any], changed_at: datetime) -> dict[str, Any]:
    return {**values, "changed_at": changed_at}


def handled_by(handler: Handler) -> "list[ColumnElement[bool]]":
    """Whose tasks a query may show."""
    bounds: list[ColumnElement[bool]] = [col(TaskRow.agency_uscc) == handler.agency_uscc]
    if handler.region is not None:
        inside = select(col(MatterRow.matter_id)).where(
            col(MatterRow.matter_id) == col(TaskRow.matter_id),
            in_region(col(MatterRow.division_code), handler.region),
        )
        bounds.append(inside.exists())
    return bounds

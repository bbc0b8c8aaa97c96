"""What is due in matters: steps to be sent to their services, clocks that have something to tell."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, union_all, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.matters.domain.life_cycles import StepState
from gateway.matters.domain.model import Case, MatterId
from gateway.matters.store.rows import matter_values, step_values, task_values
from gateway.matters.store.tables import MatterRow, StepRow, TaskRow


class DueStore:
    """Finds what is due, and moves when it is."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

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

    async def postpone(self, matter_id: UUID, key: str, until: datetime, fault: str) -> None:
        """Leave a step alone until then, whatever else is wrong with its matter."""
        values = {"not_before": until, "last_fault": fault}
        await self._write(StepRow, values, col(StepRow.matter_id) == matter_id, col(StepRow.key) == key)

    async def to_be_alarmed(self, now: datetime, limit: int) -> list[MatterId]:
        """Matters of which a clock, the whole's or a part's, has something to tell; the latest first."""
        tables: tuple[Any, ...] = (MatterRow, StepRow, TaskRow)
        each = (
            select(col(table.matter_id), col(table.alarm_at))
            .where(col(table.alarm_at) < now)
            .order_by(col(table.alarm_at))
            .limit(limit)
            .subquery()
            .select()
            for table in tables
        )
        due = union_all(*each).subquery()
        query = select(due.c.matter_id).group_by(due.c.matter_id).order_by(func.min(due.c.alarm_at))
        return [MatterId(row[0]) for row in await self._session.execute(query.limit(limit))]

    async def reckon_anew(self, case: Case) -> None:
        """Write when each clock of the matter is due and has something to tell, whatever was written before."""
        matter_id = case.matter.id
        whole = matter_values(case.matter)
        await self._write(MatterRow, _times(whole), col(MatterRow.matter_id) == matter_id)
        for place, step in enumerate(case.steps):
            where = (col(StepRow.matter_id) == matter_id, col(StepRow.key) == step.key)
            await self._write(StepRow, _times(step_values(case, place, step)), *where)
        for place, task in enumerate(case.tasks):
            values = _times(task_values(case, place, task))
            await self._write(TaskRow, values, col(TaskRow.task_id) == task.id)

    async def _write(self, table: Any, values: dict[str, Any], *where: Any) -> None:
        await self._session.execute(
            update(table).where(*where).values(values).execution_options(synchronize_session=False)
        )


def _times(values: dict[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in ("due_at", "alarm_at")}

"""What is late, and what crossed regions, as supervisors look at it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, literal, or_, select, tuple_, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.matters.domain.alarms import OVERDUE
from gateway.matters.domain.life_cycles import MatterState, StepState, TaskState
from gateway.matters.store.tables import MatterRow, StepRow, TaskRow
from shared.database.regions import in_region


@dataclass(frozen=True)
class Oversight:
    """Whose eyes: of one agency what is its own or led by it, of the supervisor everything; in a region."""

    agency_uscc: str | None
    region: str | None


@dataclass(frozen=True)
class LatePart:
    """A part, or the whole matter where `part` is None, that is overdue."""

    matter_id: UUID
    part: str | None
    agency_uscc: str
    due_at: datetime


@dataclass(frozen=True)
class CrossRegionCount:
    """How many matters were accepted in one place and handled in another."""

    accepted_region: str
    handled_region: str
    mode: str | None
    count: int


class LateStore:
    """Reads over all matters."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def overdue(
        self, oversight: Oversight, after: tuple[datetime, UUID, str] | None, limit: int
    ) -> list[LatePart]:
        """What has been due the longest comes first; each list is cut before they are put together."""
        each = (_wholes(oversight), _steps(oversight), _tasks(oversight))
        cut = [select(_cut(query, after, limit).subquery()) for query in each]
        late = union_all(*cut).subquery()
        query = select(late).order_by(late.c.due_at, late.c.matter_id, late.c.part).limit(limit)
        rows = (await self._session.execute(query)).all()
        return [LatePart(row.matter_id, row.part or None, row.agency_uscc, row.due_at) for row in rows]

    async def count_cross_region(
        self, region: str | None, since: datetime | None, before: datetime | None
    ) -> tuple[int, list[CrossRegionCount]]:
        """How many matters there are, and how many crossed from where to where."""
        bounds = []
        if region is not None:
            home, office = col(MatterRow.division_code), col(MatterRow.accepted_region)
            bounds.append(or_(in_region(home, region), in_region(office, region)))
        if since is not None:
            bounds.append(col(MatterRow.opened_at) >= since)
        if before is not None:
            bounds.append(col(MatterRow.opened_at) < before)
        total = select(func.count()).select_from(MatterRow).where(*bounds)
        pair = (col(MatterRow.accepted_region), col(MatterRow.division_code), col(MatterRow.cross_region))
        query = (
            select(*pair, func.count())
            .where(col(MatterRow.is_handed_over).is_(True), *bounds)
            .group_by(*pair)
            .order_by(*pair)
            .limit(500)
        )
        counted = (await self._session.execute(query)).all()
        found = [CrossRegionCount(str(row[0]), str(row[1]), row[2], int(row[3])) for row in counted]
        return int((await self._session.execute(total)).scalar_one()), found


def _wholes(oversight: Oversight) -> "Select[*tuple[Any, ...]]":
    query: Select[*tuple[Any, ...]] = select(
        col(MatterRow.due_at).label("due_at"),
        col(MatterRow.matter_id).label("matter_id"),
        literal("").label("part"),
        col(MatterRow.lead_agency_uscc).label("agency_uscc"),
    ).where(col(MatterRow.told) >= OVERDUE, col(MatterRow.state) == MatterState.IN_PROGRESS.value)
    if oversight.agency_uscc is not None:
        query = query.where(col(MatterRow.lead_agency_uscc) == oversight.agency_uscc)
    if oversight.region is not None:
        query = query.where(in_region(col(MatterRow.division_code), oversight.region))
    return query


def _steps(oversight: Oversight) -> "Select[*tuple[Any, ...]]":
    running = (StepState.READY.value, StepState.SUBMITTED.value)
    return _parts(StepRow, col(StepRow.key), running, oversight)


def _tasks(oversight: Oversight) -> "Select[*tuple[Any, ...]]":
    running = (TaskState.ASSIGNED.value, TaskState.TAKEN.value)
    return _parts(TaskRow, col(TaskRow.kind), running, oversight)


def _parts(
    table: Any, key: Any, running: tuple[str, ...], oversight: Oversight
) -> "Select[*tuple[Any, ...]]":
    query: Select[*tuple[Any, ...]] = select(
        col(table.due_at).label("due_at"),
        col(table.matter_id).label("matter_id"),
        key.label("part"),
        col(table.agency_uscc).label("agency_uscc"),
    ).where(col(table.told) >= OVERDUE, col(table.state).in_(running))
    if oversight.agency_uscc is None and oversight.region is None:
        return query
    query = query.join(MatterRow, and_(col(MatterRow.matter_id) == col(table.matter_id)))
    if oversight.agency_uscc is not None:
        own = col(table.agency_uscc) == oversight.agency_uscc
        query = query.where(or_(own, col(MatterRow.lead_agency_uscc) == oversight.agency_uscc))
    if oversight.region is not None:
        query = query.where(in_region(col(MatterRow.division_code), oversight.region))
    return query


def _cut(
    query: "Select[*tuple[Any, ...]]", after: tuple[datetime, UUID, str] | None, limit: int
) -> "Select[*tuple[Any, ...]]":
    listed = query.subquery()
    order = (listed.c.due_at, listed.c.matter_id, listed.c.part)
    found = select(listed)
    if after is not None:
        found = found.where(tuple_(*order) > tuple_(*(literal(each) for each in after)))
    return found.order_by(*order).limit(limit)

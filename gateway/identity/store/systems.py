"""Systems of departments to rows and back, and how many of them are connected."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.identity.domain.systems import Connection, LinkKind, System, SystemLevel
from gateway.identity.store.client_tables import SystemRow


@dataclass(frozen=True)
class SystemFilters:
    """Which systems are asked for; what is None does not narrow."""

    agency_uscc: str | None = None
    level: SystemLevel | None = None
    connection: Connection | None = None


@dataclass(frozen=True)
class SystemCount:
    """How many systems an agency has at a level, how many are connected, how many late."""

    agency_uscc: str
    level: SystemLevel
    total: int
    connected: int
    overdue: int


class SystemStore:
    """Rows to systems and back."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, system: System) -> bool:
        """Keep a new system; False where the id is taken."""
        statement = (
            insert(SystemRow)
            .values(system_id=system.system_id, **_values(system))
            .on_conflict_do_nothing()
            .returning(col(SystemRow.system_id))
        )
        return (await self._session.execute(statement)).first() is not None

    async def find(self, system_id: str) -> System | None:
        """Return a system."""
        row = await self._session.get(SystemRow, system_id)
        return None if row is None else _system(row)

    async def lock(self, system_id: str) -> System | None:
        """Return a system that nobody else changes until the transaction ends."""
        row = await self._session.get(SystemRow, system_id, with_for_update=True, populate_existing=True)
        return None if row is None else _system(row)

    async def lock_unheard(self, client_id: str, since: datetime) -> list[System]:
        """Return a client's systems that were not heard from since an instant; those under change are left out."""
        rows = await self._session.scalars(
            select(SystemRow)
            .where(
                col(SystemRow.client_id) == client_id,
                or_(col(SystemRow.last_heartbeat_at).is_(None), col(SystemRow.last_heartbeat_at) < since),
            )
            .with_for_update(skip_locked=True)
        )
        return [_system(row) for row in rows]

    async def save(self, system: System) -> None:
        """Keep what became of a system that was locked."""
        await self._session.execute(
            update(SystemRow)
            .where(col(SystemRow.system_id) == system.system_id)
            .values(_values(system))
            .execution_options(synchronize_session=False)
        )

    async def remove(self, system_id: str) -> None:
        """Forget a system that is no longer run."""
        await self._session.execute(delete(SystemRow).where(col(SystemRow.system_id) == system_id))

    async def page(
        self, filters: SystemFilters, *, heard_since: datetime, after: str | None, limit: int
    ) -> list[System]:
        """Return a page of systems in the order of their ids."""
        chosen: Select[Any] = select(SystemRow).order_by(col(SystemRow.system_id)).limit(limit)
        if after is not None:
            chosen = chosen.where(col(SystemRow.system_id) > after)
        if filters.agency_uscc is not None:
            chosen = chosen.where(col(SystemRow.agency_uscc) == filters.agency_uscc)
        if filters.level is not None:
            chosen = chosen.where(col(SystemRow.level) == filters.level.value)
        if filters.connection is not None:
            is_wanted = filters.connection is Connection.CONNECTED
            chosen = chosen.where(_is_connected(heard_since).is_(is_wanted))
        return [_system(row) for row in await self._session.scalars(chosen)]

    async def counts(
        self, *, heard_since: datetime, today: date, agency_uscc: str | None
    ) -> list[SystemCount]:
        """Count systems by agency and level."""
        connected = _is_connected(heard_since)
        overdue = ~connected & (func.coalesce(col(SystemRow.planned_on), today) < today)
        by = (col(SystemRow.agency_uscc), col(SystemRow.level))
        counted = select(*by, func.count(), func.count().filter(connected), func.count().filter(overdue))
        if agency_uscc is not None:
            counted = counted.where(col(SystemRow.agency_uscc) == agency_uscc)
        rows = await self._session.execute(counted.group_by(*by).order_by(*by))
        return [SystemCount(uscc, SystemLevel(level), *numbers) for uscc, level, *numbers in rows]


def _is_connected(heard_since: datetime) -> ColumnElement[bool]:
    return func.coalesce(col(SystemRow.last_heartbeat_at) >= heard_since, False)


def _values(system: System) -> dict[str, Any]:
    return {
        "name": system.name,
        "agency_uscc": system.agency_uscc,
        "level": system.level.value,
        "link": system.link.value,
        "client_id": system.client_id,
        "planned_on": system.planned_on,
        "connected_since": system.connected_since,
        "last_heartbeat_at": system.last_heartbeat_at,
        "version": system.version,
    }


def _system(row: SystemRow) -> System:
    return System(
        system_id=row.system_id,
        name=row.name,
        agency_uscc=row.agency_uscc,
        level=SystemLevel(row.level),
        link=LinkKind(row.link),
        client_id=row.client_id,
        planned_on=row.planned_on,
        connected_since=row.connected_since,
        last_heartbeat_at=row.last_heartbeat_at,
        version=row.version,
    )

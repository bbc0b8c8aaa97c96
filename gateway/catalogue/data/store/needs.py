"""Needs, and with them the responsibility list, to rows and back."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, desc, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.catalogue.data.domain.need import Need, NeedStatus
from gateway.catalogue.data.store.documents import Documents
from gateway.catalogue.data.store.sharing_tables import NeedRow

_NEEDS: Final = Documents(Need)


@dataclass(frozen=True)
class NeedFilters:
    """Which needs are asked for; what is None does not narrow. `overdue_on` is the day as of which they are."""

    requester_uscc: str | None = None
    provider_uscc: str | None = None
    statuses: tuple[NeedStatus, ...] = ()
    overdue_on: date | None = None


class NeedStore:
    """Rows to needs and back."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def next_list_version(self) -> int:
        """The version that the responsibility list has after the next change."""
        found = await self._session.execute(text("SELECT nextval('catalogue_responsibility_list')"))
        return int(found.scalar_one())

    async def add(self, need: Need) -> None:
        """Keep a new need."""
        await self._session.execute(insert(NeedRow).values({"need_id": need.need_id, **_values(need)}))

    async def save(self, need: Need) -> None:
        """Keep what became of a need that was locked."""
        await self._session.execute(
            update(NeedRow)
            .where(col(NeedRow.need_id) == need.need_id)
            .values(_values(need))
            .execution_options(synchronize_session=False)
        )

    async def find(self, need_id: UUID) -> Need | None:
        """Return a need."""
        return await self._one(select(NeedRow).where(col(NeedRow.need_id) == need_id))

    async def lock(self, need_id: UUID) -> Need | None:
        """Return a need that nobody else changes until the transaction ends."""
        chosen = select(NeedRow).where(col(NeedRow.need_id) == need_id).with_for_update()
        return await self._one(chosen.execution_options(populate_existing=True))

    async def lock_assigned(self, resource: str) -> list[Need]:
        """Return the needs that wait for a resource, locked."""
        chosen = select(NeedRow).where(
            col(NeedRow.resource) == resource, col(NeedRow.status) == NeedStatus.ASSIGNED.value
        )
        rows = await self._session.scalars(chosen.order_by(col(NeedRow.need_id)).with_for_update())
        return [_NEEDS.read(row.content) for row in rows]

    async def page(self, filters: NeedFilters, *, before: UUID | None, limit: int) -> list[Need]:
        """Return a page of needs, the newest first."""
        chosen = select(NeedRow).order_by(desc(col(NeedRow.need_id))).limit(limit)
        if filters.requester_uscc is not None:
            chosen = chosen.where(col(NeedRow.requester_uscc) == filters.requester_uscc)
        if filters.provider_uscc is not None:
            chosen = chosen.where(col(NeedRow.provider_uscc) == filters.provider_uscc)
        if filters.statuses:
            chosen = chosen.where(col(NeedRow.status).in_([status.value for status in filters.statuses]))
        if filters.overdue_on is not None:
            chosen = chosen.where(*_overdue(filters.overdue_on))
        if before is not None:
            chosen = chosen.where(col(NeedRow.need_id) < before)
        return [_NEEDS.read(row.content) for row in await self._session.scalars(chosen)]

    async def to_find_overdue(self, today: date, limit: int) -> list[UUID]:
        """Return needs whose day has passed and of whom nobody was told so."""
        chosen = select(col(NeedRow.need_id)).where(*_overdue(today), col(NeedRow.overdue_told_at).is_(None))
        return list(await self._session.scalars(chosen.order_by(col(NeedRow.due_on)).limit(limit)))

    async def _one(self, statement: Select[Any]) -> Need | None:
        row = (await self._session.scalars(statement)).one_or_none()
        return None if row is None else _NEEDS.read(row.content)


def _overdue(today: date) -> tuple[Any, ...]:
    return col(NeedRow.status) == NeedStatus.ASSIGNED.value, col(NeedRow.due_on) < today


def _values(need: Need) -> dict[str, Any]:
    duty = need.responsibility
    return {
        "requester_uscc": need.requester_uscc,
        "provider_uscc": duty.provider_uscc if duty else None,
        "resource": duty.resource if duty else None,
        "status": need.status.value,
        "due_on": duty.due_on if duty else None,
        "overdue_told_at": need.overdue_told_at,
        "content": _NEEDS.write(need),
        "version": need.version,
    }

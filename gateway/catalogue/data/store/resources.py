"""Resources, versions of entries and data (数据项) to rows and back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import DateTime, Select, delete, desc, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.catalogue.data.domain.entry import EntryField
from gateway.catalogue.data.domain.resource import EntryStatus, EntryVersion, Resource
from gateway.catalogue.data.store.documents import Documents
from gateway.catalogue.data.store.sharing_tables import DatumRow, EntryRow, ResourceRow
from shared.calendar import WorkingCalendar, local_date
from shared.region import SharingClass

_RESOURCES: Final = Documents(Resource)
_ENTRIES: Final = Documents(EntryVersion)


@dataclass(frozen=True)
class EntryFilters:
    """Which entries are asked for; what is None does not narrow.

    `words` are looked for in title and key; `stale_at`: whose data are older than their cycle at that instant.
    """

    owner_uscc: str | None = None
    sharing_class: SharingClass | None = None
    is_open: bool | None = None
    words: str | None = None
    stale_at: datetime | None = None


@dataclass(frozen=True)
class Datum:
    """A datum, its title and who collects it in which resource."""

    datum: str
    owner_uscc: str
    title_zh: str
    resource: str


class ResourceStore:
    """Rows to resources and entries, and back."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, resource: Resource, calendar: WorkingCalendar) -> bool:
        """Keep a new resource; False where the key is taken."""
        values = {"key": resource.key, **_resource_values(resource, calendar)}
        added = insert(ResourceRow).values(values).on_conflict_do_nothing().returning(col(ResourceRow.key))
        return (await self._session.execute(added)).first() is not None

    async def find(self, key: str) -> Resource | None:
        """Return a resource."""
        return await self._resource(select(ResourceRow).where(col(ResourceRow.key) == key))

    async def lock(self, key: str) -> Resource | None:
        """Return a resource that nobody else changes until the transaction ends; its entries neither."""
        chosen = select(ResourceRow).where(col(ResourceRow.key) == key).with_for_update()
        return await self._resource(chosen.execution_options(populate_existing=True))

    async def save(self, resource: Resource, calendar: WorkingCalendar) -> None:
        """Keep what became of a resource that was locked."""
        await self._session.execute(
            update(ResourceRow)
            .where(col(ResourceRow.key) == resource.key)
            .values(_resource_values(resource, calendar))
            .execution_options(synchronize_session=False)
        )

    async def many(self, keys: Iterable[str]) -> dict[str, Resource]:
        """Return those resources that there are, by key."""
        rows = await self._session.scalars(select(ResourceRow).where(col(ResourceRow.key).in_(list(keys))))
        return {row.key: _RESOURCES.read(row.content) for row in rows}

    async def keys(self) -> frozenset[str]:
        """Return every key."""
        return frozenset(await self._session.scalars(select(col(ResourceRow.key))))

    async def stale(self, now: datetime, limit: int) -> list[str]:
        """Return keys of resources whose owner is to be told that they have grown old."""
        published = select(col(EntryRow.key)).where(
            col(EntryRow.status) == EntryStatus.PUBLISHED.value,
            col(EntryRow.effective_on) <= local_date(now),
        )
        chosen = select(col(ResourceRow.key)).where(
            col(ResourceRow.tell_stale_at) <= now, col(ResourceRow.key).in_(published)
        )
        return list(await self._session.scalars(chosen.order_by(col(ResourceRow.key)).limit(limit)))

    async def late_changes(self, now: datetime, limit: int) -> list[str]:
        """Return keys of resources whose entry ought to have followed a change."""
        chosen = select(col(ResourceRow.key)).where(col(ResourceRow.change_due_at) < now)
        return list(await self._session.scalars(chosen.order_by(col(ResourceRow.key)).limit(limit)))

    async def keep(self, version: EntryVersion, calendar: WorkingCalendar) -> None:
        """Keep a version of an entry as it is now; the resource was locked."""
        values = _entry_values(version, calendar)
        keys = {"key": version.key, "number": version.number}
        statement = insert(EntryRow).values({**keys, **values})
        await self._session.execute(
            statement.on_conflict_do_update(index_elements=["key", "number"], set_=values)
        )

    async def in_work(self, key: str) -> EntryVersion | None:
        """Return the version that is being worked on."""
        chosen = select(EntryRow).where(
            col(EntryRow.key) == key, col(EntryRow.status) != EntryStatus.PUBLISHED.value
        )
        return await self._entry(chosen)

    async def newest(self, key: str) -> EntryVersion | None:
        """Return the newest version, whatever its status."""
        chosen = select(EntryRow).where(col(EntryRow.key) == key)
        return await self._entry(chosen.order_by(desc(col(EntryRow.number))).limit(1))

    async def in_force(self, key: str, on: date) -> EntryVersion | None:
        """Return the version in force on a day."""
        return await self._entry(_in_force(on).where(col(EntryRow.key) == key))

    async def published(self, key: str) -> list[EntryVersion]:
        """Return every published version, the newest first."""
        chosen = select(EntryRow).where(
            col(EntryRow.key) == key, col(EntryRow.status) == EntryStatus.PUBLISHED.value
        )
        rows = await self._session.scalars(chosen.order_by(desc(col(EntryRow.number))))
        return [_ENTRIES.read(row.content) for row in rows]

    async def page(self, filters: EntryFilters, on: date, *, after: str, limit: int) -> list[EntryVersion]:
        """Return a page of entries in force on a day, by key."""
        latest = _in_force(on).with_only_columns(col(EntryRow.key), col(EntryRow.number)).subquery()
        chosen = (
            select(EntryRow)
            .join(latest, (col(EntryRow.key) == latest.c.key) & (col(EntryRow.number) == latest.c.number))
            .where(col(EntryRow.key) > after)
            .order_by(col(EntryRow.key))
            .limit(limit)
        )
        if filters.owner_uscc is not None:
            chosen = chosen.where(col(EntryRow.owner_uscc) == filters.owner_uscc)
        if filters.sharing_class is not None:
            chosen = chosen.where(col(EntryRow.sharing_class) == filters.sharing_class.value)
        if filters.is_open is not None:
            chosen = chosen.where(col(EntryRow.is_open).is_(filters.is_open))
        if filters.words is not None:
            title, key = col(EntryRow.title_zh), col(EntryRow.key)
            words = filters.words
            chosen = chosen.where(
                or_(title.contains(words, autoescape=True), key.contains(words, autoescape=True))
            )
        if filters.stale_at is not None:
            until = col(ResourceRow.content)["fresh_until"].astext.cast(DateTime(timezone=True))
            chosen = chosen.where(
                col(EntryRow.key).in_(select(col(ResourceRow.key)).where(until <= filters.stale_at))
            )
        return [_ENTRIES.read(row.content) for row in await self._session.scalars(chosen)]

    async def work_page(
        self, owner_uscc: str | None, status: EntryStatus | None, *, after: str, limit: int
    ) -> list[EntryVersion]:
        """Return a page of versions that are being worked on, by key; None: of every owner."""
        chosen = select(EntryRow).where(
            col(EntryRow.status) != EntryStatus.PUBLISHED.value, col(EntryRow.key) > after
        )
        if owner_uscc is not None:
            chosen = chosen.where(col(EntryRow.owner_uscc) == owner_uscc)
        if status is not None:
            chosen = chosen.where(col(EntryRow.status) == status.value)
        rows = await self._session.scalars(chosen.order_by(col(EntryRow.key)).limit(limit))
        return [_ENTRIES.read(row.content) for row in rows]

    async def collectors(self, data: Iterable[str]) -> dict[str, Datum]:
        """Return those data that somebody collects, by name."""
        rows = await self._session.scalars(select(DatumRow).where(col(DatumRow.datum).in_(list(data))))
        return {row.datum: _datum(row) for row in rows}

    async def collected_as(self, titles: Iterable[str]) -> dict[str, Datum]:
        """Return those data that somebody collects under one of the titles, by title."""
        rows = await self._session.scalars(select(DatumRow).where(col(DatumRow.title_zh).in_(list(titles))))
        return {row.title_zh: _datum(row) for row in rows}

    async def collect(self, key: str, owner_uscc: str, fields: Sequence[EntryField]) -> None:
        """Write down who collects the data of a published entry; what another one collects stays with it."""
        names = [field.datum for field in fields]
        await self._session.execute(
            delete(DatumRow).where(col(DatumRow.resource) == key, col(DatumRow.datum).not_in(names))
        )
        rows = [
            {"datum": field.datum, "owner_uscc": owner_uscc, "title_zh": field.title_zh, "resource": key}
            for field in fields
        ]
        await self._session.execute(insert(DatumRow).values(rows).on_conflict_do_nothing())

    async def _resource(self, statement: Select[Any]) -> Resource | None:
        row = (await self._session.scalars(statement)).one_or_none()
        return None if row is None else _RESOURCES.read(row.content)

    async def _entry(self, statement: Select[Any]) -> EntryVersion | None:
        row = (await self._session.scalars(statement)).one_or_none()
        return None if row is None else _ENTRIES.read(row.content)


def _in_force(on: date) -> Select[Any]:
    """Of each entry the newest version that holds by then: one that was published later ends all before it."""
    return (
        select(EntryRow)
        .distinct(col(EntryRow.key))
        .where(col(EntryRow.status) == EntryStatus.PUBLISHED.value, col(EntryRow.effective_on) <= on)
        .order_by(col(EntryRow.key), desc(col(EntryRow.number)))
    )


def _resource_values(resource: Resource, calendar: WorkingCalendar) -> dict[str, Any]:
    due = resource.change.due_at(calendar) if resource.change and not resource.change_told_at else None
    return {
        "owner_uscc": resource.owner_uscc,
        "tell_stale_at": resource.tell_stale_at,
        "change_due_at": due.at if due else None,
        "content": _RESOURCES.write(resource),
        "version": resource.version,
    }


def _entry_values(version: EntryVersion, calendar: WorkingCalendar) -> dict[str, Any]:
    review = version.review.due_at(calendar) if version.review else None
    return {
        "owner_uscc": version.owner_uscc,
        "status": version.status.value,
        "effective_on": version.effective_on,
        "sharing_class": version.entry.sharing_class.value,
        "is_open": version.entry.is_open,
        "title_zh": version.entry.title_zh,
        "review_due_at": review.at if review and version.status is EntryStatus.IN_REVIEW else None,
        "content": _ENTRIES.write(version),
        "version": version.version,
    }


def _datum(row: DatumRow) -> Datum:
    return Datum(row.datum, row.owner_uscc, row.title_zh, row.resource)

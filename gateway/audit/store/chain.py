"""The audit chain in the database: appended under one lock, read by page or from the beginning."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, desc, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlmodel import col

from gateway.audit.domain.entry import Act, Head, Link, Result
from gateway.audit.store.tables import EntryRow
from shared.database.turns import take_turn

_CHAIN_LOCK: Final = 0x61756469  # 'audi': one writer at a time, until its transaction ends
_HEAD: Final = "audit_head"
_TABLE: Final = EntryRow.__table__  # type: ignore[attr-defined]
_INSERT: Final = insert(_TABLE)
_ACT: Final = tuple(Act.__dataclass_fields__)
_LINKS_AT_ONCE: Final = 1000


@dataclass(frozen=True)
class Filters:
    """Which entries are asked for; what is None does not narrow."""

    agency_uscc: str | None = None
    resource: str | None = None
    owner_subject: str | None = None
    read_from: datetime | None = None
    read_before: datetime | None = None
    of_enterprise: str | None = None
    """Whose record was read, beside what `owner_subject` names."""
    action: str | None = None
    record_key: str | None = None


class ChainStore:
    """Links to rows and back."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def lock(self) -> Head:
        """Become the one writer until the transaction ends, and return what the next link follows."""
        known: Head | None = self._session.info.get(_HEAD)
        if await take_turn(self._session, _CHAIN_LOCK) and known is not None:
            return known  # nobody else wrote since
        head = await self.head()  # a statement of its own: it sees what the writer before has committed
        self._remember(head)
        return head

    async def head(self) -> Head:
        """Return the newest link's number and hash."""
        newest = select(col(EntryRow.number), col(EntryRow.hash)).order_by(desc(col(EntryRow.number)))
        row = (await self._session.execute(newest.limit(1))).one_or_none()
        return Head() if row is None else Head(row.number, row.hash)

    async def append(self, link: Link) -> None:
        """Write a link; the schema refuses a second one with the same predecessor."""
        stated = asdict(link.act)
        stated["result"] = link.act.result.value
        stated["fields"] = list(link.act.fields)
        values = {"number": link.number, "prev_hash": link.prev_hash, "hash": link.hash, **stated}
        await self._session.execute(_INSERT, values)
        self._remember(Head(link.number, link.hash))

    def _remember(self, head: Head) -> None:
        """For the rest of the transaction; inside a savepoint it may yet be undone, and is read again."""
        self._session.info[_HEAD] = None if self._session.in_nested_transaction() else head

    async def find(self, number: int) -> Link | None:
        """Return an entry by its number."""
        row = (await self._session.execute(select(_TABLE).where(_TABLE.c.number == number))).one_or_none()
        return None if row is None else _link(row)

    async def following(self, after: int, last: int, limit: int) -> list[Link]:
        """Return what follows an entry, up to another, in order."""
        chosen = select(_TABLE).where(_TABLE.c.number > after, _TABLE.c.number <= last)
        rows = await self._session.execute(chosen.order_by(_TABLE.c.number).limit(limit))
        return [_link(row) for row in rows]

    async def newest(self, filters: Filters, *, before: int | None, limit: int) -> list[Link]:
        """Return a page of entries, the newest first."""
        chosen = select(_TABLE).where(*_conditions(filters)).order_by(desc(_TABLE.c.number)).limit(limit)
        if before is not None:
            chosen = chosen.where(_TABLE.c.number < before)
        return [_link(row) for row in await self._session.execute(chosen)]


async def all_links(connection: AsyncConnection) -> AsyncIterator[Sequence[Link]]:
    """Yield the whole chain in order, in constant memory."""
    rows = await connection.stream(select(_TABLE).order_by(_TABLE.c.number))
    async for partition in rows.partitions(_LINKS_AT_ONCE):
        yield [_link(row) for row in partition]


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    columns = _TABLE.c
    conditions: list[ColumnElement[bool]] = []
    for column, wanted in (
        (columns.agency_uscc, filters.agency_uscc),
        (columns.resource, filters.resource),
        (columns.action, filters.action),
        (columns.record_key, filters.record_key),
    ):
        if wanted is not None:
            conditions.append(column == wanted)
    if filters.owner_subject is not None:
        conditions.append(_own(filters.owner_subject, filters.of_enterprise))
    if filters.read_from is not None:
        conditions.append(columns.read_at >= filters.read_from)
    if filters.read_before is not None:
        conditions.append(columns.read_at < filters.read_before)
    return conditions


def _own(subject: str, enterprise: str | None) -> ColumnElement[bool]:
    """Entries about a subject's data; an enterprise's are those of every record that stands under its code."""
    columns = _TABLE.c
    of_subject: ColumnElement[bool] = columns.owner_subject == subject
    return of_subject if enterprise is None else of_subject | (columns.record_key == enterprise)


def _link(row: Row[Any]) -> Link:
    stated = {name: getattr(row, name) for name in _ACT}
    stated |= {"fields": tuple(row.fields), "result": Result(row.result)}
    return Link(row.number, row.prev_hash, row.hash, Act(**stated))

"""Facts and outbound records in the database."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.uplink.domain.records import Fact, OutboundRecord, RecordKind, RecordNotFound, RecordState
from gateway.uplink.store.tables import FactRow, RecordRow
from shared.identifiers.uuid7 import new_uuid7


@dataclass(frozen=True)
class RecordFilters:
    """Which records are asked for; what is None does not narrow."""

    upstream: str | None = None
    state: RecordState | None = None


class RecordStore:
    """Rows to records and back."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def keep(self, fact: Fact, occurred_at: datetime) -> None:
        """Keep a fact until it is decided to whom it goes."""
        await self._session.execute(
            insert(FactRow).values(
                fact_id=new_uuid7(),
                kind=fact.kind.value,
                item=fact.item,
                subject=fact.subject,
                content=dict(fact.content),
                occurred_at=occurred_at,
            )
        )

    async def take_facts(self, limit: int) -> list[tuple[Fact, datetime]]:
        """Take facts in their order; they are gone with this transaction."""
        chosen = select(FactRow).order_by(col(FactRow.fact_id)).limit(limit).with_for_update()
        rows = list(await self._session.scalars(chosen))
        await self._session.execute(
            delete(FactRow).where(col(FactRow.fact_id).in_([row.fact_id for row in rows]))
        )
        return [
            (Fact(RecordKind(row.kind), row.item, row.subject, row.content), row.occurred_at) for row in rows
        ]

    async def add(self, record: OutboundRecord) -> None:
        """Keep a new record."""
        fact = record.fact
        await self._session.execute(
            insert(RecordRow).values(
                record_id=record.record_id,
                upstream=record.upstream,
                kind=fact.kind.value,
                item=fact.item,
                subject=fact.subject,
                content=dict(fact.content),
                occurred_at=record.occurred_at,
                state=record.state.value,
                attempts=record.attempts,
                next_attempt_at=record.next_attempt_at,
                version=record.version,
            )
        )

    async def next_of(self, upstream: str) -> OutboundRecord | None:
        """Return the oldest record that an upstream has not taken yet."""
        chosen = (
            select(RecordRow)
            .where(col(RecordRow.upstream) == upstream, col(RecordRow.state) == RecordState.PENDING.value)
            .order_by(col(RecordRow.record_id))
            .limit(1)
        )
        row = await self._session.scalar(chosen)
        return None if row is None else _record(row)

    async def read(self, record_id: UUID, *, lock: bool = False) -> OutboundRecord:
        """Return a record, for change if asked. Raises: RecordNotFound."""
        row = await self._session.get(RecordRow, record_id, with_for_update=lock)
        if row is None:
            raise RecordNotFound(str(record_id))
        return _record(row)

    async def page(self, filters: RecordFilters, after: UUID | None, limit: int) -> list[OutboundRecord]:
        """Return a page of records, the oldest first."""
        chosen = select(RecordRow).order_by(col(RecordRow.record_id)).limit(limit)
        if filters.upstream is not None:
            chosen = chosen.where(col(RecordRow.upstream) == filters.upstream)
        if filters.state is not None:
            chosen = chosen.where(col(RecordRow.state) == filters.state.value)
        if after is not None:
            chosen = chosen.where(col(RecordRow.record_id) > after)
        return [_record(row) for row in await self._session.scalars(chosen)]

    async def save(self, record: OutboundRecord) -> None:
        """Keep what became of a record that was locked."""
        await self._session.execute(
            update(RecordRow)
            .where(col(RecordRow.record_id) == record.record_id)
            .values(
                state=record.state.value,
                attempts=record.attempts,
                next_attempt_at=record.next_attempt_at,
                last_fault=record.last_fault,
                sent_at=record.sent_at,
                version=record.version,
            )
        )


def _record(row: RecordRow) -> OutboundRecord:
    return OutboundRecord(
        record_id=row.record_id,
        upstream=row.upstream,
        fact=Fact(RecordKind(row.kind), row.item, row.subject, row.content),
        occurred_at=row.occurred_at,
        state=RecordState(row.state),
        attempts=row.attempts,
        next_attempt_at=row.next_attempt_at,
        last_fault=row.last_fault,
        sent_at=row.sent_at,
        version=row.version,
    )

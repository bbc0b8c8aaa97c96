"""Facts, cases and notices to rows and back."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.notices.domain.cases import CaseMemory
from gateway.notices.domain.notice import Language, Notice, NoticeKind
from gateway.notices.store.tables import CaseRow, FactRow, NoticeRow
from shared.identifiers.uuid7 import new_uuid7


@dataclass(frozen=True)
class Fact:
    """What an event says."""

    event_id: str
    event_type: str
    said: Mapping[str, Any]
    actor: str | None
    occurred_at: datetime


class NoticeStore:
    """Rows to notices and back."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def keep(self, fact: Fact) -> None:
        """Keep what an event says until it is written about."""
        await self._session.execute(
            insert(FactRow)
            .values(
                fact_id=new_uuid7(),
                event_id=fact.event_id,
                event_type=fact.event_type,
                said=dict(fact.said),
                actor=fact.actor,
                occurred_at=fact.occurred_at,
            )
            .on_conflict_do_nothing()
        )

    async def take_facts(self, limit: int) -> list[Fact]:
        """Take facts in the order in which they came; they are gone with this transaction."""
        chosen = select(FactRow).order_by(col(FactRow.fact_id)).limit(limit).with_for_update()
        rows = list(await self._session.scalars(chosen))
        await self._session.execute(
            delete(FactRow).where(col(FactRow.fact_id).in_([row.fact_id for row in rows]))
        )
        return [Fact(row.event_id, row.event_type, row.said, row.actor, row.occurred_at) for row in rows]

    async def case(self, case_id: str) -> CaseMemory | None:
        """Return what is remembered of a case."""
        row = await self._session.get(CaseRow, case_id, populate_existing=True)
        if row is None:
            return None
        return CaseMemory(row.case_id, row.case_no, row.applicant, tuple(row.acting), row.theme)

    async def remember(self, case: CaseMemory) -> None:
        """Remember whose a case is."""
        values = {
            "case_no": case.case_no,
            "applicant": case.applicant,
            "acting": list(case.acting),
            "theme": case.theme,
        }
        kept = insert(CaseRow).values(case_id=case.case_id, **values)
        await self._session.execute(kept.on_conflict_do_update(index_elements=["case_id"], set_=values))

    async def add(self, notice: Notice) -> bool:
        """Keep a new notice; False where the person was told this before."""
        values = asdict(notice) | {"kind": notice.kind.value, "language": notice.language.value}
        added = await self._session.scalar(
            insert(NoticeRow)
            .values(values)
            .on_conflict_do_nothing(index_elements=["event_id", "recipient", "template"])
            .returning(col(NoticeRow.notice_id))
        )
        return added is not None

    async def read(self, notice_id: UUID) -> Notice | None:
        """Return a notice."""
        row = await self._session.get(NoticeRow, notice_id, populate_existing=True)
        return None if row is None else _notice(row)

    async def page(
        self, recipients: Collection[str], *, unread: bool, before: UUID | None, limit: int
    ) -> list[Notice]:
        """Return a page of somebody's notices, the newest first."""
        chosen = select(NoticeRow).where(col(NoticeRow.recipient).in_(recipients))
        if unread:
            chosen = chosen.where(col(NoticeRow.read_at).is_(None))
        if before is not None:
            chosen = chosen.where(col(NoticeRow.notice_id) < before)
        chosen = chosen.order_by(col(NoticeRow.notice_id).desc()).limit(limit)
        rows = await self._session.scalars(chosen.execution_options(populate_existing=True))
        return [_notice(row) for row in rows]

    async def mark_read(self, notice_id: UUID, at: datetime) -> None:
        """Keep when a notice was read first."""
        await self._session.execute(
            update(NoticeRow)
            .where(col(NoticeRow.notice_id) == notice_id, col(NoticeRow.read_at).is_(None))
            .values(read_at=at)
            .execution_options(synchronize_session=False)
        )

    async def purge(self, written_before: datetime, limit: int) -> int:
        """Delete notices that were written before then; returns how many."""
        old = (
            select(col(NoticeRow.notice_id))
            .where(col(NoticeRow.written_at) < written_before)
            .order_by(col(NoticeRow.written_at))
            .limit(limit)
        )
        gone = await self._session.scalars(
            delete(NoticeRow)
            .where(col(NoticeRow.notice_id).in_(old))
            .returning(col(NoticeRow.notice_id))
            .execution_options(synchronize_session=False)
        )
        return len(gone.all())


def _notice(row: NoticeRow) -> Notice:
    return Notice(**row.model_dump() | {"kind": NoticeKind(row.kind), "language": Language(row.language)})

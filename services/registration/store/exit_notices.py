"""Notices of simple deregistrations: documents with the columns they are found by."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.registration.domain.exit_errors import NoticeNotFound
from services.registration.domain.exit_notice import ExitNotice, NoticeState

_NOTICE = TypeAdapter(ExitNotice)
_FIND = "SELECT document::text FROM exit_notice WHERE id = :id"
_RUNNING = text("""
    SELECT document::text FROM exit_notice WHERE uscc = :uscc AND state IN ('published', 'elapsed') FOR UPDATE
""")
_LATEST = text("""
    SELECT document::text FROM exit_notice WHERE uscc = :uscc ORDER BY published_at DESC, id DESC LIMIT 50
""")
_SAVE = text("""
    INSERT INTO exit_notice (id, uscc, kind, state, version, filing_id, published_at, ends_on, apply_until,
        is_provisional, document)
    VALUES (:id, :uscc, :kind, :state, :version, :filing_id, :published_at, :ends_on, :apply_until,
        :is_provisional, CAST(:document AS jsonb))
    ON CONFLICT (id) DO UPDATE SET state = excluded.state, version = excluded.version,
        filing_id = excluded.filing_id, ends_on = excluded.ends_on, apply_until = excluded.apply_until,
        is_provisional = excluded.is_provisional, document = excluded.document
""")
_PUBLIC = text("""
    SELECT document::text FROM exit_notice WHERE kind = 'public'
        AND (CAST(:uscc AS text) IS NULL OR uscc = :uscc) AND (CAST(:state AS text) IS NULL OR state = :state)
        AND (CAST(:at AS timestamptz) IS NULL OR (published_at, id) < (:at, CAST(:id AS uuid)))
    ORDER BY published_at DESC, id DESC LIMIT :limit
""")
_DUE = text("""
    SELECT document::text FROM exit_notice
    WHERE (kind = 'public' AND state = 'published' AND ends_on < :today)
        OR (state = 'elapsed' AND apply_until < :today
            AND (filing_id IS NULL OR (document ->> 'was_sent_back')::boolean))
    ORDER BY ends_on LIMIT :limit FOR UPDATE SKIP LOCKED
""")
# What is frozen waits, and keeps nobody else waiting.
_DUE_FILINGS = text("""
    SELECT filing_id FROM exit_notice
    WHERE kind = 'told' AND state = 'published' AND ends_on < :today AND NOT EXISTS (
        SELECT FROM false_registration AS doubted
        WHERE doubted.uscc = exit_notice.uscc AND doubted.status IN ('published', 'unopposed'))
    ORDER BY ends_on LIMIT :limit
""")
_WARN = text("""
    UPDATE exit_notice SET warned_at = :now WHERE id IN (
        SELECT id FROM exit_notice
        WHERE kind = 'public' AND state = 'elapsed' AND warned_at IS NULL AND filing_id IS NULL
            AND apply_until <= :before
        ORDER BY apply_until LIMIT :limit FOR UPDATE SKIP LOCKED
    ) RETURNING document::text
""")
_PROVISIONAL = text("""
    SELECT document::text FROM exit_notice WHERE is_provisional AND state IN ('published', 'elapsed')
    ORDER BY apply_until LIMIT :limit FOR UPDATE SKIP LOCKED
""")
After = tuple[datetime, UUID] | None


class ExitNoticeStore:
    """Reads and writes notices in the caller's transaction; where the enterprise is locked too, it is locked first."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, notice_id: UUID) -> ExitNotice:
        """Raises: NoticeNotFound."""
        return await self._one(text(_FIND), notice_id)

    async def lock(self, notice_id: UUID) -> ExitNotice:
        """Read for change. Raises: NoticeNotFound."""
        return await self._one(text(f"{_FIND} FOR UPDATE"), notice_id)

    async def lock_running(self, uscc: str) -> ExitNotice | None:
        """The enterprise's notice that may still lead to an end, locked."""
        found = await self._many(_RUNNING, {"uscc": uscc})
        return found[0] if found else None

    async def of_enterprise(self, uscc: str) -> list[ExitNotice]:
        """All of its notices, the newest first."""
        return await self._many(_LATEST, {"uscc": uscc})

    async def save(self, notice: ExitNotice) -> None:
        """Write the notice as it now stands."""
        await self._session.execute(
            _SAVE,
            {
                "id": notice.id,
                "uscc": notice.uscc,
                "kind": notice.kind.value,
                "state": notice.state.value,
                "version": notice.version,
                "filing_id": notice.filing_id,
                "published_at": notice.published_at,
                "ends_on": notice.term.ends_on,
                "apply_until": notice.term.apply_until,
                "is_provisional": notice.term.is_provisional,
                "document": _NOTICE.dump_json(notice).decode(),
            },
        )

    async def public(
        self, uscc: str | None, state: NoticeState | None, after: After, limit: int
    ) -> list[ExitNotice]:
        """What was published, the newest first."""
        values = {"uscc": uscc, "state": state.value if state else None, "limit": limit}
        at, last = after or (None, None)
        return await self._many(_PUBLIC, values | {"at": at, "id": last})

    async def due(self, today: date, limit: int) -> list[ExitNotice]:
        """Published ones whose days have passed, locked."""
        return await self._many(_DUE, {"today": today, "limit": limit})

    async def due_filings(self, today: date, limit: int) -> Sequence[UUID]:
        """Filings of individual businesses whose departments have had their days, unless nothing may be registered."""
        return (await self._session.scalars(_DUE_FILINGS, {"today": today, "limit": limit})).all()

    async def take_warned(self, before: date, now: datetime, limit: int) -> list[ExitNotice]:
        """Those that lapse by the day and were not told of it: told from now on."""
        return await self._many(_WARN, {"before": before, "now": now, "limit": limit})

    async def provisional(self, limit: int) -> list[ExitNotice]:
        """Running ones whose days hang on an unpublished calendar, locked."""
        return await self._many(_PROVISIONAL, {"limit": limit})

    async def _many(self, statement: TextClause, values: dict[str, Any]) -> list[ExitNotice]:
        rows = (await self._session.execute(statement, values)).scalars().all()
        return [_NOTICE.validate_json(row) for row in rows]

    async def _one(self, statement: TextClause, notice_id: UUID) -> ExitNotice:
        found = await self._many(statement, {"id": notice_id})
        if not found:
            raise NoticeNotFound
        return found[0]

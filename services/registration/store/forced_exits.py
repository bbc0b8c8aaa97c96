"""Forced deregistrations: documents with the columns they are found by."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.registration.domain.authority_errors import ForcedExitNotFound
from services.registration.domain.forced_exit import ForcedExit, ForcedExitState

_ONE: Final = TypeAdapter(ForcedExit)
_FIND: Final = "SELECT document::text FROM forced_exit WHERE id = :id"
_OF = text("""
    SELECT document::text FROM forced_exit WHERE uscc = :uscc ORDER BY opened_at DESC, id DESC LIMIT 50
""")
_SAVE = text("""
    INSERT INTO forced_exit (id, uscc, state, version, opened_at, ends_on, is_provisional, document)
    VALUES (:id, :uscc, :state, :version, :opened_at, :ends_on, :is_provisional, CAST(:document AS jsonb))
    ON CONFLICT (id) DO UPDATE SET state = excluded.state, version = excluded.version, ends_on = excluded.ends_on,
        is_provisional = excluded.is_provisional, document = excluded.document
""")
_PAGE = text("""
    SELECT document::text FROM forced_exit WHERE state = ANY(CAST(:states AS text[]))
        AND (CAST(:uscc AS text) IS NULL OR uscc = :uscc)
        AND (CAST(:at AS timestamptz) IS NULL OR (opened_at, id) < (:at, CAST(:id AS uuid)))
    ORDER BY opened_at DESC, id DESC LIMIT :limit
""")
_TO_END = text("""
    SELECT document::text FROM forced_exit WHERE state = 'noticed' AND ends_on < :today
    ORDER BY ends_on LIMIT :limit FOR UPDATE SKIP LOCKED
""")
_PROVISIONAL = text("""
    SELECT document::text FROM forced_exit WHERE is_provisional AND state IN ('noticed', 'objected')
    ORDER BY ends_on LIMIT :limit FOR UPDATE SKIP LOCKED
""")
_NEEDLESS = text("""
    SELECT f.document::text FROM forced_exit AS f JOIN enterprise AS e ON e.uscc = f.uscc
    WHERE f.state IN ('due', 'noticed', 'objected', 'elapsed') AND e.state NOT IN ('revoked', 'closed', 'annulled')
    ORDER BY f.opened_at LIMIT :limit FOR UPDATE OF f SKIP LOCKED
""")
# Of an old register only the day of its takeover is known. The longest closed first: whoever is not due yet comes last.
_DUE = text("""
    SELECT e.uscc FROM enterprise AS e CROSS JOIN LATERAL (
        SELECT coalesce((
            SELECT decided_on FROM closure AS c WHERE c.uscc = e.uscc AND c.restored_at IS NULL
            ORDER BY c.version DESC LIMIT 1
        ), (e.changed_at AT TIME ZONE 'Asia/Shanghai')::date) AS since
    ) AS closed
    WHERE e.state IN ('revoked', 'closed', 'annulled')
        AND e.enterprise_kind IN ('limited_company', 'joint_stock_company') AND closed.since <= :closed_by
        AND NOT EXISTS (SELECT FROM forced_exit AS f WHERE f.uscc = e.uscc)
    ORDER BY closed.since, e.uscc LIMIT :limit
""")
After = tuple[datetime, UUID] | None


class ForcedExitStore:
    """Reads and writes in the caller's transaction; where the enterprise is locked too, it is locked first."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, exit_id: UUID) -> ForcedExit:
        """Raises: ForcedExitNotFound."""
        return await self._one(text(_FIND), exit_id)

    async def lock(self, exit_id: UUID) -> ForcedExit:
        """Read for change. Raises: ForcedExitNotFound."""
        return await self._one(text(f"{_FIND} FOR UPDATE"), exit_id)

    async def of(self, uscc: str) -> Sequence[ForcedExit]:
        """All of an enterprise, the newest first."""
        return await self._many(_OF, {"uscc": uscc})

    async def save(self, one: ForcedExit) -> None:
        """Write it as it now stands."""
        await self._session.execute(
            _SAVE,
            {
                "id": one.id,
                "uscc": one.uscc,
                "state": one.state.value,
                "version": one.version,
                "opened_at": one.opened_at,
                "ends_on": one.ends_on,
                "is_provisional": one.is_provisional,
                "document": _ONE.dump_json(one).decode(),
            },
        )

    async def page(
        self, states: Collection[ForcedExitState], uscc: str | None, after: After, limit: int
    ) -> Sequence[ForcedExit]:
        """Those in one of the states, the newest first."""
        at, last = after or (None, None)
        values = {"states": [state.value for state in states], "uscc": uscc, "at": at, "id": last}
        return await self._many(_PAGE, values | {"limit": limit})

    async def to_end(self, today: date, limit: int) -> Sequence[ForcedExit]:
        """Noticed ones whose days have passed, locked."""
        return await self._many(_TO_END, {"today": today, "limit": limit})

    async def provisional(self, limit: int) -> Sequence[ForcedExit]:
        """Those whose last day hangs on an unpublished calendar, locked."""
        return await self._many(_PROVISIONAL, {"limit": limit})

    async def needless(self, limit: int) -> Sequence[ForcedExit]:
        """Running ones of enterprises that left by themselves or have their licence again, locked."""
        return await self._many(_NEEDLESS, {"limit": limit})

    async def due(self, closed_by: date, limit: int) -> Sequence[str]:
        """Enterprises without business since that day or longer, of which nobody took notice yet."""
        found = await self._session.scalars(_DUE, {"closed_by": closed_by, "limit": limit})
        return found.all()

    async def _many(self, statement: TextClause, values: dict[str, Any]) -> Sequence[ForcedExit]:
        rows = (await self._session.execute(statement, values)).scalars().all()
        return [_ONE.validate_json(row) for row in rows]

    async def _one(self, statement: TextClause, exit_id: UUID) -> ForcedExit:
        found = await self._many(statement, {"id": exit_id})
        if not found:
            raise ForcedExitNotFound
        return found[0]

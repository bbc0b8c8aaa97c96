"""Liquidations: documents with the columns they are found by."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.registration.domain.exit_errors import LiquidationNotFound
from services.registration.domain.liquidation import Liquidation

_LIQUIDATION = TypeAdapter(Liquidation)
_FIND = "SELECT document::text FROM liquidation WHERE id = :id"
_UNFINISHED = text("""
    SELECT document::text FROM liquidation
    WHERE uscc = :uscc AND state IN ('open', 'creditors_notified', 'concluded') FOR UPDATE
""")
_SAVE = text("""
    INSERT INTO liquidation (id, uscc, state, version, opened_at, document)
    VALUES (:id, :uscc, :state, :version, :opened_at, CAST(:document AS jsonb))
    ON CONFLICT (id) DO UPDATE SET state = excluded.state, version = excluded.version, document = excluded.document
""")
_PUBLIC = text("""
    SELECT document::text FROM liquidation WHERE (CAST(:uscc AS text) IS NULL OR uscc = :uscc)
        AND (CAST(:at AS timestamptz) IS NULL OR (opened_at, id) < (:at, CAST(:id AS uuid)))
    ORDER BY opened_at DESC, id DESC LIMIT :limit
""")
After = tuple[datetime, UUID] | None


class LiquidationStore:
    """Reads and writes liquidations in the caller's transaction; the enterprise's row is locked before."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, liquidation_id: UUID) -> Liquidation:
        """Raises: LiquidationNotFound."""
        return await self._one(text(_FIND), liquidation_id)

    async def lock(self, liquidation_id: UUID) -> Liquidation:
        """Read for change. Raises: LiquidationNotFound."""
        return await self._one(text(f"{_FIND} FOR UPDATE"), liquidation_id)

    async def lock_unfinished(self, uscc: str) -> Liquidation | None:
        """The one that the enterprise is in, locked."""
        found = await self._many(_UNFINISHED, {"uscc": uscc})
        return found[0] if found else None

    async def save(self, liquidation: Liquidation) -> None:
        """Write the liquidation as it now stands."""
        await self._session.execute(
            _SAVE,
            {
                "id": liquidation.id,
                "uscc": liquidation.uscc,
                "state": liquidation.state.value,
                "version": liquidation.version,
                "opened_at": liquidation.opened_at,
                "document": _LIQUIDATION.dump_json(liquidation).decode(),
            },
        )

    async def public(self, uscc: str | None, after: After, limit: int) -> list[Liquidation]:
        """What was published, the newest first."""
        at, last = after or (None, None)
        return await self._many(_PUBLIC, {"uscc": uscc, "at": at, "id": last, "limit": limit})

    async def _many(self, statement: TextClause, values: dict[str, Any]) -> list[Liquidation]:
        rows = (await self._session.execute(statement, values)).scalars().all()
        return [_LIQUIDATION.validate_json(row) for row in rows]

    async def _one(self, statement: TextClause, liquidation_id: UUID) -> Liquidation:
        found = await self._many(statement, {"id": liquidation_id})
        if not found:
            raise LiquidationNotFound
        return found[0]

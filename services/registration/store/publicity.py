"""Instant information that enterprises publish, and orders to publish."""

from datetime import datetime
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from services.registration.domain.publicity import Disclosure, PublicationOrder
from services.registration.domain.publicity_errors import DisclosureNotFound

_DISCLOSURE = TypeAdapter(Disclosure)
_ORDER = TypeAdapter(PublicationOrder)
_LOCK = text("SELECT document::text FROM disclosure WHERE id = :id FOR UPDATE")
_OF = text("""
    SELECT document::text FROM disclosure WHERE uscc = :uscc
        AND (CAST(:at AS timestamptz) IS NULL OR (published_at, id) < (:at, CAST(:id AS uuid)))
    ORDER BY published_at DESC, id DESC LIMIT :limit
""")
_BEFORE = text("""
    SELECT document::text FROM disclosure_before WHERE disclosure_id = ANY (:ids) ORDER BY disclosure_id, version
""")
_SAVE = text("""
    INSERT INTO disclosure (id, uscc, version, document, published_at)
    VALUES (:id, :uscc, :version, CAST(:document AS jsonb), :published_at)
    ON CONFLICT (id) DO UPDATE SET version = excluded.version, document = excluded.document,
        published_at = excluded.published_at
""")
_KEEP = text("""
    INSERT INTO disclosure_before (disclosure_id, version, document)
    VALUES (:id, :version, CAST(:document AS jsonb))
""")
_LOCK_ORDER = text("SELECT document::text FROM publication_order WHERE id = :id FOR UPDATE")
_ORDERS = text("""
    SELECT document::text FROM publication_order WHERE uscc = :uscc ORDER BY ordered_at DESC, id DESC LIMIT 100
""")
_SAVE_ORDER = text("""
    INSERT INTO publication_order (id, uscc, state, document, ordered_at, due_at)
    VALUES (:id, :uscc, :state, CAST(:document AS jsonb), :ordered_at, :due_at)
    ON CONFLICT (id) DO UPDATE SET state = excluded.state, document = excluded.document, due_at = excluded.due_at
""")
# The enterprise first: its row is locked before anything of it, here as everywhere.
_DUE = text(
    "SELECT id, uscc FROM publication_order WHERE state = 'open' AND due_at < :now ORDER BY due_at LIMIT :limit"
)
After = tuple[datetime, UUID] | None


class PublicityStore:
    """Reads and writes them in the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def lock(self, disclosure_id: UUID) -> Disclosure:
        """Read for change. Raises: DisclosureNotFound."""
        found = (await self._session.execute(_LOCK, {"id": disclosure_id})).scalar_one_or_none()
        if found is None:
            raise DisclosureNotFound
        return _DISCLOSURE.validate_json(found)

    async def of_enterprise(self, uscc: str, after: After, limit: int) -> list[Disclosure]:
        """What it published, the newest first."""
        values = {"uscc": uscc, "at": after[0] if after else None, "id": after[1] if after else None}
        rows = await self._session.execute(_OF, values | {"limit": limit})
        return [_DISCLOSURE.validate_json(row) for row in rows.scalars()]

    async def before(self, ids: list[UUID]) -> dict[UUID, tuple[Disclosure, ...]]:
        """What corrections replaced, oldest first."""
        found: dict[UUID, tuple[Disclosure, ...]] = {}
        for row in (await self._session.execute(_BEFORE, {"ids": ids})).scalars():
            earlier = _DISCLOSURE.validate_json(row)
            found[earlier.id] = (*found.get(earlier.id, ()), earlier)
        return found

    async def save(self, disclosure: Disclosure, replaces: Disclosure | None = None) -> None:
        """Write it; what it replaces is kept beside it."""
        if replaces is not None:
            kept = {"id": replaces.id, "version": replaces.version}
            await self._session.execute(_KEEP, kept | {"document": _DISCLOSURE.dump_json(replaces).decode()})
        values = {"id": disclosure.id, "uscc": disclosure.uscc, "version": disclosure.version}
        values |= {"document": _DISCLOSURE.dump_json(disclosure).decode()}
        await self._session.execute(_SAVE, values | {"published_at": disclosure.published_at})

    async def lock_order(self, order_id: UUID) -> PublicationOrder:
        """Read an order for change. Raises: DisclosureNotFound."""
        found = (await self._session.execute(_LOCK_ORDER, {"id": order_id})).scalar_one_or_none()
        if found is None:
            raise DisclosureNotFound
        return _ORDER.validate_json(found)

    async def orders_of(self, uscc: str) -> list[PublicationOrder]:
        """Orders to an enterprise, the newest first."""
        rows = await self._session.execute(_ORDERS, {"uscc": uscc})
        return [_ORDER.validate_json(row) for row in rows.scalars()]

    async def save_order(self, order: PublicationOrder, due_at: datetime) -> None:
        """Write an order with the moment at which its time runs out."""
        values = {"id": order.id, "uscc": order.uscc, "state": order.state.value, "due_at": due_at}
        values |= {"ordered_at": order.clock.entries[0].at}
        await self._session.execute(_SAVE_ORDER, values | {"document": _ORDER.dump_json(order).decode()})

    async def due_orders(self, now: datetime, limit: int) -> list[tuple[UUID, str]]:
        """Open orders whose time seems to be over, with the enterprise."""
        rows = await self._session.execute(_DUE, {"now": now, "limit": limit})
        return [(row.id, row.uscc) for row in rows]

"""Entries of the list of abnormal operations: documents with the columns they are found by."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from services.registration.domain.abnormal_list import Cause, Listing
from services.registration.domain.publicity_errors import ListingNotFound
from shared.security.office import span_of

_LISTING = TypeAdapter(Listing)
_FIND = "SELECT document::text AS document FROM abnormal_listing WHERE id = :id"
_ADD = text("""
    INSERT INTO abnormal_listing (id, uscc, cause, year, state, version, document, division_code, proposed_at,
        entered_at, serious_on)
    VALUES (:id, :uscc, :cause, :year, :state, :version, CAST(:document AS jsonb), :division_code, :proposed_at,
        :entered_at, :serious_on)
    ON CONFLICT DO NOTHING
""")
_SAVE = text("""
    UPDATE abnormal_listing SET state = :state, version = :version, document = CAST(:document AS jsonb),
        entered_at = :entered_at, serious_on = :serious_on
    WHERE id = :id
""")
_STANDING = text("""
    SELECT document::text AS document FROM abnormal_listing
    WHERE uscc = :uscc AND cause = :cause AND coalesce(year, 0) = :year AND state IN ('proposed', 'entered')
    FOR UPDATE
""")
_OF = text("""
    SELECT document::text AS document FROM abnormal_listing
    WHERE uscc = :uscc AND state = ANY (:states) ORDER BY proposed_at DESC, id DESC LIMIT 200
""")
_PROPOSED = """
    SELECT document::text AS document FROM abnormal_listing WHERE state = 'proposed'
        AND (CAST(:at AS timestamptz) IS NULL OR (proposed_at, id) > (:at, CAST(:id AS uuid))) {region}
    ORDER BY proposed_at, id LIMIT :limit
"""
_IN_FORCE = text("""
    SELECT document::text AS document FROM abnormal_listing WHERE state = 'entered'
        AND (CAST(:at AS timestamptz) IS NULL OR (entered_at, id) < (:at, CAST(:id AS uuid)))
    ORDER BY entered_at DESC, id DESC LIMIT :limit
""")
_SERIOUS = text("""
    UPDATE abnormal_listing SET serious_told_at = :now WHERE id IN (
        SELECT id FROM abnormal_listing
        WHERE state = 'entered' AND serious_told_at IS NULL AND serious_on <= :today
        ORDER BY serious_on LIMIT :limit FOR UPDATE SKIP LOCKED
    ) RETURNING document::text AS document
""")
After = tuple[datetime, UUID] | None


class AbnormalListStore:
    """Reads and writes the list in the caller's transaction; the enterprise's row is locked before."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, listing_id: UUID) -> Listing:
        """Raises: ListingNotFound."""
        return self._one((await self._session.execute(text(_FIND), {"id": listing_id})).scalar_one_or_none())

    async def lock(self, listing_id: UUID) -> Listing:
        """Read for change. Raises: ListingNotFound."""
        found = await self._session.execute(text(f"{_FIND} FOR UPDATE"), {"id": listing_id})
        return self._one(found.scalar_one_or_none())

    async def add(self, listings: Sequence[tuple[Listing, date | None]]) -> None:
        """Put new entries down, each with the day on which it has lasted too long."""
        if listings:
            await self._session.execute(_ADD, [_columns(listing, serious) for listing, serious in listings])

    async def save(self, listing: Listing, serious_on: date | None) -> None:
        """Write the next version of an entry."""
        await self._session.execute(_SAVE, _columns(listing, serious_on))

    async def standing(self, uscc: str, cause: Cause, year: int | None = None) -> Listing | None:
        """What is proposed or entered for a cause, locked."""
        key = {"uscc": uscc, "cause": cause.value, "year": year or 0}
        found = (await self._session.execute(_STANDING, key)).scalar_one_or_none()
        return None if found is None else _LISTING.validate_json(found)

    async def of_enterprise(self, uscc: str, states: Sequence[str]) -> list[Listing]:
        """Its entries in these states, the newest first."""
        return await self._many(_OF, {"uscc": uscc, "states": list(states)})

    async def proposed(self, region: str | None, after: After, limit: int) -> list[Listing]:
        """What waits for confirmation, oldest first, in the region of an office."""
        values: dict[str, Any] = _after(after) | {"limit": limit}
        clause = ""
        if region is not None:
            clause = "AND division_code >= :first AND division_code < :end"
            values |= dict(zip(("first", "end"), span_of(region), strict=True))
        return await self._many(text(_PROPOSED.format(region=clause)), values)

    async def in_force(self, after: After, limit: int) -> list[Listing]:
        """Who is on the list now, the newest first."""
        return await self._many(_IN_FORCE, _after(after) | {"limit": limit})

    async def take_serious(self, today: date, now: datetime, limit: int) -> list[Listing]:
        """Entries that have lasted too long and were not told: told from now on."""
        return await self._many(_SERIOUS, {"today": today, "now": now, "limit": limit})

    async def _many(self, statement: Any, values: dict[str, Any]) -> list[Listing]:
        rows = (await self._session.execute(statement, values)).scalars().all()
        return [_LISTING.validate_json(row) for row in rows]

    @staticmethod
    def _one(document: str | None) -> Listing:
        if document is None:
            raise ListingNotFound
        return _LISTING.validate_json(document)


def _after(after: After) -> dict[str, Any]:
    return {"at": after[0] if after else None, "id": after[1] if after else None}


def _columns(listing: Listing, serious_on: date | None) -> dict[str, object]:
    return {
        "id": listing.id,
        "uscc": listing.uscc,
        "cause": listing.cause.value,
        "year": listing.year,
        "state": listing.state.value,
        "version": listing.version,
        "document": _LISTING.dump_json(listing).decode(),
        "division_code": listing.division_code,
        "proposed_at": listing.proposed_at,
        "entered_at": listing.entered_at,
        "serious_on": serious_on,
    }

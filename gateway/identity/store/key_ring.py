"""The key ring's rows; private halves are sealed before they come here."""

from datetime import datetime

from sqlalchemy import Column, LargeBinary, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, col

from gateway.identity.domain.key_ring import KeyRing, RemovalReason, RingKey
from gateway.identity.store.tables import IdentityTable
from shared.database.columns import instant, json_document

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('identity_signing_key', 0))")


class SigningKeyRow(IdentityTable, table=True):
    __tablename__ = "identity_signing_key"

    kid: str = Field(primary_key=True)
    public_jwk: dict[str, str] = json_document()
    sealed: bytes | None = Field(sa_column=Column(LargeBinary))
    published_at: datetime = instant()
    signs_from: datetime | None = instant(nullable=True)
    removed_at: datetime | None = instant(nullable=True)
    removed_because: str | None


class KeyRingStore:
    """Rows to the ring and back."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def read(self) -> KeyRing:
        """Return every key, oldest first."""
        oldest_first = (
            col(SigningKeyRow.published_at),
            col(SigningKeyRow.signs_from).nulls_last(),
            col(SigningKeyRow.kid),
        )
        found = await self._session.scalars(select(SigningKeyRow).order_by(*oldest_first))
        return KeyRing(tuple(_key(row) for row in found))

    async def lock(self) -> KeyRing:
        """Load the ring for change: two gateways at once are one after the other."""
        await self._session.execute(_LOCK)
        return await self.read()

    async def put(self, *keys: RingKey) -> None:
        """Write keys, new or changed."""
        for key in keys:
            values = {
                "public_jwk": dict(key.public_jwk),
                "sealed": key.sealed,
                "published_at": key.published_at,
                "signs_from": key.signs_from,
                "removed_at": key.removed_at,
                "removed_because": key.removed_because.value if key.removed_because else None,
            }
            await self._session.execute(
                insert(SigningKeyRow)
                .values(kid=key.kid, **values)
                .on_conflict_do_update(index_elements=["kid"], set_=values)
            )


def _key(row: SigningKeyRow) -> RingKey:
    return RingKey(
        kid=row.kid,
        public_jwk=row.public_jwk,
        published_at=row.published_at,
        signs_from=row.signs_from,
        removed_at=row.removed_at,
        removed_because=RemovalReason(row.removed_because) if row.removed_because else None,
        sealed=row.sealed,
    )

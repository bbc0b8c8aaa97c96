"""What is good once: returns from upper platforms, assertions of wallets; kept as digests until they expire."""

import hashlib
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, col

from gateway.identity.store.tables import IdentityTable
from shared.database.columns import instant


class UsedOnceRow(IdentityTable, table=True):
    __tablename__ = "identity_used_once"

    digest: str = Field(primary_key=True)
    expires_at: datetime = instant()


class UsedOnce:
    """Rows that stand for what was used."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def take(self, *name: str, until: datetime) -> bool:
        """Write a use down; False where it was used before."""
        digest = hashlib.sha256("\0".join(name).encode()).hexdigest()
        statement = insert(UsedOnceRow).values(digest=digest, expires_at=until).on_conflict_do_nothing()
        taken = await self._session.execute(statement.returning(col(UsedOnceRow.digest)))
        return taken.first() is not None

    async def forget(self, before: datetime) -> None:
        """Forget what could not be used any more anyway."""
        await self._session.execute(delete(UsedOnceRow).where(col(UsedOnceRow.expires_at) < before))

"""Proofs of possession that were taken at the token endpoint, so that each is good once."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, col

from gateway.identity.store.tables import IdentityTable
from shared.database.columns import instant


class ProofRow(IdentityTable, table=True):
    __tablename__ = "identity_proof"

    proof_digest: str = Field(primary_key=True)
    expires_at: datetime = instant()


class ProofStore:
    """Rows of used proofs."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def take_note(self, digest: str, until: datetime) -> bool:
        """Write a proof down; False where it was used before."""
        statement = (
            insert(ProofRow)
            .values(proof_digest=digest, expires_at=until)
            .on_conflict_do_nothing()
            .returning(col(ProofRow.proof_digest))
        )
        return (await self._session.execute(statement)).first() is not None

    async def forget_expired(self, now: datetime) -> None:
        """Forget proofs that are too old to be taken again."""
        await self._session.execute(delete(ProofRow).where(col(ProofRow.expires_at) < now))

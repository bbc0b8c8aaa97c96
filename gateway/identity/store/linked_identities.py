"""Identities at upper platforms that sign in to accounts here."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, col

from gateway.identity.domain.federation import LinkedIdentity
from gateway.identity.store.tables import IdentityTable
from shared.database.columns import instant


class LinkedIdentityRow(IdentityTable, table=True):
    __tablename__ = "identity_linked_identity"

    issuer: str = Field(primary_key=True)
    outside_subject: str = Field(primary_key=True)
    subject: str
    linked_at: datetime = instant()
    last_used_at: datetime = instant()


class LinkedIdentityStore:
    """Rows to linked identities and back."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def use(self, issuer: str, outside_subject: str, now: datetime) -> LinkedIdentity | None:
        """Return the link of an identity and take note that it was used."""
        row = await self._session.scalar(
            update(LinkedIdentityRow)
            .where(
                col(LinkedIdentityRow.issuer) == issuer,
                col(LinkedIdentityRow.outside_subject) == outside_subject,
            )
            .values(last_used_at=now)
            .returning(LinkedIdentityRow)
        )
        return None if row is None else _linked(row)

    async def link(self, issuer: str, outside_subject: str, subject: str, now: datetime) -> bool:
        """Link an identity to an account; False where either has another partner already."""
        statement = insert(LinkedIdentityRow).values(
            issuer=issuer, outside_subject=outside_subject, subject=subject, linked_at=now, last_used_at=now
        )
        linked = await self._session.scalar(
            statement.on_conflict_do_nothing().returning(col(LinkedIdentityRow.subject))
        )
        return linked is not None

    async def of_account(self, subject: str) -> list[LinkedIdentity]:
        """Return the identities of an account, the oldest link first."""
        rows = await self._session.scalars(
            select(LinkedIdentityRow)
            .where(col(LinkedIdentityRow.subject) == subject)
            .order_by(col(LinkedIdentityRow.linked_at), col(LinkedIdentityRow.issuer))
        )
        return [_linked(row) for row in rows]

    async def unlink(self, subject: str, issuer: str) -> bool:
        """Take a link away; False where there is none."""
        statement = delete(LinkedIdentityRow).where(
            col(LinkedIdentityRow.subject) == subject, col(LinkedIdentityRow.issuer) == issuer
        )
        return await self._session.scalar(statement.returning(col(LinkedIdentityRow.subject))) is not None


def _linked(row: LinkedIdentityRow) -> LinkedIdentity:
    return LinkedIdentity(row.issuer, row.outside_subject, row.subject, row.linked_at, row.last_used_at)

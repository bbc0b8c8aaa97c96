"""What happened to accounts, as their owners see it; and the links by which passwords are set."""

from datetime import datetime

from sqlalchemy import delete, desc, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.identity.domain.accounts import AccountEvent, AccountEventKind, AccountLink, LinkPurpose
from gateway.identity.store.account_tables import AccountEventRow, AccountLinkRow


class AccountEventStore:
    """Rows to events and back."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, event: AccountEvent) -> None:
        """Keep an event."""
        await self._session.execute(
            insert(AccountEventRow).values(
                event_id=event.event_id,
                subject=event.subject,
                what=event.what.value,
                methods=list(event.methods),
                device=event.device,
                at=event.at,
            )
        )

    async def newest(self, subject: str, limit: int) -> list[AccountEvent]:
        """Return a person's events, the newest first."""
        rows = await self._session.scalars(
            select(AccountEventRow)
            .where(col(AccountEventRow.subject) == subject)
            .order_by(desc(col(AccountEventRow.at)), desc(col(AccountEventRow.event_id)))
            .limit(limit)
        )
        return [
            AccountEvent(
                row.event_id,
                row.subject,
                AccountEventKind(row.what),
                row.at,
                tuple(row.methods),
                row.device,
            )
            for row in rows
        ]

    async def forget(self, before: datetime) -> None:
        """Forget what is old."""
        await self._session.execute(delete(AccountEventRow).where(col(AccountEventRow.at) < before))


class AccountLinkStore:
    """Rows to links and back."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def put(self, link: AccountLink) -> None:
        """Keep a new link; one that the account had before is good no more."""
        values = {
            "link_digest": link.digest,
            "purpose": link.purpose.value,
            "drops_second_factor": link.drops_second_factor,
            "expires_at": link.expires_at,
            "used_at": None,
        }
        statement = insert(AccountLinkRow).values(subject=link.subject, **values)
        await self._session.execute(statement.on_conflict_do_update(index_elements=["subject"], set_=values))

    async def lock(self, digest: str) -> AccountLink | None:
        """Return a link for use: two uses at once are one after the other."""
        row = await self._session.scalar(
            select(AccountLinkRow).where(col(AccountLinkRow.link_digest) == digest).with_for_update()
        )
        if row is None:
            return None
        return AccountLink(
            row.subject,
            row.link_digest,
            LinkPurpose(row.purpose),
            row.drops_second_factor,
            row.expires_at,
            row.used_at is not None,
        )

    async def use(self, digest: str, now: datetime) -> None:
        """Mark a link as used."""
        await self._session.execute(
            update(AccountLinkRow).where(col(AccountLinkRow.link_digest) == digest).values(used_at=now)
        )

    async def withdraw(self, subject: str) -> None:
        """Take away what link an account has."""
        await self._session.execute(delete(AccountLinkRow).where(col(AccountLinkRow.subject) == subject))

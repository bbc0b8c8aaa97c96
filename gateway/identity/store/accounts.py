"""Accounts, and what their holders allowed to clients."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.identity.domain.accounts import Account
from gateway.identity.store.client_tables import ClientRow
from gateway.identity.store.tables import AccountRow, ConsentRow
from shared.identifiers.uuid7 import new_uuid7
from shared.security.office import Office


@dataclass(frozen=True)
class Consent:
    """What a person allowed a client; allowed again after it was taken back, it is another consent."""

    consent_id: UUID
    client_id: str
    client_name: str
    scopes: tuple[str, ...]
    given_at: datetime


@dataclass(frozen=True)
class AccountOnFile:
    """An account with what else is on file about its holder."""

    account: Account
    citizen_id: str
    opened_at: datetime


@dataclass(frozen=True)
class AccountFilters:
    """Which accounts are asked for; what is None does not narrow."""

    agency_uscc: str | None = None
    username: str | None = None
    is_closed: bool | None = None


class AccountStore:
    """Rows to accounts and consents, and back."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, subject: str) -> Account | None:
        """Return the account of this subject; a closed one is as good as none."""
        row = await self._session.get(AccountRow, subject)
        return None if row is None or row.closed_at is not None else _account(row)

    async def find_by_username(self, username: str) -> Account | None:
        """Return the account that signs in under this name; a closed one is as good as none."""
        row = await self._session.scalar(
            select(AccountRow).where(
                col(AccountRow.username) == username, col(AccountRow.closed_at).is_(None)
            )
        )
        return None if row is None else _account(row)

    async def find_by_citizen_id(self, citizen_id: str) -> Account | None:
        """Return the account of the holder of this number (公民身份号码), closed or not."""
        row = await self._session.scalar(select(AccountRow).where(col(AccountRow.citizen_id) == citizen_id))
        return None if row is None else _account(row)

    async def lock(self, subject: str) -> Account | None:
        """Return an account, closed or not, that nobody else changes until the transaction ends."""
        row = await self._session.scalar(
            select(AccountRow)
            .where(col(AccountRow.subject) == subject)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        return None if row is None else _account(row)

    async def on_file(self, subject: str) -> AccountOnFile | None:
        """Return an account, closed or not, with what is on file about its holder."""
        row = await self._session.get(AccountRow, subject, populate_existing=True)
        return None if row is None else AccountOnFile(_account(row), row.citizen_id, row.opened_at)

    async def list_on_file(
        self, filters: AccountFilters, *, after: str | None, limit: int
    ) -> list[AccountOnFile]:
        """Return a page of accounts in the order in which they were opened (subjects are ordered by time)."""
        chosen = select(AccountRow).order_by(col(AccountRow.subject)).limit(limit)
        if filters.agency_uscc is not None:
            chosen = chosen.where(col(AccountRow.agency_uscc) == filters.agency_uscc)
        if filters.username is not None:
            chosen = chosen.where(col(AccountRow.username) == filters.username)
        if filters.is_closed is not None:
            is_open = col(AccountRow.closed_at).is_(None)
            chosen = chosen.where(~is_open if filters.is_closed else is_open)
        if after is not None:
            chosen = chosen.where(col(AccountRow.subject) > after)
        rows = await self._session.scalars(chosen)
        return [AccountOnFile(_account(row), row.citizen_id, row.opened_at) for row in rows]

    async def open(self, account: Account, *, citizen_id: str, now: datetime) -> bool:
        """Open an account; False where the name or the person has one already, which stays."""
        statement = insert(AccountRow).values(
            subject=account.subject,
            username=account.username,
            display_name=account.display_name,
            citizen_id=citizen_id,
            phone=account.phone,
            agency_uscc=account.agency_uscc,
            password_hash=account.password_hash,
            scopes=sorted(account.scopes),
            opened_at=now,
            **_office_columns(account.office),
        )
        opened = await self._session.scalar(
            statement.on_conflict_do_nothing().returning(col(AccountRow.subject))
        )
        return opened is not None

    async def save(self, account: Account) -> None:
        """Keep what became of an account that was locked."""
        await self._session.execute(
            update(AccountRow)
            .where(col(AccountRow.subject) == account.subject)
            .values(
                display_name=account.display_name,
                phone=account.phone,
                agency_uscc=account.agency_uscc,
                password_hash=account.password_hash,
                scopes=sorted(account.scopes),
                must_change_password=account.must_change_password,
                closed_at=account.closed_at,
                version=account.version,
                **_office_columns(account.office),
            )
        )

    async def set_scopes(
        self, subject: str, scopes: Collection[str], agency_uscc: str | None, office: Office | None
    ) -> None:
        """Change what a person may do, and for which agency in which office."""
        await self._session.execute(
            update(AccountRow)
            .where(col(AccountRow.subject) == subject)
            .values(scopes=sorted(scopes), agency_uscc=agency_uscc, **_office_columns(office))
        )

    async def consented(self, subject: str, client_id: str) -> frozenset[str]:
        """Return the scopes that a person has allowed a client before."""
        return (await self.consent(subject, client_id))[1]

    async def consent(self, subject: str, client_id: str) -> tuple[UUID | None, frozenset[str]]:
        """Return the consent of a person to a client, and which scopes it allows; none where there is none."""
        row = await self._session.get(ConsentRow, (subject, client_id), populate_existing=True)
        return (None, frozenset()) if row is None else (row.consent_id, frozenset(row.scopes))

    async def remember_consent(
        self, subject: str, client_id: str, scopes: Collection[str], now: datetime
    ) -> None:
        """Remember what a person allows a client."""
        values = {"scopes": sorted(scopes), "given_at": now}
        statement = insert(ConsentRow).values(
            subject=subject, client_id=client_id, consent_id=new_uuid7(), **values
        )
        await self._session.execute(
            statement.on_conflict_do_update(index_elements=["subject", "client_id"], set_=values)
        )

    async def consents(self, subject: str) -> list[Consent]:
        """Return what a person allowed, by the clients' names."""
        found = await self._session.execute(
            select(ConsentRow, col(ClientRow.name))
            .join(ClientRow, col(ClientRow.client_id) == col(ConsentRow.client_id))
            .where(col(ConsentRow.subject) == subject)
            .order_by(col(ClientRow.name), col(ConsentRow.client_id))
        )
        return [
            Consent(row.consent_id, row.client_id, name, tuple(row.scopes), row.given_at)
            for row, name in found
        ]

    async def forget_consent(self, subject: str, client_id: str) -> UUID | None:
        """Forget what a person allowed a client; returns the consent that there was."""
        forgotten: UUID | None = await self._session.scalar(
            delete(ConsentRow)
            .where(col(ConsentRow.subject) == subject, col(ConsentRow.client_id) == client_id)
            .returning(col(ConsentRow.consent_id))
        )
        return forgotten


def _account(row: AccountRow) -> Account:
    return Account(
        subject=row.subject,
        username=row.username,
        display_name=row.display_name,
        phone=row.phone,
        agency_uscc=row.agency_uscc,
        password_hash=row.password_hash,
        scopes=frozenset(row.scopes),
        must_change_password=row.must_change_password,
        closed_at=row.closed_at,
        version=row.version,
        office=Office(row.office_region, frozenset(row.office_posts)) if row.office_region else None,
    )


def _office_columns(office: Office | None) -> dict[str, object]:
    return {
        "office_region": office.region if office else None,
        "office_posts": sorted(office.posts) if office else [],
    }

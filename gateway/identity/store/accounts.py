"""Accounts, sessions, consents, and failed sign-ins."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.identity.domain.accounts import Account, Session
from gateway.identity.store.tables import AccountRow, ConsentRow, SessionRow, SignInFailureRow
from shared.security.strength import Strength


class AccountStore:
    """Rows to accounts, sessions and consents, and back."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, subject: str) -> Account | None:
        """Return the account of this subject."""
        row = await self._session.get(AccountRow, subject)
        return None if row is None else _account(row)

    async def find_by_username(self, username: str) -> Account | None:
        """Return the account that signs in under this name."""
        row = await self._session.scalar(select(AccountRow).where(col(AccountRow.username) == username))
        return None if row is None else _account(row)

    async def open(self, account: Account, *, citizen_id: str, now: datetime) -> None:
        """Open an account; one of the same name that somebody else opened meanwhile stays."""
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
        )
        await self._session.execute(statement.on_conflict_do_nothing())

    async def set_scopes(self, subject: str, scopes: Collection[str], agency_uscc: str | None) -> None:
        """Change what a person may do, and for which agency."""
        await self._session.execute(
            update(AccountRow)
            .where(col(AccountRow.subject) == subject)
            .values(scopes=sorted(scopes), agency_uscc=agency_uscc)
        )

    async def lock_failures(self, name_digest: str, now: datetime) -> tuple[int, datetime]:
        """Return failures in a row and when the next attempt may come; one attempt per name at a time."""
        fresh = insert(SignInFailureRow).values(name_digest=name_digest, failures=0, retry_at=now)
        await self._session.execute(fresh.on_conflict_do_nothing())
        found = await self._session.execute(
            select(col(SignInFailureRow.failures), col(SignInFailureRow.retry_at))
            .where(col(SignInFailureRow.name_digest) == name_digest)
            .with_for_update()
        )
        failures, retry_at = found.one()
        return failures, retry_at

    async def set_failures(self, name_digest: str, failures: int, retry_at: datetime) -> None:
        """Count a failure, or none after success."""
        await self._session.execute(
            update(SignInFailureRow)
            .where(col(SignInFailureRow.name_digest) == name_digest)
            .values(failures=failures, retry_at=retry_at)
        )

    async def begin_session(self, session: Session) -> None:
        """Keep a new session."""
        await self._session.execute(
            insert(SessionRow).values(
                id_digest=session.id_digest,
                subject=session.subject,
                authenticated_at=session.authenticated_at,
                expires_at=session.expires_at,
                acr=session.strength.acr,
                methods=list(session.methods),
            )
        )

    async def find_session(self, id_digest: str, now: datetime) -> Session | None:
        """Return a session that has neither ended nor expired."""
        row = await self._session.get(SessionRow, id_digest)
        if row is None or row.ended_at is not None or row.expires_at <= now:
            return None
        strength = Strength.of_acr(row.acr) or Strength.PASSWORD
        return Session(
            row.id_digest, row.subject, row.authenticated_at, row.expires_at, strength, tuple(row.methods)
        )

    async def end_session(self, id_digest: str, now: datetime) -> None:
        """End a session."""
        await self._session.execute(
            update(SessionRow).where(col(SessionRow.id_digest) == id_digest).values(ended_at=now)
        )

    async def consented(self, subject: str, client_id: str) -> frozenset[str]:
        """Return the scopes that a person has allowed a client before."""
        row = await self._session.get(ConsentRow, (subject, client_id))
        return frozenset() if row is None else frozenset(row.scopes)

    async def remember_consent(
        self, subject: str, client_id: str, scopes: Collection[str], now: datetime
    ) -> None:
        """Remember what a person allows a client."""
        values = {"scopes": sorted(scopes), "given_at": now}
        statement = insert(ConsentRow).values(subject=subject, client_id=client_id, **values)
        await self._session.execute(
            statement.on_conflict_do_update(index_elements=["subject", "client_id"], set_=values)
        )

    async def forget_failures(self, before: datetime) -> None:
        """Forget failures whose delay ended long ago."""
        await self._session.execute(delete(SignInFailureRow).where(col(SignInFailureRow.retry_at) < before))


def _account(row: AccountRow) -> Account:
    return Account(
        subject=row.subject,
        username=row.username,
        display_name=row.display_name,
        phone=row.phone,
        agency_uscc=row.agency_uscc,
        password_hash=row.password_hash,
        scopes=frozenset(row.scopes),
    )

"""Grants and what came of them: codes and refresh tokens; secrets as SHA-256 only."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.identity.domain.authorization import Grant, WithdrawalReason
from gateway.identity.store.tables import CodeRow, GrantRow, RefreshTokenRow
from gateway.identity.store.withdrawals import WithdrawalStore
from shared.security.strength import Strength
from shared.security.withdrawals import WithdrawalKind


@dataclass(frozen=True)
class Code:
    """An authorization code as it was issued."""

    digest: str
    grant_id: UUID
    redirect_uri: str
    challenge: str
    nonce: str | None
    expires_at: datetime
    used: bool = False
    key_thumbprint: str | None = None


@dataclass(frozen=True)
class RefreshToken:
    """A refresh token as it was issued."""

    digest: str
    grant_id: UUID
    expires_at: datetime
    used: bool = False
    key_thumbprint: str | None = None


class GrantStore:
    """Rows to grants, codes and tokens, and back."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, grant: Grant, code: Code, now: datetime) -> None:
        """Keep a new grant with its code."""
        await self._session.execute(
            insert(GrantRow).values(
                grant_id=grant.grant_id,
                subject=grant.subject,
                client_id=grant.client_id,
                session_digest=grant.session_digest,
                scopes=list(grant.scopes),
                authenticated_at=grant.authenticated_at,
                acr=grant.strength.acr,
                methods=list(grant.methods),
                granted_at=now,
            )
        )
        await self._session.execute(
            insert(CodeRow).values(
                code_digest=code.digest,
                grant_id=code.grant_id,
                redirect_uri=code.redirect_uri,
                challenge=code.challenge,
                nonce=code.nonce,
                key_thumbprint=code.key_thumbprint,
                expires_at=code.expires_at,
            )
        )

    async def lock_code(self, digest: str) -> Code | None:
        """Load a code for use: two at once are one after the other."""
        row = await self._session.get(CodeRow, digest, with_for_update=True)
        if row is None:
            return None
        return Code(
            row.code_digest,
            row.grant_id,
            row.redirect_uri,
            row.challenge,
            row.nonce,
            row.expires_at,
            row.used_at is not None,
            row.key_thumbprint,
        )

    async def use_code(self, digest: str, now: datetime) -> None:
        """Mark a code as used."""
        await self._session.execute(
            update(CodeRow).where(col(CodeRow.code_digest) == digest).values(used_at=now)
        )

    async def lock_grant(self, grant_id: UUID) -> Grant:
        """Load a grant; raises NoResultFound for one that is not there (a foreign key forbids it)."""
        found = await self._session.execute(
            select(GrantRow).where(col(GrantRow.grant_id) == grant_id).with_for_update()
        )
        row = found.scalar_one()
        return Grant(
            grant_id=row.grant_id,
            subject=row.subject,
            client_id=row.client_id,
            session_digest=row.session_digest,
            scopes=tuple(row.scopes),
            authenticated_at=row.authenticated_at,
            strength=Strength.of_acr(row.acr) or Strength.PASSWORD,
            methods=tuple(row.methods),
            withdrawn=row.withdrawn_at is not None,
        )

    async def lock_refresh_token(self, digest: str) -> RefreshToken | None:
        """Load a refresh token for use: two at once are one after the other."""
        row = await self._session.get(RefreshTokenRow, digest, with_for_update=True)
        if row is None:
            return None
        return RefreshToken(
            row.token_digest, row.grant_id, row.expires_at, row.used_at is not None, row.key_thumbprint
        )

    async def rotate(self, used: str | None, fresh: RefreshToken, now: datetime) -> None:
        """Mark the token that was used, if there was one, and keep the next."""
        if used is not None:
            await self._session.execute(
                update(RefreshTokenRow).where(col(RefreshTokenRow.token_digest) == used).values(used_at=now)
            )
        await self._session.execute(
            insert(RefreshTokenRow).values(
                token_digest=fresh.digest,
                grant_id=fresh.grant_id,
                expires_at=fresh.expires_at,
                key_thumbprint=fresh.key_thumbprint,
            )
        )

    async def withdraw(self, grant_id: UUID, because: WithdrawalReason, now: datetime) -> None:
        """Withdraw a grant with all that came of it; the first reason stays."""
        await self._withdraw(col(GrantRow.grant_id) == grant_id, because, now)

    async def withdraw_of_session(self, session_digest: str, now: datetime) -> None:
        """Withdraw what was granted in a session."""
        await self._withdraw(col(GrantRow.session_digest) == session_digest, WithdrawalReason.SIGNED_OUT, now)

    async def withdraw_of_client(
        self, subject: str, client_id: str, because: WithdrawalReason, now: datetime
    ) -> None:
        """Withdraw what a person granted to a client."""
        given = (col(GrantRow.subject) == subject) & (col(GrantRow.client_id) == client_id)
        await self._withdraw(given, because, now)

    async def withdraw_of_subject(self, subject: str, because: WithdrawalReason, now: datetime) -> None:
        """Withdraw everything that a person granted."""
        await self._withdraw(col(GrantRow.subject) == subject, because, now)

    async def _withdraw(self, which: ColumnElement[bool], because: WithdrawalReason, now: datetime) -> None:
        """Mark the grants, and tell the services about those whose tokens may still live."""
        withdrawn = await self._session.scalars(
            update(GrantRow)
            .where(which, col(GrantRow.withdrawn_at).is_(None))
            .values(withdrawn_at=now, withdrawn_because=because.value)
            .returning(col(GrantRow.grant_id))
        )
        published = WithdrawalStore(self._session)
        for grant_id in withdrawn.all():
            await published.add(WithdrawalKind.GRANT, str(grant_id), now)

    async def forget_expired(self, before: datetime) -> None:
        """Forget codes and tokens that are too old to mean anything, also as a sign of theft."""
        for table in (CodeRow, RefreshTokenRow):
            await self._session.execute(delete(table).where(col(table.expires_at) < before))

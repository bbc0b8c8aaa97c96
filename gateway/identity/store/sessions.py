"""Sessions, and sign-ins that are not complete yet; their secrets as SHA-256 only."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, desc, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.identity.domain.accounts import PendingSignIn, Session
from gateway.identity.store.account_tables import PendingSignInRow
from gateway.identity.store.tables import GrantRow, SessionRow
from shared.security.strength import Strength


class SessionStore:
    """Rows to sessions and back."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def begin(self, session: Session) -> None:
        """Keep a new session."""
        await self._session.execute(
            insert(SessionRow).values(
                session_id=session.session_id,
                id_digest=session.id_digest,
                subject=session.subject,
                authenticated_at=session.authenticated_at,
                expires_at=session.expires_at,
                acr=session.strength.acr,
                methods=list(session.methods),
                device=session.device,
            )
        )

    async def renew(self, session: Session) -> None:
        """Give a session a new secret and what else has changed; what was granted in it stays its own."""
        await self._session.execute(
            update(SessionRow)
            .where(col(SessionRow.session_id) == session.session_id)
            .values(
                id_digest=session.id_digest,
                authenticated_at=session.authenticated_at,
                expires_at=session.expires_at,
                acr=session.strength.acr,
                methods=list(session.methods),
                device=session.device,
            )
            .execution_options(synchronize_session=False)
        )

    async def find(self, id_digest: str, now: datetime) -> Session | None:
        """Return a session that has neither ended nor expired."""
        row = await self._session.get(SessionRow, id_digest)
        if row is None or row.ended_at is not None or row.expires_at <= now:
            return None
        return _session(row)

    async def of_subject(self, subject: str, now: datetime) -> list[Session]:
        """Return a person's living sessions, the newest first."""
        rows = await self._session.scalars(
            select(SessionRow)
            .where(
                col(SessionRow.subject) == subject,
                col(SessionRow.ended_at).is_(None),
                col(SessionRow.expires_at) > now,
            )
            .order_by(desc(col(SessionRow.authenticated_at)), col(SessionRow.session_id))
        )
        return [_session(row) for row in rows]

    async def of_grant(self, grant_id: UUID) -> UUID | None:
        """Return the session in which something was granted."""
        return await self._session.scalar(
            select(col(SessionRow.session_id))
            .join(GrantRow, col(GrantRow.session_digest) == col(SessionRow.id_digest))
            .where(col(GrantRow.grant_id) == grant_id)
        )

    async def end(self, id_digests: Sequence[str], now: datetime) -> None:
        """End sessions."""
        await self._session.execute(
            update(SessionRow).where(col(SessionRow.id_digest).in_(id_digests)).values(ended_at=now)
        )

    async def leave_pending(self, pending: PendingSignIn, expires_at: datetime) -> None:
        """Keep what was proven so far."""
        await self._session.execute(
            insert(PendingSignInRow).values(
                id_digest=pending.id_digest,
                subject=pending.subject,
                acr=pending.strength.acr,
                methods=list(pending.methods),
                expires_at=expires_at,
            )
        )

    async def find_pending(self, id_digest: str, now: datetime) -> PendingSignIn | None:
        """Return a sign-in that is to be completed and not too old."""
        row = await self._session.get(PendingSignInRow, id_digest)
        if row is None or row.expires_at <= now:
            return None
        strength = Strength.of_acr(row.acr) or Strength.PASSWORD
        return PendingSignIn(row.id_digest, row.subject, strength, tuple(row.methods))

    async def take_pending(self, id_digest: str) -> bool:
        """Take it away because it is complete; False where somebody else did."""
        statement = delete(PendingSignInRow).where(col(PendingSignInRow.id_digest) == id_digest)
        taken = await self._session.scalar(statement.returning(col(PendingSignInRow.id_digest)))
        return taken is not None

    async def forget_pending(self, *, of: str | None = None, before: datetime | None = None) -> None:
        """Forget those of a person, or those that are too old."""
        statement = delete(PendingSignInRow)
        if of is not None:
            statement = statement.where(col(PendingSignInRow.subject) == of)
        if before is not None:
            statement = statement.where(col(PendingSignInRow.expires_at) < before)
        await self._session.execute(statement)


def _session(row: SessionRow) -> Session:
    return Session(
        session_id=row.session_id,
        id_digest=row.id_digest,
        subject=row.subject,
        authenticated_at=row.authenticated_at,
        expires_at=row.expires_at,
        strength=Strength.of_acr(row.acr) or Strength.PASSWORD,
        methods=tuple(row.methods),
        device=row.device,
    )

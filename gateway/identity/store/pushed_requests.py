"""Authorization requests that clients pushed, until the person has decided; their names as SHA-256 only."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, col

from gateway.identity.store.tables import IdentityTable
from shared.database.columns import instant


class PushedRequestRow(IdentityTable, table=True):
    __tablename__ = "identity_pushed_request"

    request_digest: str = Field(primary_key=True)
    client_id: str
    parameters: str
    expires_at: datetime = instant()
    begun_at: datetime | None = instant(nullable=True)
    used_at: datetime | None = instant(nullable=True)


@dataclass(frozen=True)
class PushedRequest:
    """A request as it was pushed; `begun_at` is when a browser first came with it."""

    client_id: str
    parameters: str
    expires_at: datetime
    begun_at: datetime | None = None
    is_used: bool = False


class PushedRequestStore:
    """Rows to pushed requests and back."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, digest: str, pushed: PushedRequest) -> None:
        """Keep a new request."""
        await self._session.execute(
            insert(PushedRequestRow).values(
                request_digest=digest,
                client_id=pushed.client_id,
                parameters=pushed.parameters,
                expires_at=pushed.expires_at,
            )
        )

    async def lock(self, digest: str) -> PushedRequest | None:
        """Load a request for use."""
        row = await self._session.get(PushedRequestRow, digest, with_for_update=True)
        if row is None:
            return None
        return PushedRequest(
            row.client_id, row.parameters, row.expires_at, row.begun_at, row.used_at is not None
        )

    async def begin(self, digest: str, now: datetime, expires_at: datetime) -> None:
        """Note that a browser came with it, and how long the person may take."""
        await self._change(digest, begun_at=now, expires_at=expires_at)

    async def use(self, digest: str, now: datetime) -> None:
        """Mark a request as answered."""
        await self._change(digest, used_at=now)

    async def forget_expired(self, now: datetime) -> None:
        """Forget requests that nobody can use any more."""
        await self._session.execute(delete(PushedRequestRow).where(col(PushedRequestRow.expires_at) < now))

    async def _change(self, digest: str, **values: datetime) -> None:
        await self._session.execute(
            update(PushedRequestRow).where(col(PushedRequestRow.request_digest) == digest).values(**values)
        )

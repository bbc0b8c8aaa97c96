"""Failed attempts, by a digest of what was guessed at or from where."""

from datetime import datetime

from sqlalchemy import case, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.identity.store.tables import SignInFailureRow


class FailureStore:
    """Rows to failures in a row and the time of the next attempt, and back."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def lock(self, digest: str, now: datetime) -> tuple[int, datetime]:
        """Return failures in a row and when the next attempt may come; one attempt per digest at a time."""
        fresh = insert(SignInFailureRow).values(name_digest=digest, failures=0, retry_at=now)
        await self._session.execute(fresh.on_conflict_do_nothing())
        found = await self._session.execute(
            select(col(SignInFailureRow.failures), col(SignInFailureRow.retry_at))
            .where(col(SignInFailureRow.name_digest) == digest)
            .with_for_update()
        )
        failures, retry_at = found.one()
        return failures, retry_at

    async def set(self, digest: str, failures: int, retry_at: datetime) -> None:
        """Count a failure, or none after success."""
        await self._session.execute(
            update(SignInFailureRow)
            .where(col(SignInFailureRow.name_digest) == digest)
            .values(failures=failures, retry_at=retry_at)
        )

    async def retry_at(self, digest: str) -> datetime | None:
        """Return when the next attempt may come, without waiting for others who try at the same time."""
        statement = select(col(SignInFailureRow.retry_at)).where(col(SignInFailureRow.name_digest) == digest)
        return await self._session.scalar(statement)

    async def add(self, digest: str, now: datetime, *, counts_again_before: datetime) -> int:
        """Count one more and return how many; those whose last delay ended before an instant count no more."""
        statement = insert(SignInFailureRow).values(name_digest=digest, failures=1, retry_at=now)
        is_old = col(SignInFailureRow.retry_at) < counts_again_before
        counted = case((is_old, 1), else_=col(SignInFailureRow.failures) + 1)
        failures = await self._session.scalar(
            statement.on_conflict_do_update(
                index_elements=["name_digest"], set_={"failures": counted, "retry_at": now}
            ).returning(col(SignInFailureRow.failures))
        )
        return failures or 1

    async def forget(self, before: datetime) -> None:
        """Forget failures whose delay ended long ago."""
        await self._session.execute(delete(SignInFailureRow).where(col(SignInFailureRow.retry_at) < before))

"""Face checks that were begun; a result counts once."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.identity.domain.face_checks import FaceCheck
from gateway.identity.store.account_tables import FaceCheckRow


class FaceCheckStore:
    """Rows to checks and back."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, check: FaceCheck) -> None:
        """Keep a check."""
        await self._session.execute(
            insert(FaceCheckRow).values(
                request_id=check.request_id,
                check_id=check.check_id,
                session_id=check.session_id,
                subject=check.subject,
                expires_at=check.expires_at,
            )
        )

    async def find(self, request_id: UUID) -> FaceCheck | None:
        """Return a check."""
        row = await self._session.scalar(
            select(FaceCheckRow).where(col(FaceCheckRow.request_id) == request_id)
        )
        if row is None:
            return None
        return FaceCheck(
            row.request_id,
            row.check_id,
            row.session_id,
            row.subject,
            row.expires_at,
            row.used_at is not None,
        )

    async def use(self, request_id: UUID, now: datetime) -> bool:
        """Let its result count; False where it counted before."""
        used = await self._session.scalar(
            update(FaceCheckRow)
            .where(col(FaceCheckRow.request_id) == request_id, col(FaceCheckRow.used_at).is_(None))
            .values(used_at=now)
            .returning(col(FaceCheckRow.request_id))
        )
        return used is not None

    async def forget(self, before: datetime) -> None:
        """Forget those that are too old to count."""
        await self._session.execute(delete(FaceCheckRow).where(col(FaceCheckRow.expires_at) < before))

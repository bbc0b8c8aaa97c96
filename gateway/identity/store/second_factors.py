"""Second factors: the sealed secret of one-time codes, and recovery codes as SHA-256."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.identity.store.account_tables import RecoveryCodeRow, SecondFactorRow


@dataclass(frozen=True)
class SecondFactor:
    """An authenticator as it is kept; one that is not confirmed protects nothing yet."""

    subject: str
    sealed_secret: bytes
    begun_at: datetime
    is_confirmed: bool
    last_step: int


class SecondFactorStore:
    """Rows to second factors and back."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def has_one(self, subject: str) -> bool:
        """Tell whether the person has a confirmed authenticator."""
        factor = await self.find(subject)
        return factor is not None and factor.is_confirmed

    async def find(self, subject: str) -> SecondFactor | None:
        """Return the person's authenticator."""
        return await self._find(subject, locked=False)

    async def lock(self, subject: str) -> SecondFactor | None:
        """Return it for use: two codes at once are one after the other."""
        return await self._find(subject, locked=True)

    async def begin(self, subject: str, sealed_secret: bytes, now: datetime) -> None:
        """Keep a new one that is still to be confirmed, in place of another such."""
        values = {"sealed_secret": sealed_secret, "begun_at": now, "last_step": 0}
        statement = insert(SecondFactorRow).values(subject=subject, **values)
        await self._session.execute(
            statement.on_conflict_do_update(
                index_elements=["subject"],
                set_=values,
                where=col(SecondFactorRow.confirmed_at).is_(None),
            )
        )

    async def confirm(self, subject: str, step: int, now: datetime) -> None:
        """From now on its codes are asked for."""
        await self._set(subject, confirmed_at=now, last_step=step)

    async def take_step(self, subject: str, step: int) -> None:
        """Remember the code that was taken, so that it is good once."""
        await self._set(subject, last_step=step)

    async def remove(self, subject: str) -> None:
        """Forget the authenticator and the recovery codes."""
        for table in (SecondFactorRow, RecoveryCodeRow):
            await self._session.execute(delete(table).where(col(table.subject) == subject))

    async def replace_recovery_codes(self, subject: str, digests: Collection[str]) -> None:
        """Keep new recovery codes; the old ones are good no more."""
        await self._session.execute(delete(RecoveryCodeRow).where(col(RecoveryCodeRow.subject) == subject))
        for digest in digests:
            await self._session.execute(insert(RecoveryCodeRow).values(subject=subject, code_digest=digest))

    async def take_recovery_code(self, subject: str, digest: str, now: datetime) -> bool:
        """Use a recovery code; False for one that is not there or was used."""
        taken = await self._session.scalar(
            update(RecoveryCodeRow)
            .where(
                col(RecoveryCodeRow.subject) == subject,
                col(RecoveryCodeRow.code_digest) == digest,
                col(RecoveryCodeRow.used_at).is_(None),
            )
            .values(used_at=now)
            .returning(col(RecoveryCodeRow.code_digest))
        )
        return taken is not None

    async def recovery_codes_left(self, subject: str) -> int:
        """Return how many recovery codes are still good."""
        statement = select(func.count()).where(
            col(RecoveryCodeRow.subject) == subject, col(RecoveryCodeRow.used_at).is_(None)
        )
        return await self._session.scalar(statement) or 0

    async def _find(self, subject: str, *, locked: bool) -> SecondFactor | None:
        row = await self._session.get(
            SecondFactorRow, subject, with_for_update=locked, populate_existing=True
        )
        if row is None:
            return None
        return SecondFactor(
            row.subject, row.sealed_secret, row.begun_at, row.confirmed_at is not None, row.last_step
        )

    async def _set(self, subject: str, **values: object) -> None:
        await self._session.execute(
            update(SecondFactorRow).where(col(SecondFactorRow.subject) == subject).values(**values)
        )

"""Withdrawals of tokens that have not expired yet."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.identity.store.tables import WithdrawalRow
from shared.security.withdrawals import WithdrawalKind, digest_of

_LONGEST_LIFE: Final = timedelta(minutes=15)  # of an access token, with room for clocks that differ
# Names that are never given again: whatever clock issued a token under one of them, it is refused.
_GONE_FOR_GOOD: Final = (WithdrawalKind.TOKEN, WithdrawalKind.GRANT, WithdrawalKind.CONSENT)


class WithdrawalStore:
    """Rows to withdrawals and back."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, kind: WithdrawalKind, value: str, now: datetime) -> None:
        """Withdraw what was issued up to now under this name; where it is never given again, whatever is."""
        forgotten_at = now + _LONGEST_LIFE
        issued_until = forgotten_at if kind in _GONE_FOR_GOOD else now
        values = {"issued_until": issued_until, "forgotten_at": forgotten_at}
        statement = insert(WithdrawalRow).values(digest=digest_of(kind, value), **values)
        await self._session.execute(
            statement.on_conflict_do_update(
                index_elements=["digest"],
                set_={
                    name: func.greatest(col(getattr(WithdrawalRow, name)), value)
                    for name, value in values.items()
                },
            )
        )

    async def current(self, now: datetime) -> Mapping[str, int]:
        """Return digest to the second up to which tokens were issued, for all that still matter."""
        found = await self._session.execute(
            select(col(WithdrawalRow.digest), col(WithdrawalRow.issued_until)).where(
                col(WithdrawalRow.forgotten_at) > now
            )
        )
        return {digest: int(issued_until.timestamp()) for digest, issued_until in found}

    async def forget(self, now: datetime) -> None:
        """Forget those that name no living token."""
        await self._session.execute(delete(WithdrawalRow).where(col(WithdrawalRow.forgotten_at) <= now))

"""What every gateway process must know at once, read from the database again and again: withdrawals, signing keys."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from gateway.identity.store.withdrawals import WithdrawalStore
from shared.database.unit_of_work import UnitOfWork, UnitOfWorkFactory
from shared.security.sealing import CannotUnseal
from shared.security.withdrawals import Withdrawals

log = logging.getLogger(__name__)

Refresh = Callable[[UnitOfWork], Awaitable[None]]
_INTERVAL_SECONDS: Final = 0.5


class FollowedWithdrawals(Withdrawals):
    """Read again and again from the database, as the services read them from the gateway."""

    async def refresh(self, uow: UnitOfWork) -> None:
        """Read what is withdrawn now."""
        self.replace(await WithdrawalStore(uow.session).current(uow.now))


async def keep_up(transactions: UnitOfWorkFactory, *refreshes: Refresh) -> None:
    """Refresh until cancelled; while the database is away the last that was known holds."""
    while True:
        try:
            async with transactions.open() as uow:
                for refresh in refreshes:
                    await refresh(uow)
        except (SQLAlchemyError, OSError, CannotUnseal) as error:
            log.warning("news_not_read", extra={"reason": type(error).__name__})
        await asyncio.sleep(_INTERVAL_SECONDS)

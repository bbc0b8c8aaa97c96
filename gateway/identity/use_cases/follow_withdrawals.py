"""Which tokens were withdrawn before they expired, known to this process within a second."""

import asyncio
import logging

from sqlalchemy.exc import SQLAlchemyError

from gateway.identity.store.withdrawals import WithdrawalStore
from shared.database.unit_of_work import UnitOfWork, UnitOfWorkFactory
from shared.security.withdrawals import Withdrawals

log = logging.getLogger(__name__)

_INTERVAL_SECONDS = 0.5


class FollowedWithdrawals(Withdrawals):
    """Read again and again from the database, as the services read them from the gateway."""

    async def refresh(self, uow: UnitOfWork) -> None:
        """Read what is withdrawn now."""
        self.replace(await WithdrawalStore(uow.session).current(uow.now))

    async def follow(self, transactions: UnitOfWorkFactory) -> None:
        """Keep up until cancelled; while the database is away the last that was known holds."""
        while True:
            try:
                async with transactions.open() as uow:
                    await self.refresh(uow)
            except (SQLAlchemyError, OSError) as error:
                log.warning("withdrawals_not_read", extra={"reason": type(error).__name__})
            await asyncio.sleep(_INTERVAL_SECONDS)

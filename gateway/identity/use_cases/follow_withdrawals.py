"""Which access tokens were withdrawn before they expired, known to this process within a second."""

import asyncio
import logging

from sqlalchemy.exc import SQLAlchemyError

from gateway.identity.store.grants import GrantStore
from shared.database.unit_of_work import UnitOfWork, UnitOfWorkFactory

log = logging.getLogger(__name__)

_INTERVAL_SECONDS = 0.5


class Withdrawals:
    """The ids of withdrawn tokens that have not expired; read again and again from the database."""

    def __init__(self) -> None:
        self._token_ids: frozenset[str] = frozenset()

    def contains(self, token_id: str) -> bool:
        """Tell whether a token was withdrawn."""
        return token_id in self._token_ids

    async def refresh(self, uow: UnitOfWork) -> None:
        """Read what is withdrawn now."""
        self._token_ids = await GrantStore(uow.session).withdrawn_access_tokens(uow.now)

    async def follow(self, transactions: UnitOfWorkFactory) -> None:
        """Keep up until cancelled; while the database is away the last that was known holds."""
        while True:
            try:
                async with transactions.open() as uow:
                    await self.refresh(uow)
            except (SQLAlchemyError, OSError) as error:
                log.warning("withdrawals_not_read", extra={"reason": type(error).__name__})
            await asyncio.sleep(_INTERVAL_SECONDS)

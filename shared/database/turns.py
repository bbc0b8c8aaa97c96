"""Writers that come one after another: an advisory lock, held until the transaction ends, says whose turn it is."""

from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

# Writers of several streams queue: giving up after the usual 2 s would put a batch off until its redelivery. The
# select list is evaluated in its order.
_TAKE: Final = text("SELECT set_config('lock_timeout', '7s', true), pg_advisory_xact_lock(:key)")
_TAKEN: Final = "turns"


async def take_turn(session: AsyncSession, key: int) -> bool:
    """Wait for the turn; asked for once in a transaction. True where it was taken earlier in the same one.

    Inside a savepoint it is asked for again: what was locked in one is let go when it is rolled back.
    """
    transaction = session.sync_session.get_transaction()
    known, keys = session.info.get(_TAKEN, (None, frozenset()))
    if known is transaction and transaction is not None and key in keys:
        return True
    await session.execute(_TAKE, {"key": key})
    if not session.in_nested_transaction():
        transaction = session.sync_session.get_transaction()
        others = keys if known is transaction else frozenset()
        session.info[_TAKEN] = (transaction, others | {key})
    return False

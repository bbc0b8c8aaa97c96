"""What only one process of a service may do at a time: whoever holds an advisory lock of its database leads."""

from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_LOCK: Final = {"key": 0x6C656164}  # 'lead'
_TRY = text("SELECT pg_try_advisory_lock(:key)")
_GIVE_UP = text("SELECT pg_advisory_unlock(:key)")
_HELD = text("""
    SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = 0 AND objid = :key AND objsubid = 1
        AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
""")


async def try_to_lead(connection: AsyncConnection) -> bool:
    """Take the lock if nobody has it; it is held by this connection, and lost with it."""
    return bool(await connection.scalar(_TRY, _LOCK))


async def give_up_leading(connection: AsyncConnection) -> None:
    """Let another one lead."""
    await connection.execute(_GIVE_UP, _LOCK)


async def somebody_leads(connection: AsyncConnection) -> bool:
    """Whether any process leads, on whichever machine."""
    return bool(await connection.scalar(_HELD, _LOCK))

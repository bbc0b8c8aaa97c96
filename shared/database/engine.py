"""The engine and what its errors mean: which may be tried again, and which say that the database is away."""

import asyncpg
from sqlalchemy import exc
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

_TRY_AGAIN = frozenset({"40001", "40P01"})  # serialization failure, deadlock detected
_AWAY_CLASSES = ("08", "53", "57")  # connection, insufficient resources, operator intervention
_LOCK_WAIT = "55P03"  # lock_timeout


def create_engine(
    url: str, application_name: str, *, pool_size: int = 10, overflow: int = 5, pool_seconds: float = 2
) -> AsyncEngine:
    """Build the pool with every wait bounded (see the settings document, 7.3).

    A request gives up on the pool after 2 s (a worker, whom nobody waits for, later), on a lock after 2 s, on a
    statement after 8 s; a transaction left open is ended by the server after 10 s; a dead peer is noticed by TCP
    keepalive within about 25 s.
    """
    return create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=overflow,
        pool_timeout=pool_seconds,
        pool_pre_ping=True,  # a restarted server costs a ping, not a failed request
        pool_recycle=1800,
        connect_args={
            "timeout": 3,
            "command_timeout": 10,
            "server_settings": {
                "application_name": application_name,
                "statement_timeout": "8000",
                "lock_timeout": "2000",
                "idle_in_transaction_session_timeout": "10000",
                "tcp_keepalives_idle": "10",
                "tcp_keepalives_interval": "5",
                "tcp_keepalives_count": "3",
                "synchronous_commit": "on",  # an acknowledged command survives a power cut
                "timezone": "UTC",
            },
        },
    )


def sqlstate(error: BaseException) -> str | None:
    """Return the SQLSTATE behind an error of SQLAlchemy or asyncpg, if it has one."""
    for candidate in (error, getattr(error, "orig", None), getattr(error, "__cause__", None)):
        code = getattr(candidate, "sqlstate", None) or getattr(candidate, "pgcode", None)
        if isinstance(code, str):
            return code
    return None


def is_transient(error: BaseException) -> bool:
    """True for a serialization failure or deadlock: nothing was done, the whole transaction may run again."""
    return sqlstate(error) in _TRY_AGAIN


def is_unavailable(error: BaseException) -> bool:
    """True where the database is away, full, overloaded or a lock was not to be had in time."""
    code = sqlstate(error)
    if code is not None:
        return code.startswith(_AWAY_CLASSES) or code == _LOCK_WAIT
    if isinstance(error, exc.DBAPIError):
        return error.connection_invalidated or isinstance(error, exc.InterfaceError | exc.OperationalError)
    return isinstance(
        error, exc.TimeoutError | ConnectionError | TimeoutError | OSError | asyncpg.InterfaceError
    )


def is_unique_violation(error: BaseException, constraint: str | None = None) -> bool:
    """True for a unique violation, of the named constraint or index where one is given."""
    if sqlstate(error) != "23505":
        return False
    return constraint is None or constraint in str(error)

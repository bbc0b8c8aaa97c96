"""The engine and what its errors mean: which may be tried again, and which say that the database is away."""

import time
from typing import Final

import asyncpg
from sqlalchemy import event, exc
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

_TRY_AGAIN = frozenset({"40001", "40P01"})  # serialization failure, deadlock detected
_AWAY_CLASSES = ("08", "53", "57")  # connection, insufficient resources, operator intervention
_LOCK_WAIT = "55P03"  # lock_timeout
_TRUSTED_SECONDS: Final = 5.0  # a connection used this short a while ago is not asked whether it lives
_PREPARED_STATEMENTS: Final = (
    500  # kept per connection: a worker of many consumers has more than the usual 100
)
_RESTED_SINCE: Final = "rested_since"


def create_engine(
    url: str, application_name: str, *, pool_size: int = 10, overflow: int = 5, pool_seconds: float = 2
) -> AsyncEngine:
    """Build the pool with every wait bounded (see the settings document, 7.3).

    A request gives up on the pool after 2 s (a worker, whom nobody waits for, later), on a lock after 2 s, on a
    statement after 8 s; a transaction left open is ended by the server after 10 s; a dead peer is noticed by TCP
    keepalive within about 25 s. A restarted server costs a ping, not a failed request.
    """
    engine = create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=overflow,
        pool_timeout=pool_seconds,
        pool_recycle=1800,
        pool_use_lifo=True,  # a connection just used is used again, and need not be asked whether it lives
        connect_args={
            "prepared_statement_cache_size": _PREPARED_STATEMENTS,
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
    _ask_what_has_rested(engine)
    return engine


def _ask_what_has_rested(engine: AsyncEngine) -> None:
    """Ask a connection that rested for a while whether it lives.

    One that was used a moment ago is trusted unless its socket was closed, which a server does as it stops:
    SQLAlchemy's own pre-ping asks each time, in three round trips.
    """

    @event.listens_for(engine.sync_engine, "checkin")
    def _rests(_connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
        record.info[_RESTED_SINCE] = time.monotonic()

    @event.listens_for(engine.sync_engine, "checkout")
    def _is_wanted(
        connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: PoolProxiedConnection
    ) -> None:
        since = record.info.pop(_RESTED_SINCE, None)
        if since is None:
            return  # just connected
        driver = getattr(connection, "driver_connection", None)
        if isinstance(driver, asyncpg.Connection) and driver.is_closed():
            raise exc.InvalidatePoolError
        if time.monotonic() - since < _TRUSTED_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except Exception as error:
            raise exc.InvalidatePoolError from error


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
    """True where the database is away, full, overloaded or a lock was not to be had in time.

    The driver calls it an internal error when the server's last word and our next statement cross.
    """
    code = sqlstate(error)
    if code is not None:
        return code.startswith(_AWAY_CLASSES) or code == _LOCK_WAIT
    if isinstance(error, exc.DBAPIError):
        is_cut_off = isinstance(error.orig and error.orig.__cause__, asyncpg.InternalClientError)
        return (
            is_cut_off
            or error.connection_invalidated
            or isinstance(error, exc.InterfaceError | exc.OperationalError)
        )
    return isinstance(
        error, exc.TimeoutError | ConnectionError | TimeoutError | OSError | asyncpg.InterfaceError
    )


def is_unique_violation(error: BaseException, constraint: str | None = None) -> bool:
    """True for a unique violation, of the named constraint or index where one is given."""
    if sqlstate(error) != "23505":
        return False
    return constraint is None or constraint in str(error)

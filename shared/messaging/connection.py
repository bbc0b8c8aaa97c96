"""The connection to the broker, with every default that loses messages or hangs replaced (settings, 7.2)."""

import asyncio
import logging

import nats
from nats.aio.client import Client

log = logging.getLogger(__name__)


async def connect(url: str, *, user: str, password: str, name: str) -> Client:
    """Connect, waiting for the broker as long as it takes; afterwards reconnects without end.

    nats-py gives up after 60 tries by default and its first connect has no limit: here each first attempt is
    bounded and repeated, so that a process may start before its broker.
    """
    while True:
        try:
            return await asyncio.wait_for(_connect_once(url, user, password, name), 15)
        except (TimeoutError, OSError, nats.errors.Error) as error:
            log.warning("broker_unreachable", extra={"reason": type(error).__name__})
            await asyncio.sleep(1)


async def _connect_once(url: str, user: str, password: str, name: str) -> Client:
    async def on_error(error: Exception) -> None:
        log.warning("broker_error", extra={"reason": str(error)[:200]})

    async def on_disconnect() -> None:
        log.warning("broker_disconnected")

    async def on_reconnect() -> None:
        log.info("broker_reconnected")

    return await nats.connect(
        url.split(","),
        user=user,
        password=password,
        name=name,
        inbox_prefix=f"_INBOX_{user}".encode(),
        allow_reconnect=True,
        max_reconnect_attempts=-1,
        reconnect_time_wait=1,
        connect_timeout=2,
        ping_interval=5,  # a black-holed connection is noticed within about 15 s
        max_outstanding_pings=2,
        drain_timeout=10,
        error_cb=on_error,
        disconnected_cb=on_disconnect,
        reconnected_cb=on_reconnect,
    )

"""The operator's connection to a running local broker, with the provisioner's rights."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import nats
from nats.aio.client import Client

from deploy.local.environment import Surroundings
from deploy.local.layout import HOST
from deploy.local.refusals import Refused
from deploy.local.secrets import PROVISIONER


@contextlib.asynccontextmanager
async def connected(url: str, *, user: str, password: str, name: str) -> AsyncIterator[Client]:
    """Raises: Refused when the broker is away or does not know the user; it never waits without end."""
    try:
        client = await asyncio.wait_for(
            nats.connect(
                url.split(","),
                name=name,
                user=user,
                password=password,
                inbox_prefix=f"_INBOX_{user}".encode(),
                connect_timeout=2,
                allow_reconnect=False,
                max_reconnect_attempts=2,
                reconnect_time_wait=0.2,
                error_cb=_said_by_the_call,
            ),
            15,
        )
    except (OSError, TimeoutError, nats.errors.Error) as error:
        raise Refused(f"the broker at {url} cannot be reached: {error or type(error).__name__}") from error
    try:
        yield client
    finally:
        await client.close()


async def _said_by_the_call(_error: Exception) -> None:
    """The call that failed raises by itself; nats-py would log the same with a traceback."""


@contextlib.asynccontextmanager
async def provisioner(around: Surroundings) -> AsyncIterator[Client]:
    async with connected(
        f"nats://{HOST}:{around.ports.nats}",
        user=PROVISIONER,
        password=around.secrets.nats[PROVISIONER],
        name="operator",
    ) as client:
        yield client

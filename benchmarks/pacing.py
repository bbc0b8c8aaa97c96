"""Sending one at a time or at a steady pace, and waiting until all has arrived, never without end."""

import asyncio
import time
from typing import Final, Protocol

from deploy.local.refusals import Refused

ARRIVE_SECONDS: Final = 60.0


class Way(Protocol):
    """Something that is sent and arrives elsewhere."""

    async def send(self) -> None:
        """Send one more."""
        ...

    async def has_arrived(self) -> bool:
        """Tell whether everything sent so far has arrived."""
        ...


async def send_all(way: Way, *, count: int, per_second: int | None) -> None:
    """Send `count`, so many a second or each when the last has arrived; return when all have.

    Raises: Refused when something does not arrive.
    """
    if per_second is None:
        for _ in range(count):
            await way.send()
            await _arrival(way)
        return
    started = time.monotonic()
    under_way: list[asyncio.Task[None]] = []
    try:
        for number in range(count):
            await asyncio.sleep(max(0.0, started + number / per_second - time.monotonic()))
            under_way.append(asyncio.create_task(way.send()))
        await asyncio.gather(*under_way)
    finally:
        for task in under_way:
            task.cancel()
    await _arrival(way)


async def _arrival(way: Way) -> None:
    deadline = time.monotonic() + ARRIVE_SECONDS
    while not await way.has_arrived():
        if time.monotonic() > deadline:
            raise Refused(f"not everything arrived within {ARRIVE_SECONDS:.0f} s")
        await asyncio.sleep(0.005)

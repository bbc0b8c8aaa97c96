"""Waiting for a condition with a deadline, instead of sleeping and hoping."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def eventually(condition: Callable[[], Awaitable[T]], *, within: float = 15.0) -> T:
    """Return the first truthy value of `condition`; an AssertionError inside it counts as not yet."""
    deadline = time.monotonic() + within
    last: object = None
    while time.monotonic() < deadline:
        try:
            last = await condition()
            if last:
                return last
        except AssertionError as error:
            last = error
        await asyncio.sleep(0.03)
    raise AssertionError(f"not within {within} s; last seen: {last!r}")

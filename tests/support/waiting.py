"""Waiting for a condition with a deadline, instead of sleeping and hoping."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")
_FIRST_PAUSE, _LONGEST_PAUSE = 0.01, 0.1


async def eventually(condition: Callable[[], Awaitable[T]], *, within: float = 30.0) -> T:
    """Return the first truthy value of `condition`; an AssertionError inside it counts as not yet."""
    deadline = time.monotonic() + within
    last: object = None
    pause = _FIRST_PAUSE
    while time.monotonic() < deadline:
        try:
            last = await condition()
            if last:
                return last
        except AssertionError as error:
            last = error
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, _LONGEST_PAUSE)  # asking takes the time of what is waited for
    raise AssertionError(f"not within {within} s; last seen: {last!r}")

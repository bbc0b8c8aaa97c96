"""How long something is waited for, where that is asked thousands of times a second."""

import asyncio
from collections.abc import Callable

# Timers of the event loop are not that exact.
_NEARLY_SECONDS = 0.001


class Patience:
    """One time limit, begun and lifted often: a single timer serves many waits, it looks again when it has run out."""

    __slots__ = ("_due", "_loop", "_on_end", "_timer")

    def __init__(self, loop: asyncio.AbstractEventLoop, on_end: Callable[[], None]) -> None:
        self._loop = loop
        self._on_end = on_end
        self._due: float | None = None
        self._timer: asyncio.TimerHandle | None = None

    def begin(self, seconds: float | None) -> None:
        """Call `on_end` so long from now, unless lifted or begun anew before; None sets no new limit."""
        if seconds is None:
            return
        self._due = due = self._loop.time() + seconds
        if self._timer is not None:
            if self._timer.when() <= due:
                return
            self._timer.cancel()
        self._timer = self._loop.call_later(seconds, self._look)

    def lift(self) -> None:
        """From here on nothing is waited for."""
        self._due = None

    def close(self) -> None:
        """Nothing will be waited for any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        self._timer = None
        if self._due is None:
            return
        left = self._due - self._loop.time()
        if left > _NEARLY_SECONDS:
            self._timer = self._loop.call_later(left, self._look)
        else:
            self._on_end()

"""The services that follow what one of them announces, at rest while it is measured."""

import contextlib
from collections.abc import Iterator
from typing import Final

import psutil

_FOLLOWERS: Final = ("services.credit", "services.licensing", "services.hotline", "gateway.worker")


@contextlib.contextmanager
def followers_at_rest() -> Iterator[None]:
    """Stop the other services' programs for a while: in a city they have machines of their own.

    Nothing is lost by that: what they follow waits in the broker, and they catch up afterwards.
    """
    stopped: list[psutil.Process] = []
    try:
        for process in psutil.Process().children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                if any(name in argument for argument in process.cmdline() for name in _FOLLOWERS):
                    process.suspend()
                    stopped.append(process)
        yield
    finally:
        for process in stopped:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.resume()

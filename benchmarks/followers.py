"""The services that follow what one of them announces: at rest while it is measured, and what they cost."""

import contextlib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import psutil

from shared.messaging.topology import PUBLISHERS

_FOLLOWERS: Final = ("services.credit", "services.licensing", "services.hotline", "gateway.worker")
_PROGRAMS: Final = tuple(
    f"{'' if name == 'gateway' else 'services.'}{name}.{part}"
    for name in PUBLISHERS
    for part in ("worker", "app")
)


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


def cpu_seconds(cluster: Path) -> dict[str, float]:
    """CPU seconds used so far by each program of the suite, by its database's backends, and by the broker."""
    used: defaultdict[str, float] = defaultdict(float)
    programs = [(_program, process) for process in psutil.Process().children(recursive=True)]
    backends = [(_database, process) for process in psutil.process_iter() if _works_in(process, cluster)]
    for named, process in programs + backends:
        with contextlib.suppress(psutil.Error):
            name = named(process)
            if name is not None:
                times = process.cpu_times()
                used[name] += times.user + times.system
    return used


def _program(process: psutil.Process) -> str | None:
    arguments = process.cmdline()
    if arguments and Path(arguments[0]).name == "nats-server":
        return "broker"
    told = (argument.partition(":")[0] for argument in arguments)
    return next((name.removeprefix("services.") for name in told if name in _PROGRAMS), None)


def _works_in(process: psutil.Process, cluster: Path) -> bool:
    with contextlib.suppress(psutil.Error, OSError):
        return process.name().startswith("postgres") and Path(process.cwd()) == cluster.resolve()
    return False


def _database(process: psutil.Process) -> str | None:
    """A backend's title names its role and database: `postgres: credit credit 127.0.0.1(4711) idle`."""
    words = " ".join(process.cmdline()).split()
    return f"{words[2]}.database" if len(words) > 2 and words[2] in PUBLISHERS else "database"

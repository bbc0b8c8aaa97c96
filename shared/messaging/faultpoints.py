"""Named points where a test may kill, pause or break a process; inert unless local mode names one.

`TONGBAN_FAULTPOINT=relay.after_publish:3:kill` ends the process with SIGKILL at the third pass; `raise` raises there;
`pause` stops it with SIGSTOP until it gets SIGCONT.
"""

import os
import signal
from collections import Counter

_ACTIONS = ("kill", "raise", "pause")
_passes: Counter[str] = Counter()


class FaultInjected(RuntimeError):
    """A test asked for a failure at this point."""


def check_configuration(*, local: bool) -> None:
    """Refuse to start with a fault point outside local mode, or with one that cannot be read."""
    spec = os.environ.get("TONGBAN_FAULTPOINT")
    if spec is None:
        return
    if not local:
        raise SystemExit("TONGBAN_FAULTPOINT is set: fault points work in local mode only; unset it")
    parts = spec.split(":")
    if len(parts) != 3 or not parts[1].isdigit() or parts[2] not in _ACTIONS:
        raise SystemExit(f"TONGBAN_FAULTPOINT={spec!r}: expected name:nth:kill|raise|pause")


def hit(name: str) -> None:
    """Pass the named point; acts on the n-th pass if the environment asks for it."""
    spec = os.environ.get("TONGBAN_FAULTPOINT")
    if spec is None or not spec.startswith(f"{name}:"):
        return
    _, nth, action = spec.split(":")
    _passes[name] += 1
    if _passes[name] != int(nth):
        return
    if action == "raise":
        raise FaultInjected(name)
    os.kill(os.getpid(), signal.SIGKILL if action == "kill" else signal.SIGSTOP)

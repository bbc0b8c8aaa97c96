"""Refusals of the local runtime: one clear line for the operator, then exit code 1."""

import errno
from pathlib import Path


class Refused(Exception):
    """What was asked cannot be done; the message says why and what to do, one line per fault."""


class PortTaken(Refused):
    """Another program listens where the suite wants to listen."""

    def __init__(self, port: int, wanted_by: str) -> None:
        super().__init__(
            f"port {port} (for {wanted_by}) is already in use; stop what listens there, "
            "or choose another base port with --port"
        )


class AlreadyRunning(Refused):
    """A second `up` on one data directory."""

    def __init__(self, root: Path, pid: int | None) -> None:
        holder = f" (process {pid})" if pid else ""
        super().__init__(
            f"a suite already runs on {root}{holder}; use `tongban down`, or another --data directory"
        )


class NotRunning(Refused):
    """A command needs the running suite and there is none."""

    def __init__(self, root: Path) -> None:
        super().__init__(f"no suite runs on {root}; start it with `tongban up`")


def refusal_of(error: OSError, root: Path) -> Refused:
    """Turn an operating system error met on the data directory into a line that names the cure."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Refused(f"the disk that holds {root} is full; free some space and start again")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST):
        return Refused(
            f"cannot write to {error.filename or root}: {error.strerror}; choose another --data directory"
        )
    return Refused(f"{error.filename or root}: {error.strerror or error}")

"""One supervisor per data directory: a lock of the kernel, which ends with its holder, however that ends."""

import contextlib
import fcntl
import os
from collections.abc import Iterator

from deploy.local.layout import DataDirectory
from deploy.local.refusals import AlreadyRunning


@contextlib.contextmanager
def sole_supervisor(data: DataDirectory) -> Iterator[None]:
    """Raises: AlreadyRunning. The file stays behind; only the lock on it counts, so it cannot be stale."""
    descriptor = os.open(data.lock_file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRunning(data.root, supervisor_pid(data)) from error
        os.ftruncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode())
        yield
    finally:
        os.close(descriptor)


def supervisor_pid(data: DataDirectory) -> int | None:
    """The pid of the living supervisor; None when nobody holds the lock."""
    try:
        descriptor = os.open(data.lock_file, os.O_RDWR)
    except FileNotFoundError:
        return None
    try:
        with contextlib.suppress(BlockingIOError, ValueError):
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return None
        text = os.read(descriptor, 32)
        return int(text) if text.isdigit() else None
    finally:
        os.close(descriptor)

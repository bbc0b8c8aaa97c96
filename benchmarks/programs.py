"""Programs that a benchmark starts beside the suite: on the loopback address, ended by their own handle."""

import asyncio
import contextlib
import subprocess
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import psutil

from deploy.local.layout import HOST
from deploy.local.processes import kill_tree
from deploy.local.refusals import Refused
from deploy.local.supervisor import last_line

READY_SECONDS: Final = 30.0


@contextlib.asynccontextmanager
async def running(
    command: Sequence[str], *, port: int, log: Path, environment: Mapping[str, str] | None = None
) -> AsyncIterator[int]:
    """The program, given by its process id, listens on `port` inside, and is gone after.

    Raises: Refused when it does not start.
    """
    process = _start(command, log, environment)
    try:
        await _listening(process, port, log)
        yield process.pid
    finally:
        await asyncio.to_thread(_stop, process)


def _start(
    command: Sequence[str], log: Path, environment: Mapping[str, str] | None
) -> "subprocess.Popen[bytes]":
    with log.open("ab") as output:
        return subprocess.Popen(
            list(command),
            env=None if environment is None else dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


async def _listening(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while True:
        if process.poll() is not None or time.monotonic() > deadline:
            raise Refused(f"{Path(str(process.args[0])).name} does not start: {last_line(log)}")  # type: ignore[index]
        try:
            _, writer = await asyncio.open_connection(HOST, port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        kill_tree(psutil.Process(process.pid))

"""One broker for the module tests of the runtime, and a runner of suites with trivial processes."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import psutil
import pytest

from deploy.local.broker import Broker
from deploy.local.layout import DataDirectory, Ports, checkout, is_free
from tests.deploy.trivial_suite import FOLLOWERS
from tests.support.broker import broker_for

DEADLINE_SECONDS = 60.0

StartSuite = Callable[[], subprocess.Popen[str]]


@pytest.fixture(scope="session")
async def broker(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Broker]:
    """A broker on which credit follows registration's enterprises, and nobody follows anything else."""
    async with broker_for(tmp_path_factory.mktemp("broker"), FOLLOWERS) as running:
        yield running


@pytest.fixture
def ports() -> Ports:
    """Eight neighbouring ports that are free now."""
    for base in range(20000 + os.getpid() % 500 * 16, 60000, 16):
        if all(is_free(port) for port, _ in Ports(base)):
            return Ports(base)
    raise AssertionError("no eight free ports in a row")


@pytest.fixture
def data(tmp_path: Path) -> DataDirectory:
    return DataDirectory(tmp_path / "data")


@pytest.fixture
def start_suite(data: DataDirectory, ports: Ports, tmp_path: Path) -> Iterator[StartSuite]:
    """Starts the trivial suite in a process of its own; its output goes to `suite.out`."""
    started: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        with (tmp_path / "suite.out").open("a") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.deploy.trivial_suite", str(data.root), str(ports.base)],
                cwd=checkout(),
                stdout=output,
                stderr=output,
                text=True,
            )
        started.append(process)
        return process

    yield start
    for process in started:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        process.wait(60)
    assert processes_of(data) == []


def wait_for(condition: Callable[[], bool], *, what: str) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"not within {DEADLINE_SECONDS:.0f} s: {what}"
        time.sleep(0.05)


def wait_until_ready(data: DataDirectory, process: subprocess.Popen[str]) -> None:
    """Until it says so, or has ended without."""
    out = data.root.parent / "suite.out"
    wait_for(
        lambda: "Tongban is ready" in out.read_text() or process.poll() is not None, what=out.read_text()
    )
    assert process.poll() is None, out.read_text()


def processes_of(data: DataDirectory) -> list[str]:
    """Living processes of a suite on this data directory, found without its own records."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            inside = str(data.root) in process.cwd() or any(str(data.root) in w for w in process.cmdline())
            if inside and process.status() != psutil.STATUS_ZOMBIE:
                found.append(f"{process.pid} {process.name()}")
    return found


@contextlib.contextmanager
def listener(port: int) -> Iterator[None]:
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("127.0.0.1", port))
        server.listen()
        yield

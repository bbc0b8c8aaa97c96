"""The whole suite as a newcomer starts it: `tongban up` as a process, on ports and data of its own."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TONGBAN = [sys.executable, "-m", "deploy.local.cli"]


def free_ports() -> int:
    """The first of eight neighbouring free ports, below those from which connections go out meanwhile."""
    for _ in range(50):
        base = 10_000 + 8 * secrets.randbelow(1_250)
        try:
            for offset in range(8):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", base + offset))
        except OSError:
            continue
        return base
    raise AssertionError("no eight neighbouring ports are free")


@dataclass
class RunningSuite:
    """A suite that a test drives from outside."""

    data: Path
    port: int
    process: subprocess.Popen[str]

    @property
    def url(self) -> str:
        """Where the gateway listens."""
        return f"http://127.0.0.1:{self.port}"

    def tongban(self, *arguments: str, timeout: float = 240) -> subprocess.CompletedProcess[str]:
        """Run a command against this suite."""
        return subprocess.run(
            [*TONGBAN, *arguments, "--data", str(self.data)],
            capture_output=True,
            text=True,
            check=False,
            timeout=timeout,
            env=os.environ | {"LANG": "en_GB.UTF-8", "COLUMNS": "200"},
        )

    def demo(self) -> dict[str, Any]:
        """Run the main job and return what it says as JSON."""
        done = self.tongban("demo", "--port", str(self.port), "--json")
        assert done.returncode == 0, done.stderr[-3000:] + self.logs()
        told: dict[str, Any] = json.loads(done.stdout)
        return told

    def status(self) -> dict[str, Any]:
        """What `tongban status --json` says."""
        told: dict[str, Any] = json.loads(self.tongban("status", "--json").stdout)
        return told

    def events(self) -> list[dict[str, Any]]:
        """Everything that the streams hold."""
        done = self.tongban("events", "tail", "--since", "start")
        assert done.returncode == 0, done.stderr
        return [json.loads(line)["event"] for line in done.stdout.splitlines()]

    def pids(self) -> dict[str, int]:
        """Process ids of the parts by name: `postgres`, `nats`, `credit.api`, `credit.worker` ..."""
        return {
            path.stem: int(json.loads(path.read_text())["pid"]) for path in (self.data / "run").glob("*.json")
        }

    def logs(self, lines: int = 15) -> str:
        """The warnings and errors that the parts logged last."""
        told = []
        for path in sorted((self.data / "logs").glob("*.log")):
            bad = [
                line for line in path.read_text(errors="replace").splitlines() if '"level": "error"' in line
            ]
            told += [f"{path.stem}: {line[:600]}" for line in bad[-lines:]]
        return "\n".join(told)


@contextmanager
def tongban_up(directory: Path) -> Iterator[RunningSuite]:
    """Start a suite and wait until it says that it is ready."""
    port = free_ports()
    data = directory / "data"
    process = subprocess.Popen(
        [*TONGBAN, "up", "--data", str(data), "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        said = _until_ready(process)
        assert process.poll() is None, "".join(said)
        yield RunningSuite(data, port, process)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(40)
        except subprocess.TimeoutExpired:
            process.kill()


def _until_ready(process: subprocess.Popen[str]) -> Sequence[str]:
    said: list[str] = []
    assert process.stdout is not None
    for line in process.stdout:
        said.append(line)
        if "Ctrl-C" in line:
            break
    return said

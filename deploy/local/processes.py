"""Processes that outlive their parent's memory: records on disk, identity by pid and start time, stopping."""

import contextlib
import json
import signal
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import psutil

START_TIME_TOLERANCE_SECONDS: Final = 2.0


@dataclass(frozen=True)
class ProcessRecord:
    """A process that was started; the start time tells it from a later one with the same pid."""

    name: str
    pid: int
    started_at: float
    stop_signal: int = signal.SIGTERM
    stop_phase: int = 0

    @classmethod
    def of(
        cls, name: str, pid: int, *, stop_signal: int = signal.SIGTERM, stop_phase: int = 0
    ) -> "ProcessRecord":
        """Raises: psutil.NoSuchProcess when it is gone already."""
        return cls(name, pid, psutil.Process(pid).create_time(), stop_signal, stop_phase)

    def process(self) -> psutil.Process | None:
        """The living process of this record, or None; a zombie is not alive."""
        with contextlib.suppress(psutil.Error):
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.started_at) < START_TIME_TOLERANCE_SECONDS
            if same and process.status() != psutil.STATUS_ZOMBIE:
                return process
        return None

    def save(self, folder: Path) -> None:
        # Written aside and moved, so that a crash never leaves half a record.
        draft = folder / f".{self.name}.draft"
        draft.write_text(json.dumps(asdict(self)))
        draft.replace(folder / f"{self.name}.json")

    def forget(self, folder: Path) -> None:
        (folder / f"{self.name}.json").unlink(missing_ok=True)


def read_records(folder: Path) -> Iterator[ProcessRecord]:
    for path in sorted(folder.glob("*.json")):
        try:
            yield ProcessRecord(**json.loads(path.read_text()))
        except (ValueError, TypeError):
            # Not a record of ours, or damaged by a full disk: nothing can be stopped by it.
            path.unlink(missing_ok=True)


def stop_processes(records: Iterable[ProcessRecord], *, grace_seconds: float) -> None:
    """Ask each to stop by its own signal, wait together, then kill what is left with all its descendants."""
    asked: list[psutil.Process] = []
    for record in records:
        if process := record.process():
            asked.append(process)
            ask_to_stop(process, record.stop_signal)
    for process in wait_ended(asked, seconds=grace_seconds):
        kill_tree(process)


def ask_to_stop(process: psutil.Process, stop_signal: int) -> None:
    with contextlib.suppress(psutil.Error):
        process.send_signal(signal.SIGCONT)  # a paused one would never hear it
        process.send_signal(stop_signal)


def wait_ended(processes: Iterable[psutil.Process], *, seconds: float) -> list[psutil.Process]:
    """Return those still alive after the wait. A zombie has ended: not every init reaps what it inherits."""
    deadline = time.monotonic() + seconds
    alive = [process for process in processes if _is_alive(process)]
    while alive and time.monotonic() < deadline:
        time.sleep(0.02)
        alive = [process for process in alive if _is_alive(process)]
    return alive


def _is_alive(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.Error):
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    return False


def kill_tree(process: psutil.Process) -> None:
    doomed = [process]
    with contextlib.suppress(psutil.Error):
        doomed += process.children(recursive=True)
    for victim in doomed:
        with contextlib.suppress(psutil.Error):
            victim.kill()
    wait_ended(doomed, seconds=5)


def stop_leftovers(folder: Path, *, grace_seconds: float = 20) -> list[str]:
    """Stop what a killed supervisor left behind, in stopping order; return the names found alive."""
    records = list(read_records(folder))
    found = [record.name for record in records if record.process()]
    for phase in sorted({record.stop_phase for record in records}):
        stop_processes([r for r in records if r.stop_phase == phase], grace_seconds=grace_seconds)
    for record in records:
        record.forget(folder)
    return found

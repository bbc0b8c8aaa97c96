"""Keeps the processes of a suite: starts each in its own session, starts a dead one again, stops in order."""

import asyncio
import contextlib
import signal
import time
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import psutil

from deploy.local.processes import ProcessRecord, stop_processes
from deploy.local.unprivileged import Demotion

LOG_ROTATES_AT_BYTES: Final = 16 * 2**20
LOGS_KEPT: Final = 3
FIRST_DELAY_SECONDS: Final = 0.5
LONGEST_DELAY_SECONDS: Final = 30.0
STEADY_AFTER_SECONDS: Final = 60.0

Say = Callable[[str], None]


@dataclass(frozen=True)
class ChildSpec:
    """How to start one process, and how and when (lowest phase first) to stop it."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    log: Path
    stop_phase: int
    stop_signal: int = signal.SIGTERM
    grace_seconds: float = 20.0
    demotion: Demotion = field(default_factory=Demotion)
    before_start: Callable[[], None] | None = None


class Child:
    """One supervised process and its history."""

    def __init__(self, spec: ChildSpec, process: asyncio.subprocess.Process, record: ProcessRecord) -> None:
        self.spec = spec
        self.process = process
        self.record = record
        self.started = time.monotonic()
        self.failures = 0


class Supervisor:
    """Starts, watches and stops children; every living child has a record in `run_folder`."""

    def __init__(self, run_folder: Path, say: Say) -> None:
        self._run_folder = run_folder
        self._say = say
        self._children: dict[str, Child] = {}
        self._watchers: dict[str, asyncio.Task[None]] = {}
        self._unfinished: set[asyncio.Task[None]] = set()
        self._stopping = False

    async def start(self, spec: ChildSpec) -> None:
        """Raises: OSError when it cannot even be started."""
        await self._unbroken(self._start(spec))

    def failures(self, name: str) -> int:
        """How often in a row it ended without ever running steadily."""
        return self._children[name].failures

    async def stop_all(self) -> None:
        """Stop phase after phase, killing what outlasts its grace. Safe at any moment, twice too."""
        self._stopping = True
        for watcher in self._watchers.values():
            watcher.cancel()
        await asyncio.gather(*self._watchers.values(), *self._unfinished, return_exceptions=True)
        self._watchers.clear()
        for phase in sorted({child.spec.stop_phase for child in self._children.values()}):
            children = [child for child in self._children.values() if child.spec.stop_phase == phase]
            grace = max(child.spec.grace_seconds for child in children)
            records = [child.record for child in children]
            await asyncio.to_thread(stop_processes, records, grace_seconds=grace)
            for child in children:
                await child.process.wait()
                child.record.forget(self._run_folder)
        self._children.clear()

    async def _spawn(self, spec: ChildSpec) -> Child:
        if spec.before_start:
            await asyncio.to_thread(spec.before_start)
        rotate(spec.log)
        with spec.log.open("ab") as output:
            process = await asyncio.create_subprocess_exec(
                *spec.command,
                env=dict(spec.environment),
                cwd=self._run_folder,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                # Ctrl-C in the terminal reaches the supervisor alone, which stops the others in order.
                start_new_session=True,
                user=spec.demotion.user,
                group=spec.demotion.group,
                extra_groups=spec.demotion.extra_groups,
            )
        try:
            record = ProcessRecord.of(
                spec.name, process.pid, stop_signal=spec.stop_signal, stop_phase=spec.stop_phase
            )
        except psutil.NoSuchProcess:  # it ended at once; the watcher sees that and says so
            record = ProcessRecord(spec.name, process.pid, 0.0, spec.stop_signal, spec.stop_phase)
        record.save(self._run_folder)
        return Child(spec, process, record)

    async def _watch(self, child: Child) -> None:
        while True:
            code = await child.process.wait()
            if self._stopping:
                return
            ran = time.monotonic() - child.started
            child.failures = 1 if ran > STEADY_AFTER_SECONDS else child.failures + 1
            delay = min(FIRST_DELAY_SECONDS * 2 ** (child.failures - 1), LONGEST_DELAY_SECONDS)
            self._say(f"{child.spec.name} ended ({_meaning(code)}); starting it again in {delay:.1f} s")
            await asyncio.sleep(delay)
            await self._unbroken(self._replace(child))

    async def _unbroken(self, work: Coroutine[None, None, None]) -> None:
        """Let it finish although its caller is cancelled: a process that was made must be known."""
        task = asyncio.create_task(work)
        self._unfinished.add(task)
        task.add_done_callback(self._unfinished.discard)
        await asyncio.shield(task)

    async def _start(self, spec: ChildSpec) -> None:
        child = await self._spawn(spec)
        self._children[spec.name] = child
        if not self._stopping:
            self._watchers[spec.name] = asyncio.create_task(self._watch(child), name=f"watch {spec.name}")

    async def _replace(self, child: Child) -> None:
        try:
            fresh = await self._spawn(child.spec)
        except OSError as error:  # a full disk, for one: the watcher tries again, later each time
            self._say(f"{child.spec.name} cannot be started: {error}")
        else:
            child.process, child.record, child.started = fresh.process, fresh.record, time.monotonic()


def rotate(log: Path) -> None:
    """Keep a few old logs: a full one steps aside when its process starts."""
    if not log.exists() or log.stat().st_size < LOG_ROTATES_AT_BYTES:
        return
    for number in range(LOGS_KEPT - 1, 0, -1):
        older = log.with_name(f"{log.name}.{number}")
        if older.exists():
            older.replace(log.with_name(f"{log.name}.{number + 1}"))
    log.replace(log.with_name(f"{log.name}.1"))


def last_line(log: Path) -> str:
    """The last line that says something, for a refusal that has to name a reason."""
    with contextlib.suppress(OSError), log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 8192))
        lines = [line.strip() for line in file.read().decode(errors="replace").splitlines() if line.strip()]
        if lines:
            return lines[-1]
    return "its log is empty"


def _meaning(code: int) -> str:
    if code < 0:
        return f"killed by {signal.Signals(-code).name}"
    return f"exit code {code}"

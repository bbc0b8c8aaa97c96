"""`tongban up` and `tongban down`."""

import asyncio
import contextlib
import signal
from typing import Annotated

import psutil
import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from deploy.local.blueprint import Blueprint, tongban
from deploy.local.commands.options import Data, data_directory, refusals, refuse_outside_local_mode
from deploy.local.environment import Surroundings
from deploy.local.layout import DEFAULT_PORT, HOST, PARTS, DataDirectory
from deploy.local.lock import supervisor_pid
from deploy.local.processes import ask_to_stop, stop_leftovers, wait_ended
from deploy.local.refusals import Refused
from deploy.local.seed import PERSONS
from deploy.local.suite import STEPS, SuiteOptions, running_suite

STOP_SECONDS = 90.0

Port = Annotated[int, typer.Option("--port", help="Port of the gateway; the seven after it are used too.")]
Region = Annotated[str, typer.Option("--region", help="Region pack: a name below deploy/regions, or a path.")]


def up(data: Data = None, port: Port = DEFAULT_PORT, region: Region = "yongji") -> None:
    """Start the suite in the foreground; Ctrl-C stops it."""
    with refusals():
        refuse_outside_local_mode()
        options = SuiteOptions(data_directory(data), port, region)
        asyncio.run(serve(options, tongban(), Console(stderr=True, highlight=False)))


async def serve(options: SuiteOptions, blueprint: Blueprint, console: Console) -> None:
    """Run until SIGINT, SIGTERM or SIGHUP; a signal while starting stops the start."""
    stop, ready = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    for wanted in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(wanted, stop.set)
    suite = asyncio.create_task(_run(options, blueprint, console, ready, stop))
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait([suite, stopped], return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if not ready.is_set() and not suite.done():
        suite.cancel()  # once it is ready it ends by itself, in order
    with contextlib.suppress(asyncio.CancelledError):
        await suite
    console.print("stopped")


async def _run(
    options: SuiteOptions, blueprint: Blueprint, console: Console, ready: asyncio.Event, stop: asyncio.Event
) -> None:
    progress = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    )
    steps = progress.add_task("starting", total=len(STEPS))

    def step(name: str) -> None:
        progress.update(steps, description=name, completed=STEPS.index(name))

    progress.start()
    try:
        async with running_suite(options, blueprint, say=console.print, step=step) as around:
            progress.stop()
            announce(around, console)
            ready.set()
            await stop.wait()
            console.print("stopping: workers and APIs, then NATS, then PostgreSQL")
    finally:
        progress.stop()


def announce(around: Surroundings, console: Console) -> None:
    """Print what a newcomer needs next: where to call, and as whom to sign in."""
    console.print(f"[bold]Tongban is ready[/bold] at {around.public_url}  (data in {around.data.root})")
    console.print(f"what can be called: {around.public_url}/docs")
    services = ", ".join(f"{part.name} {around.ports.url(part)}" for part in PARTS if part.port_offset)
    console.print(f"services: {services}", soft_wrap=True)
    console.print(f"events: nats://{HOST}:{around.ports.nats}; PostgreSQL: {HOST}:{around.ports.postgres}")
    accounts = Table("account", "password", "who", title="local accounts", title_justify="left")
    for person in PERSONS:
        role = person.agency or "citizen"
        accounts.add_row(
            person.username, around.secrets.accounts[person.username], f"{person.display_name}, {role}"
        )
    console.print(accounts)
    console.print("Ctrl-C stops the suite")


def down(data: Data = None) -> None:
    """Stop the suite on a data directory, also what a killed one left behind."""
    with refusals():
        print(stop_suite(data_directory(data)))


def stop_suite(data: DataDirectory) -> str:
    """Return what was done. Raises: Refused when the supervisor does not end in time."""
    pid = supervisor_pid(data)
    if pid is not None:
        supervisor = [process for process in psutil.process_iter() if process.pid == pid]
        for process in supervisor:
            ask_to_stop(process, signal.SIGTERM)
        if wait_ended(supervisor, seconds=STOP_SECONDS):
            raise Refused(
                f"the supervisor (process {pid}) does not end within {STOP_SECONDS:.0f} s; kill it and repeat"
            )
    found = stop_leftovers(data.run) if data.run.is_dir() else []
    if found:
        return f"stopped what was left behind: {', '.join(found)}"
    return "stopped" if pid is not None else "nothing was running"

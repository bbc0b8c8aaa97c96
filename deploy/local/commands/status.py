"""`tongban status`: each part, whether it is ready, and what waits."""

import asyncio
import json
from dataclasses import asdict

import typer
from rich.console import Console
from rich.table import Table

from deploy.local.commands.options import AsJson, Data, data_directory, refusals
from deploy.local.inspection import Backlog, ConsumerLag, PartStatus, SuiteStatus, inspect
from deploy.local.suite import surroundings_of_running


def status(data: Data = None, as_json: AsJson = False) -> None:
    """Show each part; exit code 1 unless all are ready and nothing is parked."""
    with refusals():
        from deploy.local.declared import declared_followers

        around = surroundings_of_running(data_directory(data))
        found = asyncio.run(inspect(around, declared_followers()))
    if as_json:
        print(json.dumps({"is_well": found.is_well} | asdict(found), indent=2))
    else:
        _show(found)
    if not found.is_well:
        raise typer.Exit(1)


def _show(found: SuiteStatus) -> None:
    table = Table("part", "API", "worker", "ready", "relay lag", "consumer lag", "waiting", "parked")
    for part in found.parts:
        table.add_row(
            part.name,
            _pid(part.api_pid),
            _pid(part.worker_pid),
            "yes" if part.readiness.ready else f"no: {part.readiness.reason}",
            _count(part.backlog.relay_lag, part.backlog),
            "\n".join(map(_lag, part.consumers)) or "-",
            _count(part.backlog.waiting, part.backlog),
            _count(part.backlog.parked, part.backlog),
        )
    console = Console(highlight=False)
    console.print(table)
    console.print(
        f"PostgreSQL {_pid(found.postgres_pid)}, NATS {_pid(found.nats_pid)}, "
        f"supervisor {_pid(found.supervisor_pid)}"
    )
    _show_parked(console, found.parts)


def _show_parked(console: Console, parts: tuple[PartStatus, ...]) -> None:
    for part in parts:
        if part.backlog.parked:
            console.print(f"{part.name} has parked events: see the runbook, 'parked events'")


def _pid(pid: int | None) -> str:
    return f"process {pid}" if pid else "not running"


def _count(number: int | None, backlog: Backlog) -> str:
    return f"unknown: {backlog.reason}" if number is None else str(number)


def _lag(lag: ConsumerLag) -> str:
    if lag.pending is None or lag.unacknowledged is None:
        return f"{lag.stream}: unknown ({lag.reason})"
    return f"{lag.stream}: {lag.pending + lag.unacknowledged}"

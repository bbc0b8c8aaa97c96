"""`tongban status`: each part, whether it is ready, and what waits."""

import asyncio
import json
from dataclasses import asdict

import typer
from rich.console import Console
from rich.table import Column, Table

from deploy.local.commands.options import AsJson, Data, data_directory, refusals
from deploy.local.inspection import ConsumerLag, SuiteStatus, inspect
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
    table = Table(
        Column("part", no_wrap=True),
        "API",
        "worker",
        "ready",
        "relay lag",
        "consumer lag",
        "waiting",
        "parked",
    )
    for part in found.parts:
        table.add_row(
            part.name,
            _number(part.api_pid, "stopped"),
            _number(part.worker_pid, "stopped"),
            "yes" if part.readiness.ready else "no",
            _number(part.backlog.relay_lag),
            "\n".join(map(_lag, part.consumers)) or "-",
            _number(part.backlog.waiting),
            _number(part.backlog.parked),
        )
    console = Console(highlight=False)
    console.print(table)
    servers = {"PostgreSQL": found.postgres_pid, "NATS": found.nats_pid, "supervisor": found.supervisor_pid}
    console.print("; ".join(f"{name} {_number(pid, 'stopped')}" for name, pid in servers.items()))
    for part in found.parts:
        for reason in part.reasons():
            console.print(f"{part.name}: {reason}", markup=False, soft_wrap=True)
        if part.backlog.parked:
            console.print(f"{part.name} has parked events: see the runbook, 'parked events'")


def _number(number: int | None, absent: str = "?") -> str:
    return absent if number is None else str(number)


def _lag(lag: ConsumerLag) -> str:
    if lag.pending is None or lag.unacknowledged is None:
        return f"{lag.stream} ?"
    return f"{lag.stream} {lag.pending + lag.unacknowledged}"

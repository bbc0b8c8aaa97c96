"""`tongban status`: each part, whether it is ready, and what waits."""

import asyncio
import json
from collections.abc import Sequence
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
            _sum(part.consumers),
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
        for lag in part.consumers:
            if _behind(lag) != 0:
                behind = "?" if _behind(lag) is None else _behind(lag)
                console.print(f"{part.name}: {lag.durable} is {behind} events behind {lag.stream}")
        if part.backlog.parked:
            console.print(f"{part.name} has parked events: `tongban parked list {part.name}`")


def _number(number: int | None, absent: str = "?") -> str:
    return absent if number is None else str(number)


def _behind(lag: ConsumerLag) -> int | None:
    if lag.pending is None or lag.unacknowledged is None:
        return None
    return lag.pending + lag.unacknowledged


def _sum(consumers: Sequence[ConsumerLag]) -> str:
    """All of a part's consumers together; which of them is behind is told below the table."""
    lags = [_behind(lag) for lag in consumers]
    if not lags:
        return "-"
    return "?" if None in lags else str(sum(lag for lag in lags if lag is not None))

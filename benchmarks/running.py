"""A whole run: a suite on temporary data and free ports, the benchmarks one after the other, the report."""

import asyncio
import shutil
import socket
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import asyncpg
import httpx
import nats
import psutil

from benchmarks import (
    create_ticket,
    establishment,
    event_delay,
    following_cost,
    machine,
    my_cases,
    name_check,
    proxied_get,
    register_import,
    register_reads,
    search_items,
)
from benchmarks.bench import Advance, Bench, Benchmark, Extent
from benchmarks.figures import Machine, Report, Row, Skipped
from benchmarks.tools import Missing
from deploy.local import blueprint
from deploy.local.layout import DataDirectory, Ports, default_data_directory, is_free
from deploy.local.refusals import Refused
from deploy.local.suite import SuiteOptions, running_suite

# The import comes last: its events keep the followers busy for a while.
BENCHMARKS: Final[dict[str, Benchmark]] = {
    proxied_get.NAME: proxied_get.measure,
    create_ticket.NAME: create_ticket.measure,
    event_delay.NAME: event_delay.measure,
    search_items.NAME: search_items.measure,
    my_cases.NAME: my_cases.measure,
    name_check.NAME: name_check.measure,
    establishment.NAME: establishment.measure,
    following_cost.NAME: following_cost.measure,
    register_reads.NAME: register_reads.measure,
    register_import.NAME: register_import.measure,
}

# What may go wrong with one benchmark and leaves the others what they are; the failure is shown and told.
FAILURES: Final = (
    Refused,
    OSError,
    ValueError,
    httpx.HTTPError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    nats.errors.Error,
)


async def run(names: Sequence[str], extent: Extent, advance: Advance) -> Report:
    """Raises: Refused when the suite does not start."""
    started = time.monotonic()
    load_before = machine.load_average()
    rows: list[Row] = []
    skipped: list[Skipped] = []
    # Below the data directory: on the disk that a suite would use, which a temporary folder may not be.
    default_data_directory().mkdir(exist_ok=True)
    root = Path(tempfile.mkdtemp(prefix="benchmark-", dir=default_data_directory()))
    try:
        options = SuiteOptions(DataDirectory(root), port=_free_base_port())
        async with running_suite(
            options, blueprint.tongban(), say=advance, step=lambda step: advance(f"suite: {step}")
        ) as around:
            folder = root / "benchmark"
            folder.mkdir(mode=0o700)
            bench = Bench(around, folder, extent, advance)
            for name in names:
                try:
                    rows += await BENCHMARKS[name](bench)
                except Missing as missing:
                    skipped.append(Skipped(benchmark=name, reason=str(missing), is_failure=False))
                except FAILURES as error:
                    reason = f"{type(error).__name__}: {error}"[:500]
                    skipped.append(Skipped(benchmark=name, reason=reason, is_failure=True))
    finally:
        await asyncio.to_thread(shutil.rmtree, root, ignore_errors=True)
    commit, changed = machine.commit()
    return Report(
        made_at=datetime.now(UTC).replace(microsecond=0),
        commit=commit,
        has_uncommitted_changes=changed,
        is_quick=extent.is_quick,
        seconds=round(time.monotonic() - started, 1),
        machine=_machine(load_before),
        rows=tuple(rows),
        skipped=tuple(skipped),
    )


def _machine(load_before: float) -> Machine:
    return Machine(
        cores=psutil.cpu_count() or 1,
        cpu_model=machine.cpu_model(),
        memory_gib=machine.memory_gib(),
        system=machine.system(),
        load_average_before=load_before,
        load_average_after=machine.load_average(),
        versions=machine.versions(),
    )


def _free_base_port() -> int:
    """A base from which all ports of a suite are free, below those that the system gives out by itself."""
    for base in range(18_000, 30_000, 16):
        if all(is_free(port) for port, _ in Ports(base)):
            return base
    raise Refused(f"no free ports between 18000 and 30000 on {socket.gethostname()}")

"""Taking over an existing register, beside COPY of the same file into a plain table."""

import asyncio
import csv
import os
import sys
import time
from pathlib import Path
from typing import Final

import asyncpg

from benchmarks.bench import Bench
from benchmarks.figures import Figures, Row, rate_ratio
from benchmarks.make_register import write_register
from deploy.local.blueprint import cluster_of
from deploy.local.refusals import Refused

NAME: Final = "register_import"
TABLE: Final = "benchmark_register"
MOST_SECONDS: Final = 200.0
COPIES: Final = 3


async def measure(bench: Bench) -> list[Row]:
    """Raises: Refused where the import fails."""
    rows = bench.extent.imported_rows
    bench.advance(f"register_import: making a register of {rows:,} rows")
    file = bench.folder / "register.csv"
    await asyncio.to_thread(write_register, file, rows)
    bench.advance(f"register_import: COPY of {rows:,} rows")
    copies = [await _copy(bench, file, rows) for _ in range(COPIES)]
    bench.advance(f"register_import: import of {rows:,} rows")
    ours = await _import(bench, file, rows)
    peer = Figures.middle(copies)
    return [
        Row(
            benchmark=NAME,
            case=f"{rows:,} rows",
            explanation="rows checked, entered and announced, beside copying the file alone",
            ours=ours,
            peer=peer,
            ratio=rate_ratio(ours, peer),
            ratio_of="rows per second",
            higher_is_better=True,
            notes=_notes(ours, rows),
        )
    ]


def _notes(ours: Figures, rows: int) -> tuple[str, ...]:
    notes = [
        "over the API of a running suite, as an operator does it; COPY goes into a table of text columns",
        "followers take the events in at the same time, on the same machine",
        f"{ours.count:,} rows were entered; about one in a hundred is made to be refused",
    ]
    if ours.count < rows * 0.9:
        notes.append(f"the import was stopped after {MOST_SECONDS:.0f} s, before it was through")
    return tuple(notes)


async def _copy(bench: Bench, file: Path, rows: int) -> Figures:
    with file.open(encoding="utf-8-sig", newline="") as text:
        columns = len(next(csv.reader(text)))
    connection = await asyncpg.connect(cluster_of(bench.around).url("postgres"))
    try:
        names = ", ".join(f"column_{number} text" for number in range(1, columns + 1))
        await connection.execute(f"DROP TABLE IF EXISTS {TABLE}; CREATE TABLE {TABLE} ({names})")
        started = time.perf_counter()
        await connection.copy_to_table(TABLE, source=file, format="csv", header=True)
        took = time.perf_counter() - started
        copied = await connection.fetchval(f"SELECT count(*) FROM {TABLE}")  # noqa: S608 - a name of ours
        await connection.execute(f"DROP TABLE {TABLE}")
    finally:
        await connection.close()
    if copied != rows:
        raise Refused(f"COPY took {copied} of {rows} rows")
    return _figures("COPY", rows, took)


async def _import(bench: Bench, file: Path, rows: int) -> Figures:
    """As an operator does it: `tongban import enterprises`, start of the program included."""
    command = [
        *(sys.executable, "-P", "-m", "deploy.local.cli", "import", "enterprises", str(file)),
        *("--data", str(bench.around.data.root), "--json"),
    ]
    started = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *command,
        env=os.environ | {"TONGBAN_MODE": "local"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, said = await asyncio.wait_for(process.communicate(), MOST_SECONDS)
    except TimeoutError:
        said = b""  # it is stopped below; what it has entered by then counts
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    took = time.perf_counter() - started
    if process.returncode and said:
        raise Refused(f"the import ended with {process.returncode}: {said.decode(errors='replace')[-300:]}")
    entered = await _entered(bench)
    if entered < rows * 0.9 and took < MOST_SECONDS:
        raise Refused(f"only {entered} of {rows} rows were entered")
    return _figures("tongban import", entered, took)


async def _entered(bench: Bench) -> int:
    connection = await asyncpg.connect(cluster_of(bench.around).url("registration"))
    try:
        return int(
            await connection.fetchval(
                "SELECT count(*) FROM outbox WHERE type LIKE '%.enterprise.registered.%'"
                " AND event->'data'->>'origin' = 'import'"
            )
        )
    finally:
        await connection.close()


def _figures(who: str, rows: int, seconds: float) -> Figures:
    return Figures(who=who, count=rows, per_second=rows / seconds, p50_ms=None, p99_ms=None)

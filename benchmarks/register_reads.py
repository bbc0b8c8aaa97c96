"""Reads of a city's register, then of a province's: what the larger one costs, and what PostgreSQL alone takes."""

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

import asyncpg
import httpx

from benchmarks.bench import Bench
from benchmarks.figures import Figures, Row, median_ratio
from benchmarks.full_register import fill
from benchmarks.raw_load import run_raw_load
from benchmarks.register_feed import FEED
from benchmarks.register_search import PROBES, Probe, questions
from deploy.local.blueprint import cluster_of
from deploy.local.layout import SERVICES
from deploy.local.refusals import Refused

NAME: Final = "register_reads"
REGISTRATION: Final = next(part for part in SERVICES if part.name == "registration")
ASKED: Final = 1_000
ALL: Final = (*PROBES, FEED)
WARM_UP: Final = 100
COUNTED: Final = 200
MOST_SECONDS: Final = 60.0


@dataclass(frozen=True)
class _Measured:
    """What one register's answers took and showed."""

    size: int
    figures: Figures
    entries: str


async def measure(bench: Bench) -> list[Row]:
    """Raises: Refused where an answer fails, or where a statement scans the whole register."""
    rows: list[Row] = []
    measured: dict[str, list[_Measured]] = {probe.what: [] for probe in ALL}
    held = 0
    for size in bench.extent.register_sizes:
        began = time.monotonic()
        await fill(bench, held, size)
        loaded = f"loaded in {time.monotonic() - began:.0f} s"
        held = size
        for probe in ALL:
            entries = await _entries(bench, probe, size)
            row = await _beside_sql(bench, probe, size, (loaded, entries))
            measured[probe.what].append(_Measured(size, row.ours, entries))
            rows.append(row)
    return rows + [_beside_the_smaller(what, both[0], both[-1]) for what, both in measured.items()]


async def _entries(bench: Bench, probe: Probe, size: int) -> str:
    """How much an answer shows: what grows with a register, and is no fault of it, is told beside what it costs."""
    shown: list[int] = []
    async with httpx.AsyncClient(
        base_url=bench.around.ports.url(REGISTRATION), headers=_headers(bench, probe)
    ) as client:
        for each in islice(questions(size, 0), COUNTED):
            answer = (await client.get(probe.path(each))).raise_for_status().json()
            shown.append(len(answer.get("entries", [answer])))
    return f"entries in an answer: {sum(shown) / len(shown):.1f} on average, {max(shown)} at most"


async def _beside_sql(bench: Bench, probe: Probe, size: int, notes: tuple[str, ...]) -> Row:
    connection = await asyncpg.connect(cluster_of(bench.around).url("registration"))
    try:
        seed = iter(range(1, 1000))
        what = f"{NAME}: {probe.what}, {size:,} enterprises"
        await _http(bench, probe, size, seed=0, asked=WARM_UP)
        ours, peer = await bench.in_turns(
            what,
            lambda: _http(bench, probe, size, seed=next(seed), asked=ASKED),
            lambda: _sql(connection, probe, size, seed=next(seed)),
        )
        plan = await _plan(connection, probe, size)
        before = await _pages(connection)
        await _http(bench, probe, size, seed=next(seed), asked=ASKED)
        pages = (await _pages(connection) - before) / ASKED
    finally:
        await connection.close()
    return Row(
        benchmark=NAME,
        case=f"{probe.what}, {size:,} enterprises",
        explanation="the whole answer over HTTP, one after the other, beside the statement alone",
        ours=ours,
        peer=peer,
        ratio=median_ratio(ours, peer),
        ratio_of="median",
        higher_is_better=False,
        notes=(
            *notes,
            f"{pages:,.0f} pages of the database for an answer, whatever else the machine does",
            f"the statement's plan: {plan}",
        ),
    )


async def _http(bench: Bench, probe: Probe, size: int, *, seed: int, asked: int) -> Figures:
    headers = {"Host": "127.0.0.1"} | _headers(bench, probe)
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    asking = questions(size, seed)
    paths: Iterator[str] = (probe.path(each) for each in asking)
    took = await run_raw_load(
        lambda _: f"GET {next(paths)} HTTP/1.1\r\n{head}\r\n".encode(),
        port=bench.around.ports.api(REGISTRATION),
        connections=1,
        seconds=MOST_SECONDS,
        at_most=asked,
    )
    if took.errors or not took.good_seconds:
        raise Refused(f"{probe.what}: {took.errors} errors, {len(took.good_seconds)} answers")
    return Figures.of_durations("registration", took.good_seconds)


def _headers(bench: Bench, probe: Probe) -> dict[str, str]:
    if not probe.token:
        return {}
    token = bench.token("benchmark-follower", "registration.enterprise.read")
    return {"Authorization": f"Bearer {token}"}


async def _sql(connection: "asyncpg.Connection", probe: Probe, size: int, *, seed: int) -> Figures:
    took: list[float] = []
    for each in islice(questions(size, seed), ASKED):
        values = probe.values(each)
        started = time.perf_counter()
        await connection.fetch(probe.sql, *values)
        took.append(time.perf_counter() - started)
        if sum(took) > MOST_SECONDS:
            break
    return Figures.of_durations("PostgreSQL", took)


async def _pages(connection: "asyncpg.Connection") -> int:
    """Pages that the service's database has been asked for; servers report it a second late."""
    await asyncio.sleep(1.5)
    await connection.execute("SELECT pg_stat_clear_snapshot()")
    return int(
        await connection.fetchval(
            "SELECT blks_hit + blks_read FROM pg_stat_database WHERE datname = current_database()"
        )
    )


async def _plan(connection: "asyncpg.Connection", probe: Probe, size: int) -> str:
    """The nodes of the statement's plan, the first one first. Raises: Refused where it scans a whole table."""
    values = probe.values(next(questions(size, 0)))
    told = await connection.fetchval(f"EXPLAIN (FORMAT JSON) {probe.sql}", *values)
    nodes = list(_nodes(json.loads(told)[0]["Plan"]))
    if "Seq Scan on enterprise" in nodes and size > 10_000:
        raise Refused(f"{probe.what} scans the whole register")
    return ", ".join(nodes)


def _nodes(plan: dict[str, object]) -> Iterator[str]:
    on = plan.get("Index Name") or plan.get("Relation Name")
    yield f"{plan['Node Type']} on {on}" if on else str(plan["Node Type"])
    below = plan.get("Plans", [])
    for each in below if isinstance(below, list) else []:
        yield from _nodes(each)


def _beside_the_smaller(what: str, small: _Measured, large: _Measured) -> Row:
    return Row(
        benchmark=NAME,
        case=f"{what}, {large.size:,} beside {small.size:,}",
        explanation="the same questions of the larger register and of the smaller one; at most 1.5 is asked for",
        ours=large.figures,
        peer=small.figures.model_copy(update={"who": f"{small.size:,} enterprises"}),
        ratio=(large.figures.p99_ms or 1) / (small.figures.p99_ms or 1),
        ratio_of="p99",
        higher_is_better=False,
        notes=tuple(f"{one.size:,} enterprises, {one.entries}" for one in (large, small)),
    )

"""Establishment decided by rule at a steady pace, beside the rows of one being inserted in PostgreSQL alone."""

import asyncio
import json
import secrets
import time
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

import asyncpg
import httpx

from benchmarks.bench import Bench
from benchmarks.figures import Figures, Row, median_ratio
from benchmarks.followers import followers_at_rest
from benchmarks.registered_enterprises import FILINGS, REGISTRATION, a_filing
from deploy.local.blueprint import cluster_of
from deploy.local.refusals import Refused

NAME: Final = "establishment"
PER_SECOND: Final = 50
MOST_MS: Final = 300.0
WARM_UP: Final = 30
SCHEMA: Final = "benchmark"
TABLES: Final = ("filing", "enterprise", "enterprise_person", "licence", "register_change", "outbox")
_POSITIONED: Final = ("register_change", "outbox")
_ROWS: Final = {
    "filing": "SELECT to_jsonb(t)::text FROM filing AS t WHERE uscc = $1",
    "outbox": "SELECT to_jsonb(t)::text FROM outbox AS t WHERE event::text LIKE '%' || $1 || '%'",
}


@dataclass(frozen=True)
class _Sample:
    """The rows that one establishment wrote, as JSON by table; what of them no second one may have."""

    rows: tuple[tuple[str, str], ...]
    unique: tuple[str, ...]

    def renewed(self) -> tuple[tuple[str, str], ...]:
        """The same under names and ids of their own."""
        fresh = {one: _like(one) for one in self.unique}
        return tuple((table, _replaced(table, row, fresh)) for table, row in self.rows)


async def measure(bench: Bench) -> list[Row]:
    """Raises: Refused where the rules do not approve a filing."""
    token = bench.token("benchmark-founder", "registration.filing.submit")
    async with httpx.AsyncClient(
        base_url=bench.around.ports.url(REGISTRATION),
        headers={"Authorization": f"Bearer {token}"},
        limits=httpx.Limits(max_connections=16),
        timeout=30,
    ) as client:
        await _paced(client, WARM_UP)
        connection = await asyncpg.connect(cluster_of(bench.around).url("registration"))
        try:
            sample = await _prepared(connection, await _establish(client))
            with followers_at_rest():
                ours, peer = await bench.in_turns(
                    NAME,
                    lambda: _paced(client, bench.extent.establishments),
                    lambda: _inserted(connection, sample),
                )
        finally:
            await connection.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
            await connection.close()
    limit = Figures(who="limit", count=0, per_second=None, p50_ms=None, p99_ms=MOST_MS)
    case = f"{PER_SECOND} a second"
    return [
        Row(
            benchmark=NAME,
            case=f"{case}, beside the limit",
            explanation="from the moment at which a filing was due to its answer with licence and code",
            ours=ours,
            peer=limit,
            ratio=(ours.p99_ms or MOST_MS) / MOST_MS,
            ratio_of="p99",
            higher_is_better=False,
            notes=(
                "whoever comes while others wait, waits too: callers know nothing of each other",
                "the services that follow rest meanwhile: in a city they have machines of their own",
            ),
        ),
        Row(
            benchmark=NAME,
            case=f"{case}, beside the insert",
            explanation="rules, name, code, licence, events and answer, beside inserting the rows that it writes",
            ours=ours,
            peer=peer,
            ratio=median_ratio(ours, peer),
            ratio_of="median",
            higher_is_better=False,
            notes=(f"{len(sample.rows)} rows in tables with the same indexes, one durable transaction each",),
        ),
    ]


async def _paced(client: httpx.AsyncClient, count: int) -> Figures:
    """Each is sent when it is due, whether the last one was answered or not."""
    began = time.perf_counter()
    took: list[float] = []

    async def one(due: float) -> None:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        await _establish(client)
        took.append(time.perf_counter() - due)

    await asyncio.gather(*(one(began + number / PER_SECOND) for number in range(count)))
    elapsed = time.perf_counter() - began
    timed = Figures.of_durations("registration", took)
    return timed.model_copy(update={"per_second": count / elapsed})


async def _establish(client: httpx.AsyncClient) -> dict[str, Any]:
    answer = await client.post(FILINGS, json=a_filing(), headers={"Idempotency-Key": secrets.token_hex(16)})
    if answer.status_code != httpx.codes.CREATED or answer.json()["uscc"] is None:
        raise Refused(f"registration answers {answer.status_code}: {answer.text[:500]}")
    told: dict[str, Any] = answer.json()
    return told


async def _prepared(connection: "asyncpg.Connection", told: dict[str, Any]) -> _Sample:
    """Tables like the service's, and the rows that the establishment left in them."""
    await connection.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE; CREATE SCHEMA {SCHEMA}")
    rows: list[tuple[str, str]] = []
    for table in TABLES:
        await connection.execute(
            f"CREATE TABLE {SCHEMA}.{table} (LIKE public.{table} INCLUDING ALL"
            " EXCLUDING GENERATED EXCLUDING IDENTITY)"
        )
        asked = _ROWS.get(table, f"SELECT to_jsonb(t)::text FROM {table} AS t WHERE uscc = $1")  # noqa: S608
        found = await connection.fetch(asked, told["uscc"])
        rows += [(table, each[0]) for each in found]
    ids = {json.loads(row).get("event_id") for table, row in rows if table == "outbox"}
    unique = {told["uscc"], told["id"], told["licence_identifier"], told["case_no"], *ids} - {None}
    return _Sample(tuple(rows), tuple(sorted(each for each in unique if each)))


async def _inserted(connection: "asyncpg.Connection", sample: _Sample) -> Figures:
    took = []
    for _ in range(300):
        rows = sample.renewed()
        started = time.perf_counter()
        async with connection.transaction():
            for table, row in rows:
                await connection.execute(
                    f"INSERT INTO {SCHEMA}.{table}"
                    f" SELECT (jsonb_populate_record(NULL::{SCHEMA}.{table}, $1::jsonb)).*",
                    row,
                )
        took.append(time.perf_counter() - started)
    return Figures.of_durations("PostgreSQL, same rows", took)


def _like(text: str) -> str:
    """Another text of the same shape."""
    if len(text) == 36 and text.count("-") == 4:
        return str(uuid4())
    kept = len(text) - 8
    return text[:kept] + "".join(secrets.choice("0123456789") for _ in range(8))


def _replaced(table: str, row: str, fresh: dict[str, str]) -> str:
    for old, new in fresh.items():
        row = row.replace(old, new)
    told = json.loads(row)
    if table in _POSITIONED:
        told["position"] = secrets.randbelow(2**60)
    return json.dumps(told, ensure_ascii=False)

"""A command: a ticket with its event over HTTP, beside pgbench running the same statements."""

import asyncio
import json
import secrets
from functools import partial
from typing import Final

import asyncpg
import httpx

from benchmarks.bench import Bench
from benchmarks.captured import Statement, capture_transaction, unique_texts
from benchmarks.figures import Figures, Row, rate_ratio
from benchmarks.load import WITHOUT_WRK, HttpLoad, run_load
from benchmarks.pgbench import run_pgbench, script_of
from benchmarks.tools import Tool, find, need
from deploy.local.blueprint import cluster_of
from deploy.local.layout import SERVICES
from deploy.local.refusals import Refused
from shared.database.migrate import upgrade

NAME: Final = "create_ticket"
HOTLINE: Final = next(part for part in SERVICES if part.name == "hotline")
DATABASE: Final = "benchmark_hotline"
CONNECTIONS: Final = (1, 16)
WARM_UP: Final = 20
PATH: Final = "/hotline/v1/tickets"
BODY: Final = json.dumps(
    {
        "kind": "consult",
        "channel": "app",
        "content": "我的餐馆为什么告知单里没有排水许可证？",
        "contact": {"name": "张三", "phone": "13900000001"},
    },
    ensure_ascii=False,
)
EXPLANATION: Final = "a ticket with its event over HTTP, beside the SQL of its transaction alone"


async def measure(bench: Bench) -> list[Row]:
    """Raises: Missing where there is no pgbench; Refused where the hotline does not answer well."""
    need(Tool.PGBENCH)
    bench.advance("create_ticket: taking down what the hotline says to PostgreSQL")
    headers = {
        "Authorization": f"Bearer {bench.token('benchmark-citizen', 'hotline.ticket.submit')}",
        "Content-Type": "application/json",
    }
    statements, unique = await _statements(bench, headers)
    await _make_database(bench, statements, unique)
    used = 0
    rows = []
    for connections in CONNECTIONS:
        load = HttpLoad(
            url=f"{bench.around.ports.url(HOTLINE)}{PATH}",
            connections=connections,
            seconds=bench.extent.seconds,
            at_most=bench.extent.at_most,
            headers=headers,
            method="POST",
            body=BODY,
            has_keys=True,
        )

        async def sql(connections: int = connections) -> Figures:
            nonlocal used
            figures = await run_pgbench(
                "pgbench, same SQL",
                cluster_of(bench.around),
                DATABASE,
                bench.folder / "ticket.sql",
                connections=connections,
                seconds=bench.extent.seconds,
                started_at=used,
            )
            used += figures.count
            return figures

        what = f"create_ticket: {connections} connection{'s' if connections > 1 else ''}"
        http = partial(run_load, "hotline API", load, bench.folder)
        ours, peer = await bench.in_turns(what, http, sql)
        rows.append(_row(connections, ours, peer, len(statements)))
    return rows


async def _statements(bench: Bench, headers: dict[str, str]) -> tuple[tuple[Statement, ...], tuple[str, ...]]:
    """One ticket's transaction, and the texts in it that no second ticket may have."""
    key = f"benchmark-{secrets.token_hex(6)}-{secrets.randbelow(10**12):012d}"
    async with httpx.AsyncClient(base_url=bench.around.ports.url(HOTLINE), timeout=15) as client:
        # The first ones connect, prepare statements and ask for types; that is not what a ticket costs.
        for _ in range(WARM_UP):
            answer = await client.post(
                PATH, content=BODY, headers=headers | {"Idempotency-Key": secrets.token_hex(16)}
            )
            if answer.status_code != 201:
                raise Refused(f"the hotline answers {answer.status_code}: {answer.text[:300]}")

        async def submit() -> None:
            nonlocal answer
            answer = await client.post(PATH, content=BODY, headers=headers | {"Idempotency-Key": key})

        statements = await capture_transaction(
            cluster_of(bench.around), bench.around.data.log("postgres"), submit, writes="outbox"
        )
    return statements, unique_texts(statements, key, answer.json()["number"])


async def _make_database(bench: Bench, statements: tuple[Statement, ...], unique: tuple[str, ...]) -> None:
    """A database like the hotline's, with nothing else on it, and the script for it."""
    cluster = cluster_of(bench.around)
    admin = await asyncpg.connect(cluster.url("postgres"))
    try:
        await admin.execute(f'CREATE DATABASE "{DATABASE}"')
    finally:
        await admin.close()
    await asyncio.to_thread(upgrade, HOTLINE.package, cluster.url(DATABASE, driver="+asyncpg"))
    connection = await asyncpg.connect(cluster.url(DATABASE))
    try:
        script = await script_of(statements, unique, connection)
    finally:
        await connection.close()
    (bench.folder / "ticket.sql").write_text(script)


def _row(connections: int, ours: Figures, peer: Figures, statements: int) -> Row:
    notes = [
        "token, idempotency key, ticket, history, events and stored answer in one durable transaction",
        f"{statements} statements between BEGIN and COMMIT, prepared on both sides",
    ]
    if find(Tool.WRK) is None:
        notes.append(WITHOUT_WRK)
    return Row(
        benchmark=NAME,
        case=f"{connections} connection{'s' if connections > 1 else ''}",
        explanation=EXPLANATION,
        ours=ours,
        peer=peer,
        ratio=rate_ratio(ours, peer),
        ratio_of="commands per second",
        higher_is_better=True,
        notes=tuple(notes),
    )

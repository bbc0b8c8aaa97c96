"""Searching a catalogue of 5,000 service items by need, beside ILIKE over the same rows and a limit of 30 ms."""

import json
import random
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from itertools import cycle, islice
from typing import Final

import asyncpg
import httpx

from benchmarks.bench import Bench
from benchmarks.figures import Figures, Row, median_ratio
from deploy.local.blueprint import cluster_of
from deploy.local.refusals import Refused
from gateway.catalogue.items.domain.facets import facets_of
from gateway.catalogue.items.domain.needs import tokens_of
from gateway.catalogue.items.domain.standard import Standard
from gateway.catalogue.items.store.items import STANDARD_JSON
from gateway.catalogue.items.store.vectors import vector_of
from gateway.catalogue.items.use_cases.pack_items import items_of
from shared.region import RegionPack, load_region_pack

NAME: Final = "search_items"
ITEMS: Final = 5_000
MOST_MS: Final = 30.0
SEARCHES: Final = 100
PREFIX: Final = "benchmark."
NEEDS: Final = (
    "开饭店",
    "怎么注销公司",
    "社保开户",
    "运输许可",
    "养殖",
    "宾馆需要什么手续",
    "仓储备案",
    "刻章",
)
# What somebody would write who has no index for it: the words themselves, without what means the same.
LIKE: Final = """
    SELECT code, standard FROM catalogue_item_version
    WHERE effective_from <= $2 AND (effective_until IS NULL OR effective_until > $2)
      AND (standard->'title'->>'zh' ILIKE '%' || $1 || '%' OR (standard->'needs')::text ILIKE '%' || $1 || '%')
    ORDER BY code LIMIT 51
"""
INSERT: Final = """
    INSERT INTO catalogue_item_version
        (code, version, owner_uscc, standard, effective_from, published_by, published_at, facets, terms)
    VALUES ($1, 1, $2, $3::text::jsonb, '2026-01-01', 'benchmark', '2026-01-01', $4, $5::text::tsvector)
"""
WORDS_OF_LIKE: Final = ("饭店", "注销公司", "社保", "运输许可", "养殖", "宾馆", "仓储备案", "刻章")

_PLACES: Final = ("道路", "水路", "农村", "城镇", "社区", "园区", "山地", "河道", "校园", "市场")
_TRADES: Final = (
    "餐饮",
    "运输",
    "养殖",
    "仓储",
    "印刷",
    "住宿",
    "零售",
    "娱乐",
    "快递",
    "洗浴",
    "美容",
    "托育",
)
_ACTS: Final = ("许可", "备案", "登记", "变更", "注销", "延续", "补证", "年审", "核准", "公示")


async def measure(bench: Bench) -> list[Row]:
    """Raises: Refused where a search fails."""
    region = load_region_pack(bench.around.region_pack)
    connection = await asyncpg.connect(cluster_of(bench.around).url("gateway"))
    try:
        async with _filled(bench, connection, region):
            ours, peer = await bench.in_turns(NAME, lambda: _search(bench), lambda: _like(connection))
    finally:
        await connection.close()
    limit = Figures(who="limit", count=0, per_second=None, p50_ms=None, p99_ms=MOST_MS)
    case = f"{ITEMS:,} items"
    return [
        Row(
            benchmark=NAME,
            case=f"{case}, beside ILIKE",
            explanation="a search by need over HTTP, beside a scan of the same rows in the database alone",
            ours=ours,
            peer=peer,
            ratio=median_ratio(ours, peer),
            ratio_of="median",
            higher_is_better=False,
            notes=(
                "ours is the whole answer through the gateway: synonyms, ranking, 50 entries; ILIKE is the statement "
                "alone, without synonyms and without rank",
            ),
        ),
        Row(
            benchmark=NAME,
            case=f"{case}, beside the limit",
            explanation="the 99th of 100 answers over HTTP",
            ours=ours,
            peer=limit,
            ratio=(ours.p99_ms or MOST_MS) / MOST_MS,
            ratio_of="p99",
            higher_is_better=False,
        ),
    ]


async def _search(bench: Bench) -> Figures:
    took, errors = [], 0
    async with httpx.AsyncClient(base_url=bench.around.public_url) as client:
        for words in islice(cycle(NEEDS), SEARCHES):
            started = time.perf_counter()
            answer = await client.get("/catalogue/v1/items", params={"q": words})
            took.append(time.perf_counter() - started)
            errors += answer.status_code != httpx.codes.OK or not answer.json()["entries"]
    if errors:
        raise Refused(f"{errors} of {SEARCHES} searches failed or found nothing")
    return Figures.of_durations("catalogue search", took)


async def _like(connection: "asyncpg.Connection") -> Figures:
    took = []
    today = datetime.now(UTC).date()
    for words in islice(cycle(WORDS_OF_LIKE), SEARCHES):
        started = time.perf_counter()
        await connection.fetch(LIKE, words, today)
        took.append(time.perf_counter() - started)
    return Figures.of_durations("PostgreSQL ILIKE", took)


@asynccontextmanager
async def _filled(bench: Bench, connection: "asyncpg.Connection", region: RegionPack) -> AsyncIterator[None]:
    """The catalogue with made-up items, which are taken out again."""
    bench.advance(f"{NAME}: making {ITEMS:,} items")
    made = list(_made(region))
    items = ((code, owner, "published", 1, date(2026, 1, 1), 1) for code, owner, _ in made)
    columns = ("code", "owner_uscc", "status", "version", "last_effective_from", "revision")
    await connection.copy_records_to_table("catalogue_item", records=items, columns=columns)
    await connection.executemany(INSERT, [_version(*each) for each in made])
    await connection.execute("ANALYZE catalogue_item_version")
    try:
        yield
    finally:
        for table in ("catalogue_item_version", "catalogue_item"):
            await connection.execute(f"DELETE FROM {table} WHERE starts_with(code, $1)", PREFIX)  # noqa: S608


def _made(region: RegionPack) -> Iterator[tuple[str, str, Standard]]:
    """Items as the pack has them, under titles of which every word stands in many."""
    chance = random.Random(1)
    own = list(items_of(region))
    for number in range(ITEMS):
        like = chance.choice(own)
        place, trade, act = (chance.choice(words) for words in (_PLACES, _TRADES, _ACTS))
        raw = STANDARD_JSON.dump_python(like.standard, mode="json") | {
            "title": {"zh": f"{place}{trade}经营{act}（{number}）", "en": None},
            "needs": [f"{place}{trade}", f"{trade}{act}", chance.choice(_TRADES)],
        }
        yield f"{PREFIX}{number:05}", like.owner_uscc, STANDARD_JSON.validate_python(raw)


def _version(code: str, owner: str, standard: Standard) -> tuple[object, ...]:
    raw = json.dumps(STANDARD_JSON.dump_python(standard, mode="json"), ensure_ascii=False)
    terms = vector_of(tokens_of([standard.title.zh]), tokens_of(standard.needs))
    return code, owner, raw, sorted(facets_of(standard, owner)), terms

"""Whether a name can be had, among 250,000 that are held: the answer over HTTP, beside LIKE and beside 50 ms."""

import random
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Final

import asyncpg
import httpx

from benchmarks.bench import Bench
from benchmarks.figures import Figures, Row, median_ratio
from deploy.local.blueprint import cluster_of
from deploy.local.layout import SERVICES
from deploy.local.refusals import Refused
from services.registration.domain.names import NameKeys, claim_marks

NAME: Final = "name_check"
NAMES: Final = 250_000
NAMES_QUICK: Final = 20_000
CHECKS: Final = 300
MOST_MS: Final = 50.0
PREFIX: Final = "benchmark-"
DIVISION: Final = "140881"
REGISTRATION: Final = next(part for part in SERVICES if part.name == "registration")
# What somebody would write who has no measure: whose name holds the distinctive part.
LIKE: Final = "SELECT name_key FROM name_claim WHERE name_key LIKE '%' || $1 || '%' LIMIT 50"
COLUMNS: Final = ("name_key", "division_code", "distinctive_key", "trade_key", "marks", "uscc")
# The characters that names like best come first and are taken most often, as in any real register.
LIKED: Final = (
    "鑫源盛达兴隆福顺诚信宏昌华泰瑞丰金泽恒润嘉和美德康宁永安吉祥天成东方海洋博远通利民生万佳宝盈辉煌龙凤翔"
    "春秋云雨雪梅兰竹松柏山川江河湖湾桥津渡口楼台亭阁园林苑庄村乡里巷坊居家室堂轩斋馆舍院门庭玉珠银铜铁石木火土"
    "光明晨曦晓阳星月辰宇宙旭日升腾飞跃进步创新科技智慧学文书画诗词歌舞乐琴棋茶酒香味鲜甜蜜果蔬禾苗麦粟豆米面"
    "大小老少王李张刘陈杨赵黄周吴徐孙马朱胡郭何高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢"
)
# Trades with neighbours, and trades of their own; a third of a city's enterprises trade in goods.
TRADES: Final = (
    *("商贸",) * 10,
    *("餐饮", "餐饮", "餐饮", "饭店", "酒店", "小吃", "便利店"),
    *("科技", "建材", "装饰", "农业", "物流", "汽修", "服饰", "医药", "教育", "文化", "工程", "劳务", "种植"),
)


async def measure(bench: Bench) -> list[Row]:
    """Raises: Refused where a check fails."""
    count = NAMES_QUICK if bench.extent.is_quick else NAMES
    connection = await asyncpg.connect(cluster_of(bench.around).url("registration"))
    try:
        async with _filled(bench, connection, count):
            ours, peer = await bench.in_turns(
                NAME, partial(_check, bench), lambda: _like(connection, random.Random(2))
            )
    finally:
        await connection.close()
    limit = Figures(who="limit", count=0, per_second=None, p50_ms=None, p99_ms=MOST_MS)
    case = f"{count:,} names"
    return [
        Row(
            benchmark=NAME,
            case=f"{case}, beside LIKE",
            explanation="whatever is the same or alike by the measure; LIKE finds only what is inside another name",
            ours=ours,
            peer=peer,
            ratio=median_ratio(ours, peer),
            ratio_of="median",
            higher_is_better=False,
            notes=("ours is the whole answer of the service over HTTP; LIKE is the statement alone",),
        ),
        Row(
            benchmark=NAME,
            case=f"{case}, beside the limit",
            explanation=f"the 99th of 100 of {CHECKS} answers, one after the other",
            ours=ours,
            peer=limit,
            ratio=(ours.p99_ms or MOST_MS) / MOST_MS,
            ratio_of="p99",
            higher_is_better=False,
        ),
    ]


async def _check(bench: Bench) -> Figures:
    chance, took, alike = random.Random(2), [], 0
    async with httpx.AsyncClient(base_url=bench.around.ports.url(REGISTRATION)) as client:
        for _ in range(CHECKS):
            name = f"永济市{_part(chance)}{chance.choice(TRADES)}有限公司"
            started = time.perf_counter()
            answer = await client.get("/registration/v1/names/check", params={"name": name})
            took.append(time.perf_counter() - started)
            if answer.status_code != httpx.codes.OK:
                raise Refused(f"checking {name}: {answer.status_code}")
            found = answer.json()
            alike += bool(found["conflicts"] or found["resembling"])
    if not alike:
        raise Refused("nothing stood against any name: nothing was compared")
    return Figures.of_durations("name check", took)


async def _like(connection: "asyncpg.Connection", chance: random.Random) -> Figures:
    took = []
    for _ in range(CHECKS):
        part = _part(chance)
        chance.choice(TRADES)
        started = time.perf_counter()
        await connection.fetch(LIKE, part)
        took.append(time.perf_counter() - started)
    return Figures.of_durations("PostgreSQL LIKE", took)


@asynccontextmanager
async def _filled(bench: Bench, connection: "asyncpg.Connection", count: int) -> AsyncIterator[None]:
    """Claims on made-up names, which are taken out again."""
    bench.advance(f"{NAME}: making {count:,} names")
    await connection.copy_records_to_table("name_claim", records=_made(count), columns=COLUMNS)
    await connection.execute("VACUUM ANALYZE name_claim")
    try:
        yield
    finally:
        await connection.execute("DELETE FROM name_claim WHERE starts_with(uscc, $1)", PREFIX)


def _made(count: int) -> Iterator[tuple[object, ...]]:
    chance, seen = random.Random(1), set[str]()
    while len(seen) < count:
        part, trade = _part(chance), chance.choice(TRADES)
        whole = f"永济市{part}{trade}有限公司"
        if whole not in seen:
            seen.add(whole)
            keys = NameKeys(whole, part, trade)
            yield (whole, DIVISION, part, trade, list(claim_marks(keys)), f"{PREFIX}{len(seen):07}")


def _part(chance: random.Random) -> str:
    length = chance.choice((2, 2, 3, 3, 3, 4))
    return "".join(LIKED[int(len(LIKED) * chance.random() ** 2)] for _ in range(length))

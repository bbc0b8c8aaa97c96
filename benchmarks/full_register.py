"""Fills registration with made-up enterprises, by COPY, the indexes made afterwards: a city's, then a province's."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

import asyncpg

from benchmarks.bench import Bench
from deploy.local.blueprint import cluster_of
from shared.identifiers import compose_uscc, organisation_body

BATCH: Final = 50_000
_DIVISIONS: Final = {
    "140802": "运城市盐湖区",
    "140821": "临猗县",
    "140822": "万荣县",
    "140823": "闻喜县",
    "140824": "稷山县",
    "140825": "新绛县",
    "140826": "绛县",
    "140827": "垣曲县",
    "140828": "夏县",
    "140829": "平陆县",
    "140830": "芮城县",
    "140881": "永济市",
    "140882": "河津市",
}
_SYLLABLES: Final = (
    "安柏博彩辰诚驰川春达丹德鼎东恩法帆方飞丰凤福富刚高格冠光广桂国海涵翰航浩和恒红宏泓华欢焕辉惠吉佳嘉坚建健江杰金锦京晶景聚俊凯康"
    "科坤蓝朗乐磊力立利联良林霖灵龙隆璐伦迈茂美梦民明铭慕宁诺鹏平普琪奇启千乾勤青清庆秋泉仁荣瑞润森山尚盛圣胜石世舒顺硕思松苏泰涛腾"
    "天田通同万旺威维伟文武熙曦喜夏贤祥翔晓欣新鑫信星兴旭轩雅妍阳耀业怡逸益银英盈永友宇禹玉裕源远悦云泽展长哲真正志致智中众卓子紫"
)
_TRADES: Final = (
    "餐饮",
    "商贸",
    "建材",
    "农机",
    "物流",
    "果蔬",
    "化工",
    "运输",
    "电子",
    "服装",
    "文化传媒",
    "装饰工程",
)
_FORMS: Final = ("有限公司", "有限公司", "店", "专业合作社", "经销部")
_SCOPES: Final = (
    "餐饮服务",
    "日用百货销售",
    "五金产品零售",
    "道路货物运输",
    "农产品初加工",
    "建筑材料销售",
    "服装零售",
)
_INDUSTRIES: Final = ("H6210", "F5211", "F5212", "G5430", "C1391", "F5287", "F5232")
_COLUMNS: Final = (
    "uscc",
    "name",
    "name_key",
    "enterprise_kind",
    "state",
    "established_on",
    "registered_capital_fen",
    "capital_currency",
    "domicile_division_code",
    "domicile_text",
    "scope",
    "industry_code",
    "division_code",
    "origin",
    "import_digest",
    "registered_at",
    "changed_at",
)
_SECONDARY: Final = """
    SELECT indexname AS name, indexdef AS made FROM pg_indexes WHERE tablename = 'enterprise'
        AND indexname NOT IN (SELECT conname FROM pg_constraint WHERE conrelid = 'enterprise'::regclass)
"""
_LOG: Final = """
    INSERT INTO register_change (uscc, version, act, at)
    SELECT e.uscc, 1, 'taken_over', e.registered_at FROM enterprise AS e
    WHERE NOT EXISTS (SELECT FROM register_change AS c WHERE c.uscc = e.uscc)
"""
_BEGAN: Final = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class MadeUp:
    """An enterprise by its number: the same number gives the same."""

    number: int

    @property
    def uscc(self) -> str:
        """Its credit code."""
        return compose_uscc(
            authority="9",
            body_type="1",
            division_code=self.division,
            organisation_body=organisation_body("M", 500_000_000 + self.number),
        )

    @property
    def division(self) -> str:
        """Its county."""
        return self._of(tuple(_DIVISIONS), 0)

    @property
    def distinctive(self) -> str:
        """字号."""
        mixed = self.number * 2_654_435_761 % 2**32
        syllables = (mixed >> shift for shift in (0, 8, 16, 24)[: 2 + (mixed >> 5) % 3])
        return "".join(_SYLLABLES[each % len(_SYLLABLES)] for each in syllables)

    @property
    def trade(self) -> str:
        """行业."""
        return self._of(_TRADES, 1)

    @property
    def name(self) -> str:
        """The whole name."""
        return f"{_DIVISIONS[self.division]}{self.distinctive}{self.trade}{self._of(_FORMS, 2)}"

    def record(self) -> tuple[object, ...]:
        """Its row, in the order of the columns."""
        number, division, name = self.number, self.division, self.name
        at = _BEGAN + timedelta(seconds=number % 20_000_000)
        scope = [{"code": None, "text": _SCOPES[(number // each) % len(_SCOPES)]} for each in (1, 7, 49)]
        return (
            self.uscc,
            name,
            name,
            "limited_company" if number % 3 else "individual_business",
            "active" if number % 50 else "deregistered",
            date(1995, 1, 1) + timedelta(days=number % 11_000),
            number % 1000 * 1_000_000,
            "CNY",
            division,
            f"{_DIVISIONS[division]}{self._of(_SCOPES, 3)[:2]}街{number % 900 + 1}号",
            json.dumps(scope, ensure_ascii=False),
            self._of(_INDUSTRIES, 4),
            division,
            "import",
            b"made up",
            at,
            at,
        )

    def _of(self, choices: tuple[str, ...], place: int) -> str:
        return choices[hash((self.number, place)) % len(choices)]


async def fill(bench: Bench, held: int, wanted: int) -> None:
    """Let the register grow from `held` made-up enterprises to `wanted`, with its log, indexes and statistics."""
    connection = await asyncpg.connect(cluster_of(bench.around).url("registration"), command_timeout=3600)
    try:
        await connection.execute("SET maintenance_work_mem = '1GB'; SET synchronous_commit = off")
        secondary = await connection.fetch(_SECONDARY)
        for index in secondary:
            await connection.execute(f'DROP INDEX "{index["name"]}"')
        for first in range(held, wanted, BATCH):
            bench.advance(f"register: {first:,} of {wanted:,} enterprises")
            records = await asyncio.to_thread(list, _records(first, min(first + BATCH, wanted)))
            await connection.copy_records_to_table("enterprise", records=records, columns=_COLUMNS)
        for index in secondary:
            bench.advance(f"register: {index['name']} over {wanted:,} enterprises")
            await connection.execute(index["made"])
        bench.advance(f"register: log of {wanted:,} enterprises")
        await connection.execute(_LOG)
        await connection.execute("VACUUM (ANALYZE) enterprise, register_change")
        await connection.execute("CHECKPOINT")
    finally:
        await connection.close()


def _records(first: int, end: int) -> Iterator[tuple[object, ...]]:
    return (MadeUp(number).record() for number in range(first, end))

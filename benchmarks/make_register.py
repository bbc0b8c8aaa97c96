"""Makes registers of any size for measuring: sound rows, and the kinds of dirt that real registers have."""

import csv
import random
from collections.abc import Iterator
from pathlib import Path

from shared.identifiers import compose_uscc, organisation_body

HEADER = (
    "企业名称",
    "统一社会信用代码",
    "注册日期",
    "企业类型",
    "注册资金",
    "经营范围",
    "所在省份",
    "地区",
    "注册地址",
)
_DIVISIONS = ("140802", "140821", "140826", "140830", "140881", "140882", "142702")
_WORDS = "安百成达恩丰广和吉康利茂宁鹏庆瑞顺泰万祥益永裕泽正"
_TRADES = ("餐饮", "商贸", "建材", "农机", "物流", "果蔬", "化工", "运输")
_FORMS = ("有限公司", "有限责任公司", "经销部", "专业合作社", "厂")
_KINDS = ("N/A", "有限责任公司", "个体工商户", "个人独资企业", "集体所有制")
_SCOPES = ("批发、零售：日用百货、五金交电", "餐饮服务", "道路普通货物运输", "建材销售；农机具销售")


def make_rows(n: int, seed: int) -> Iterator[list[str]]:
    """Yield `n` rows; about one in a hundred has something wrong. The same seed gives the same rows."""
    chance = random.Random(seed)
    for number in range(n):
        division = chance.choice(_DIVISIONS)
        code = compose_uscc(
            authority="9",
            body_type="1",
            division_code=division,
            organisation_body=organisation_body("M", seed % 1000 * 20_000_000 + number),
        )
        word = "".join(chance.choices(_WORDS, k=3))
        row = [
            f"运城市{word}{chance.choice(_TRADES)}{chance.choice(_FORMS)}",
            code,
            f"{chance.randint(1981, 2020)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}",
            chance.choice(_KINDS),
            chance.choice(("N/A", "{}(万)", "{}(万元)", "{}万人民币", "1,{:03d}(万元人民币)")).format(
                chance.randint(1, 999)
            ),
            "；".join(chance.choices(_SCOPES, k=chance.randint(1, 6))),
            "山西",
            "运城",
            f"运城市{word}路{chance.randint(1, 300)}号",
        ]
        yield _spoiled(row, chance) if chance.random() < 0.01 else row


def write_register(path: Path, n: int, seed: int = 1) -> None:
    """Write a register as CSV, with its header."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(make_rows(n, seed))


def _spoiled(row: list[str], chance: random.Random) -> list[str]:
    fault = chance.randrange(5)
    if fault == 0:
        row[1] = row[1][:-1] + ("0" if row[1][-1] != "0" else "1")
    elif fault == 1:
        row[1] = "".join(chance.choices("0123456789", k=13))
    elif fault == 2:
        row[2] = "不详"
    elif fault == 3:
        row[4] = "若干"
    else:
        row[1] = "N/A"
    return row

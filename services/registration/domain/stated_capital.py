"""Capital as old registers state it: "50(万元)", "1,000(万)", "205万人民币", "300(万美元)", "N/A"."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

_STATED: Final = re.compile(r"(?P<number>\d+(?:\.\d+)?)(?P<unit>万亿|亿|千万|百万|万|千)?(?P<currency>.*)")
_UNITS: Final = {
    None: 1,
    "千": 10**3,
    "万": 10**4,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "万亿": 10**12,
}
_RENMINBI: Final = frozenset({"", "元", "人民币", "元人民币", "人民币元", "圆", "元整", "RMB", "CNY"})
_FOREIGN: Final = {
    "美元": "USD",
    "元美元": "USD",
    "港元": "HKD",
    "港币": "HKD",
    "欧元": "EUR",
    "日元": "JPY",
    "英镑": "GBP",
    "澳元": "AUD",
    "加元": "CAD",
    "新台币": "TWD",
    "台币": "TWD",
    "澳门元": "MOP",
    "新加坡元": "SGD",
    "瑞士法郎": "CHF",
    "韩元": "KRW",
    "USD": "USD",
    "HKD": "HKD",
    "EUR": "EUR",
}
_MAX_FEN: Final = 10**15


@dataclass(frozen=True)
class StatedCapital:
    """What was understood: fen for renminbi; a foreign currency keeps its code and the text as stated."""

    fen: int | None
    currency: str | None


def read_capital(text: str) -> StatedCapital | None:
    """Read a stated capital; None where it cannot be understood."""
    plain = re.sub(r"[\s,()（），]+", "", unicodedata.normalize("NFKC", text)).upper()
    plain = re.sub(r"^(人民币|RMB|￥|¥)", "", plain)
    match = _STATED.fullmatch(plain)
    if match is None:
        return None
    currency = match["currency"].removesuffix("整")
    if currency in _FOREIGN:
        return StatedCapital(None, _FOREIGN[currency])
    if currency not in _RENMINBI:
        return None
    fen = Decimal(match["number"]) * _UNITS[match["unit"]] * 100
    if fen > _MAX_FEN:
        return None
    return StatedCapital(int(fen.to_integral_value()), "CNY")

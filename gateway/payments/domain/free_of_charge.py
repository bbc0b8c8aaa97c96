"""What must not cost anything, by the region pack's list.

Source: NFR-15: 003 黑龙江信用措施 六（二） (credit repair), 003 售电公司办法 第三十九条 (credit evaluation),
001 运城方案 （一）3 (enterprise start-up).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Fee:
    """What one part of a theme costs."""

    theme: str
    part: str
    fee_fen: int


def wrongly_charged(fees: Iterable[Fee], free: Collection[str]) -> tuple[str, ...]:
    """Return each part with a fee although its theme, or the part itself, is free of charge."""
    return tuple(
        f"{fee.theme}.{fee.part}" for fee in fees if fee.fee_fen > 0 and {fee.theme, fee.part} & set(free)
    )

"""When the distinctive parts (字号) of two names are alike: a stated measure over Chinese text.

It follows 企业名称相同相近比对规则 (工商企注字〔2017〕133号) arts. 3 and 4: the same, the same sound, one inside the
other. Reordered parts, one other character and shared pairs of characters are this suite's own, for people who read
fast. Compared are parts in standard characters (`names.name_key`); the measure is the same in both directions.
"""

from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache
from typing import Final

from services.registration.domain.name_sounds import sounds_of

_LEAST_COMPARED: Final = 2
_LONG: Final = 3
# Of a name longer than any distinctive part that may be asked for, the beginning is compared.
_MOST_COMPARED: Final = 24
_GAP: Final = "＿"


class Likeness(StrEnum):
    """What two distinctive parts have in common, the gravest first."""

    IDENTICAL = "identical"  # 字号相同
    REORDERED = "reordered"  # 字序不同：蒲津渡、津蒲渡
    SAME_SOUND = "same_sound"  # 字音相同：鸿发、宏发
    CONTAINED = "contained"  # 包含或者被包含：蒲津、蒲津渡
    ONE_APART = "one_apart"  # 三字以上仅一字不同：蒲津渡、蒲津湾
    SIMILAR = "similar"  # 相邻两字多有相同：蒲津渡口、大蒲津渡


def likeness(one: str, other: str, similar_from: float) -> Likeness | None:
    """Compare two parts as keys; None where nothing tells them alike.

    `similar_from` is the share of common pairs of neighbouring characters (0 to 1, Dice's coefficient) from which
    they are similar.
    """
    if one == other:
        return Likeness.IDENTICAL
    if min(len(one), len(other)) < _LEAST_COMPARED:
        return None
    if sorted(one) == sorted(other):
        return Likeness.REORDERED
    if sounds_of(one) == sounds_of(other):
        return Likeness.SAME_SOUND
    if one in other or other in one:
        return Likeness.CONTAINED
    if _differing(one, other) == 1 and len(one) >= _LONG:
        return Likeness.ONE_APART
    return Likeness.SIMILAR if shared_pairs(one, other) >= similar_from else None


def shared_pairs(one: str, other: str) -> float:
    """The share of pairs of neighbouring characters that both have, 0 to 1 (Dice's coefficient)."""
    mine, theirs = Counter(_pairs(one)), Counter(_pairs(other))
    total = mine.total() + theirs.total()
    return 2 * (mine & theirs).total() / total if total else 0.0


@lru_cache(maxsize=1024)
def grave_marks(part: str) -> tuple[str, ...]:
    """What parts share that are reordered or sound the same: their characters in order, and their sound."""
    part = part[:_MOST_COMPARED]
    if len(part) < _LEAST_COMPARED:
        return ()
    return "=" + "".join(sorted(part)), "~" + sounds_of(part)


def marks(part: str) -> tuple[str, ...]:
    """By these a database finds what may be alike: two parts that are alike have at least one in common.

    Beside the grave ones the pairs of neighbours; three characters of which the middle one differs share the outer two.
    """
    part = part[:_MOST_COMPARED]
    around = (part[0] + _GAP + part[2],) if len(part) == _LONG else ()
    return (*grave_marks(part), *dict.fromkeys(_pairs(part)), *around)


def _pairs(text: str) -> Iterator[str]:
    return (text[at : at + 2] for at in range(len(text) - 1))


def _differing(one: str, other: str) -> int:
    if len(one) != len(other):
        return max(len(one), len(other))
    return sum(mine != theirs for mine, theirs in zip(one, other, strict=True))

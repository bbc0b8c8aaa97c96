"""What is no ticket but a call to an emergency line (紧急热线): somebody is in danger now.

Source: 运城市优化营商环境方案 （十五）2 (110, 119, 120 and 122 stay outside 12345); the words are own.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

_WORDS: Final = {
    "110": ("持刀", "抢劫", "绑架", "砍人", "正在打人", "有人打人", "入室盗窃", "救命"),
    "119": ("着火", "起火", "失火", "火灾现场", "被困", "燃气泄漏", "正在爆炸"),
    "120": ("昏迷", "晕倒", "没有呼吸", "心脏骤停", "大出血", "不省人事"),
    "122": ("车祸", "撞车", "撞人", "交通事故有人受伤"),
}


@dataclass(eq=False)
class EmergencyTransfer(Exception):
    """The request is for an emergency line: it is transferred, not taken as a ticket."""

    lines: tuple[str, ...]
    words: tuple[str, ...]


def refuse_emergency(content: str, lines: Collection[str]) -> None:
    """Raise EmergencyTransfer where the words speak of present danger; `lines` are those of the region."""
    hits = {
        line: words
        for line, listed in _WORDS.items()
        if line in lines and (words := tuple(w for w in listed if w in content))
    }
    if hits:
        raise EmergencyTransfer(tuple(hits), tuple(word for words in hits.values() for word in words))

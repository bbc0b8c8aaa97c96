"""A JSON reader that refuses what two readers could understand differently."""

import json
import math
from typing import Any, Final, NoReturn

_MOST_DIGITS: Final = 100  # far above what any field takes; Python itself gives up after 4300


class UnreadableJson(ValueError):
    """The text is not JSON, or JSON that this suite does not take; `reason` is a short code."""

    def __init__(self, reason: str, position: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.position = position


def loads_strict(raw: bytes) -> Any:
    """Parse UTF-8 JSON: no duplicate names, NaN, infinities, NUL, lone surrogates or nesting without end."""
    try:
        decoded = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableJson("not_utf8", error.start) from error
    try:
        value = json.loads(
            decoded,
            object_pairs_hook=_unique,
            parse_constant=_refuse_constant,
            parse_float=_finite,
            parse_int=_whole,
        )
    except json.JSONDecodeError as error:
        raise UnreadableJson("not_json", error.pos) from error
    except RecursionError as error:
        raise UnreadableJson("too_deep") from error
    if "\\u" in decoded or "\x00" in decoded:
        _refuse_bad_text(value)
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise UnreadableJson("duplicate_name")
    return made


def _refuse_constant(_: str) -> NoReturn:
    raise UnreadableJson("not_a_number")


def _whole(text: str) -> int:
    if len(text) > _MOST_DIGITS:
        raise UnreadableJson("number_out_of_range")
    return int(text)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise UnreadableJson("number_out_of_range")
    return number


def _refuse_bad_text(value: Any) -> None:
    """Walk without recursion: nesting was bounded by the parser already."""
    open_values = [value]
    while open_values:
        current = open_values.pop()
        if isinstance(current, str):
            if "\x00" in current or any("\ud800" <= c <= "\udfff" for c in current):
                raise UnreadableJson("bad_character")
        elif isinstance(current, dict):
            open_values += [*current.keys(), *current.values()]
        elif isinstance(current, list):
            open_values += current

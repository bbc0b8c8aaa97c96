"""Reads of the register at a city's size and a province's: by code, by name, by place; each beside its own SQL."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from benchmarks.full_register import MadeUp

COLUMNS: Final = "uscc, name, enterprise_kind, state, established_on, division_code, origin"
_BY_CODE: Final = (
    "SELECT * FROM enterprise AS e LEFT JOIN enterprise_person AS p USING (uscc) WHERE uscc = $1"
)
# What somebody would write who has the service's index and no more.
_BY_WORD: Final = f"""
    SELECT {COLUMNS} FROM enterprise WHERE text_pairs(name_key) @> text_pairs($1) AND strpos(name_key, $1) > 0
    ORDER BY name_key, uscc LIMIT 51
"""  # noqa: S608 - constants only, here and below
_BY_BEGINNING: Final = f"""
    SELECT {COLUMNS} FROM enterprise WHERE name_key >= $1 AND name_key < $1 || '\U0010ffff'
    ORDER BY name_key, uscc LIMIT 51
"""  # noqa: S608
_BY_PLACE: Final = f"""
    SELECT {COLUMNS} FROM enterprise WHERE division_code = $1 AND state = 'deregistered'
    ORDER BY name_key, uscc LIMIT 51
"""  # noqa: S608


@dataclass(frozen=True)
class Probe:
    """A question: the path of its answer and the value of its statement, for an enterprise by number."""

    what: str
    sql: str
    path: Callable[[MadeUp], str]
    value: Callable[[MadeUp], object]
    token: bool = field(default=False)


def questions(size: int, seed: int) -> Iterator[MadeUp]:
    """Which enterprises are asked for, one after the other."""
    chance = random.Random(seed)
    while True:
        yield MadeUp(chance.randrange(size))


def _searching(**filters: str) -> str:
    return f"/registration/v1/enterprises?{urlencode(filters)}"


PROBES: Final = (
    Probe("lookup by code", _BY_CODE, lambda e: f"/registration/v1/enterprises/{e.uscc}", lambda e: e.uscc),
    Probe(
        "search by a part of the name",
        _BY_WORD,
        lambda e: _searching(q=e.distinctive),
        lambda e: e.distinctive,
    ),
    Probe(
        "search by a beginning", _BY_BEGINNING, lambda e: _searching(name=e.name[:5]), lambda e: e.name[:5]
    ),
    Probe(
        "search by county and state",
        _BY_PLACE,
        lambda e: _searching(division=e.division, state="deregistered"),
        lambda e: e.division,
    ),
)

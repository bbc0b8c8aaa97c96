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
PAGE: Final = 50
SHORT_PAGE: Final = 5
"""Even a city's register has more with any two characters: both sizes fill the page, and only the register grows."""


def _by_word(limit: int) -> str:
    """What somebody would write who has the service's index, and knows that a short page tempts the planner past it."""
    return f"""
        WITH fitting AS MATERIALIZED (
            SELECT name_key, {COLUMNS} FROM enterprise
            WHERE text_pairs(name_key) @> text_pairs($1) AND strpos(name_key, $1) > 0
        )
        SELECT {COLUMNS} FROM fitting ORDER BY name_key, uscc LIMIT {limit + 1}
    """  # noqa: S608 - constants only, here and below


# What somebody would write who knows that the words are common: the pairs of 300,000 take a second.
_BY_COMMON_WORD: Final = f"""
    SELECT {COLUMNS} FROM enterprise WHERE strpos(name_key, $1) > 0 ORDER BY name_key, uscc LIMIT {PAGE + 1}
"""  # noqa: S608
_BY_WORDS_IN_COUNTY: Final = f"""
    WITH fitting AS MATERIALIZED (
        SELECT name_key, {COLUMNS} FROM enterprise WHERE division_code = $1
            AND text_pairs(name_key) @> text_pairs($2) AND strpos(name_key, $2) > 0 AND strpos(name_key, $3) > 0
    )
    SELECT {COLUMNS} FROM fitting ORDER BY name_key, uscc LIMIT {PAGE + 1}
"""  # noqa: S608
_BY_BEGINNING: Final = f"""
    SELECT {COLUMNS} FROM enterprise WHERE name_key >= $1 AND name_key < $1 || '\U0010ffff'
    ORDER BY name_key, uscc LIMIT {PAGE + 1}
"""  # noqa: S608
_BY_PLACE: Final = f"""
    SELECT {COLUMNS} FROM enterprise WHERE division_code = $1 AND state = 'deregistered'
    ORDER BY name_key, uscc LIMIT {PAGE + 1}
"""  # noqa: S608


@dataclass(frozen=True)
class Probe:
    """A question: the path of its answer and the values of its statement, for an enterprise by number."""

    what: str
    sql: str
    path: Callable[[MadeUp], str]
    values: Callable[[MadeUp], tuple[object, ...]]
    token: bool = field(default=False)


def questions(size: int, seed: int) -> Iterator[MadeUp]:
    """Which enterprises are asked for, one after the other."""
    chance = random.Random(seed)
    while True:
        yield MadeUp(chance.randrange(size))


def _searching(**filters: str) -> str:
    return f"/registration/v1/enterprises?{urlencode(filters)}"


PROBES: Final = (
    Probe(
        "lookup by code", _BY_CODE, lambda e: f"/registration/v1/enterprises/{e.uscc}", lambda e: (e.uscc,)
    ),
    Probe(
        "search by a part of the name",
        _by_word(PAGE),
        lambda e: _searching(q=e.distinctive),
        lambda e: (e.distinctive,),
    ),
    Probe(
        f"search by two characters, {SHORT_PAGE} to a page",
        _by_word(SHORT_PAGE),
        lambda e: _searching(q=e.distinctive[:2], limit=str(SHORT_PAGE)),
        lambda e: (e.distinctive[:2],),
    ),
    Probe("search by a common word", _BY_COMMON_WORD, lambda e: _searching(q=e.trade), lambda e: (e.trade,)),
    Probe(
        "search by words in a county",
        _BY_WORDS_IN_COUNTY,
        lambda e: _searching(q=f"{e.distinctive[:2]} {e.trade}", division=e.division),
        lambda e: (e.division, e.distinctive[:2], e.trade),
    ),
    Probe(
        "search by a beginning",
        _BY_BEGINNING,
        lambda e: _searching(name=e.name[:5]),
        lambda e: (e.name[:5],),
    ),
    Probe(
        "search by county and state",
        _BY_PLACE,
        lambda e: _searching(division=e.division, state="deregistered"),
        lambda e: (e.division,),
    ),
)

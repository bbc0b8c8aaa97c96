"""Search of the register: pages in the order of names, each answered from an index, whatever is combined.

What many enterprises share is met soon when their names are passed in order; what few share is found by its pairs of
characters and put in order. A look at the next names tells which of both is the shorter way; where the look was
wrong, each way is left after a bounded stretch for the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Row, TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.registration.domain.enterprise import EnterpriseSummary
from services.registration.domain.kinds import EnterpriseKind, EnterpriseState, Origin
from services.registration.domain.register_errors import SearchTooBroad
from services.registration.store.search_filters import Filter, Search, SortKey, filter_of, where
from shared.database.engine import sqlstate

_COLUMNS: Final = "uscc, name, name_key, enterprise_kind, state, established_on, division_code, origin"
_ASKED_FOR: Final = "industry_code, domicile_division_code, scope_key, address_key"
_WIDER: Final = 6  # windows at most
_CANCELLED: Final = "57014"
# A scan of the whole register is what a search may never come to; the planner's guess at rare pairs may say otherwise.
# Its guess that a word has many would start helpers, and compile, for the few that it has. Those few lie all over the
# table, most of them in the system's memory: read in place they cost less than handed to a worker one by one. The
# memory keeps the places of a common pair apart: known by page alone, each name on the page would be taken to pairs.
_BOUNDED: Final = text("""
    SELECT set_config('statement_timeout', '3000', true), set_config('enable_seqscan', 'off', true),
        set_config('max_parallel_workers_per_gather', '0', true), set_config('jit', 'off', true),
        set_config('effective_io_concurrency', '0', true), set_config('work_mem', '32MB', true)
""")
_ADDRESS_OF: Final = text("SELECT address_key FROM enterprise WHERE uscc = :uscc")


@dataclass(frozen=True)
class Reach:
    """How far each way goes before another is tried.

    `window` names are looked at first; where `dense` of them fit, a wider stretch most likely holds a page. `stretch`
    names are passed in the index alone; `most` enterprises are collected, each from a page of its own.
    """

    window: int = 1_000
    dense: int = 8
    stretch: int = 100_000
    most: int = 3_000


@dataclass(frozen=True)
class _Look:
    """How many of the next names fit; whether these were all that are left."""

    fitting: int
    is_whole: bool


class SearchStore:
    """Searches in the caller's transaction."""

    def __init__(self, session: AsyncSession, reach: Reach | None = None) -> None:
        self._session = session
        self._reach = reach or Reach()

    async def search(self, wanted: Search, after: SortKey | None, limit: int) -> list[EnterpriseSummary]:
        """The next enterprises that fit. Raises: SearchTooBroad where that cannot be told in time."""
        try:
            await self._session.execute(_BOUNDED)
            return [_summary(row) for row in await self._search(wanted, after, limit)]
        except Exception as error:
            if sqlstate(error) == _CANCELLED:  # the transaction is over; nothing was written in it
                raise SearchTooBroad from error
            raise

    async def _search(self, wanted: Search, after: SortKey | None, limit: int) -> list[Row[Any]]:
        conditions = filter_of(wanted)
        if wanted.address_of is not None:
            key = await self._session.scalar(_ADDRESS_OF, {"uscc": wanted.address_of})
            if key is None:
                return []
            conditions = conditions.at_address(key)
        if wanted.begins is None:
            conditions = conditions.after(after)
            if conditions.other:
                return await self._in_windows(conditions, limit)
            return await self._rows(_ordered(conditions), conditions, limit)
        found: list[Row[Any]] = []
        parts = conditions.parted(wanted.begins, after)
        for part, look in zip(parts, await self._looks(parts), strict=True):
            if len(found) < limit and (look.fitting or not look.is_whole):
                found += await self._with_words(part, look, limit - len(found))
        return found

    async def _looks(self, parts: Sequence[Filter]) -> list[_Look]:
        """A look at the next names of each part: the index alone knows them."""
        values = {name: value for part in parts for name, value in part.values.items()}
        looking = " UNION ALL ".join(_looking(place, part) for place, part in enumerate(parts))
        rows = await self._session.execute(
            _text(f"{looking} ORDER BY place"), values | {"window": self._reach.window}
        )
        return [_Look(row.fitting, row.seen < self._reach.window) for row in rows]

    async def _with_words(self, part: Filter, look: _Look, limit: int) -> list[Row[Any]]:
        """The next that fit; `look` tells whether they are near."""
        is_near = look.fitting >= self._reach.dense
        if part.other:
            found = await (self._in_windows if is_near else self._few)(part, limit)
            return await self._rows(_collected(part), part, limit) if found is None else found
        if look.is_whole:
            return await self._rows(_passing(part), part, limit, stretch=self._reach.window)
        for way in (self._passed, self._few) if is_near else (self._few, self._passed):
            found = await way(part, limit)
            if found is not None:
                return found
        return await self._rows(_passing(part), part, limit, stretch=None)

    async def _passed(self, part: Filter, limit: int) -> list[Row[Any]] | None:
        """By passing the next names; None where a stretch of them does not hold a page."""
        found = await self._rows(_passing(part), part, limit, stretch=self._reach.stretch)
        return found if len(found) == limit else None

    async def _few(self, part: Filter, limit: int) -> list[Row[Any]] | None:
        """By collecting all whose names fit; None where they are many."""
        found = await self._rows(_named(part), part, limit, most=self._reach.most)
        is_all = found[0].collected < self._reach.most
        return [row for row in found if row.uscc is not None] if is_all else None

    async def _in_windows(self, conditions: Filter, limit: int) -> list[Row[Any]]:
        """The next that fit, where only the enterprises themselves can tell whether they do."""
        window = self._reach.window
        while True:
            end = await self._end_of_window(conditions, window)
            if end is None:
                return await self._rows(_ordered(conditions), conditions, limit)
            bounded = conditions.up_to(*end)
            found = await self._rows(_ordered(bounded), bounded, limit)
            if len(found) >= limit:
                return found
            if len(found) < self._reach.dense or window > self._reach.window:
                return await self._rows(_collected(conditions), conditions, limit)
            window = self._reach.window * min(_WIDER, 2 * limit // len(found))

    async def _end_of_window(self, conditions: Filter, window: int) -> tuple[str, str] | None:
        """Where the next enterprises end that the order alone gives; None where fewer are left."""
        statement = f"SELECT name_key, uscc FROM enterprise {where(conditions.along)}"  # noqa: S608
        statement += " ORDER BY name_key, uscc OFFSET :window LIMIT 1"
        row = (await self._session.execute(_text(statement), conditions.values | {"window": window})).first()
        return None if row is None else (row.name_key, row.uscc)

    async def _rows(
        self, statement: str, conditions: Filter, limit: int, **bounds: int | None
    ) -> list[Row[Any]]:
        values = conditions.values | bounds | {"limit": limit}
        return list(await self._session.execute(_text(statement), values))


def sort_key(found: EnterpriseSummary, wanted: Search) -> SortKey:
    """What the answer to a search is ordered by."""
    is_inside = wanted.begins is not None and not found.name_key.startswith(wanted.begins)
    return int(is_inside), found.name_key, found.uscc


def _looking(place: int, part: Filter) -> str:
    """How many names come next in the index, of a window at most, and how many of these fit."""
    return f"""
        SELECT {place} AS place, count(*) AS seen, count(*) FILTER ({where(part.in_names)}) AS fitting
        FROM (
            SELECT name_key FROM enterprise {where(part.along)} ORDER BY name_key, uscc LIMIT :window
        ) AS next
    """  # noqa: S608 - constants of this module and of the filters only, here and below


def _passing(part: Filter) -> str:
    """The next that fit by their names alone: only these are read, the others passed in the index."""
    return f"""
        SELECT {_COLUMNS} FROM enterprise WHERE uscc = ANY(ARRAY(
            SELECT uscc FROM (
                SELECT name_key, uscc FROM enterprise {where(part.along)} ORDER BY name_key, uscc LIMIT :stretch
            ) AS next {where(part.in_names)} ORDER BY name_key, uscc LIMIT :limit
        )) ORDER BY name_key, uscc
    """  # noqa: S608


def _ordered(conditions: Filter) -> str:
    """In the order of names, passing over what does not fit."""
    return f"SELECT {_COLUMNS} FROM enterprise {where(conditions.all)} ORDER BY name_key, uscc LIMIT :limit"  # noqa: S608


def _collected(conditions: Filter) -> str:
    """All that fit, by whatever index has fewest of them, then in order."""
    return f"""
        WITH fitting AS MATERIALIZED (
            SELECT {_COLUMNS} FROM enterprise {where((*conditions.pairs, *conditions.all))}
        )
        SELECT {_COLUMNS} FROM fitting ORDER BY name_key, uscc LIMIT :limit
    """  # noqa: S608


def _named(part: Filter) -> str:
    """Those that fit of the first `most` whose names do; at least one row, to say how many these were."""
    clauses = (*part.name_pairs, *part.along, *part.in_names)
    return f"""
        WITH named AS MATERIALIZED (SELECT {_COLUMNS}, {_ASKED_FOR} FROM enterprise {where(clauses)} LIMIT :most)
        SELECT page.*, told.collected FROM (SELECT count(*) AS collected FROM named) AS told LEFT JOIN (
            SELECT {_COLUMNS} FROM named {where(part.other)} ORDER BY name_key, uscc LIMIT :limit
        ) AS page ON true ORDER BY name_key, uscc
    """  # noqa: S608


@lru_cache(maxsize=256)
def _text(statement: str) -> TextClause:
    """Read once for its parameters."""
    return text(statement)


def _summary(row: Row[Any]) -> EnterpriseSummary:
    return EnterpriseSummary(
        uscc=row.uscc,
        name=row.name,
        name_key=row.name_key,
        enterprise_kind=EnterpriseKind(row.enterprise_kind),
        state=EnterpriseState(row.state),
        established_on=row.established_on,
        division_code=row.division_code,
        origin=Origin(row.origin),
    )

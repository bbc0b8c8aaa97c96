"""Search of the register: pages in the order of names, each answered from an index, whatever is combined.

What many enterprises share is met soon when they are passed in order; what few share is found by its pairs of
characters and put in order. So a page is first looked for among the next enterprises, and then among all that fit.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from services.registration.domain.enterprise import Enterprise
from services.registration.domain.kinds import EnterpriseKind, EnterpriseState
from services.registration.domain.names import name_key
from services.registration.domain.register_errors import SearchTooBroad
from services.registration.store.enterprises import COLUMNS, enterprise_of
from shared.database.engine import sqlstate
from shared.security.office import OfficeLevel, level_of, span_of

SortKey = tuple[int, str, str]
"""Names that begin with what is looked for come first (0); then by name and code."""

_WINDOW: Final = 1_000
_WIDEST_WINDOW: Final = 6_000
_DENSE: Final = 8  # of the first window: then a wider one most likely holds a page
_CANCELLED: Final = "57014"
_LAST: Final = "\U0010ffff"
# A scan of the whole register is what a search may never come to; the planner's guess at rare pairs may say otherwise.
_BOUNDED: Final = text(
    "SELECT set_config('statement_timeout', '3000', true), set_config('enable_seqscan', 'off', true)"
)
_ADDRESS_OF: Final = text("SELECT address_key FROM enterprise WHERE uscc = :uscc")


@dataclass(frozen=True)
class Search:
    """Filters of the public register; `name` is the beginning of a name, `words` stand anywhere in it.

    `address_of` is an enterprise: whoever has the same address (一址多照).
    """

    name: str | None = None
    words: tuple[str, ...] = ()
    code: str | None = None
    scope: tuple[str, ...] = ()
    address: tuple[str, ...] = ()
    address_of: str | None = None
    industry: str | None = None
    division: str | None = None
    state: EnterpriseState | None = None
    kind: EnterpriseKind | None = None
    established_from: date | None = None
    established_to: date | None = None


@dataclass(frozen=True)
class _Filter:
    """Conditions with their values; `along` are those that an index in the order of names serves.

    `in_names` look at the name alone. `pairs` say the same as others do, so that the index of pairs serves them.
    """

    along: tuple[str, ...]
    in_names: tuple[str, ...]
    other: tuple[str, ...]
    pairs: tuple[str, ...]
    values: dict[str, object]

    def narrowed(self, clause: str, **values: object) -> "_Filter":
        """The same with one more condition that the order of names serves."""
        return replace(self, along=(*self.along, clause), values=self.values | values)

    def excluding(self, clause: str, **values: object) -> "_Filter":
        """The same without the names that the condition says."""
        return replace(self, in_names=(*self.in_names, f"NOT ({clause})"), values=self.values | values)


class SearchStore:
    """Searches in the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def search(self, wanted: Search, after: SortKey | None, limit: int) -> list[Enterprise]:
        """The next enterprises that fit. Raises: SearchTooBroad where that cannot be told in time."""
        try:
            await self._session.execute(_BOUNDED)
            return await self._search(wanted, after, limit)
        except Exception as error:
            if sqlstate(error) == _CANCELLED:  # the transaction is over; nothing was written in it
                raise SearchTooBroad from error
            raise

    async def _search(self, wanted: Search, after: SortKey | None, limit: int) -> list[Enterprise]:
        found: list[Enterprise] = []
        conditions = _conditions(wanted)
        if wanted.address_of is not None:
            key = await self._session.scalar(_ADDRESS_OF, {"uscc": wanted.address_of})
            if key is None:
                return []
            conditions = conditions.narrowed(_SAME_ADDRESS, address_key=key)
        if not wanted.words:
            return await self._page(conditions, after, limit)
        begins = {"begins": name_key(wanted.words[0]), "begins_end": name_key(wanted.words[0]) + _LAST}
        if after is None or after[0] == 0:
            found = await self._page(conditions.narrowed(_BEGINS, **begins), after, limit)
            after = None
        if len(found) < limit:
            found += await self._page(conditions.excluding(_BEGINS, **begins), after, limit - len(found))
        return found

    async def _page(self, conditions: _Filter, after: SortKey | None, limit: int) -> list[Enterprise]:
        """The next that fit, in the order of names."""
        if after is not None:
            conditions = conditions.narrowed(_AFTER, after_name=after[1], after_uscc=after[2])
        if not (conditions.in_names or conditions.other):
            return await self._rows(_ordered(conditions), conditions, limit)
        if conditions.in_names and await self._next_names(conditions) < _DENSE:
            return await self._rows(_collected(conditions), conditions, limit)
        window = _WINDOW
        while True:
            end = await self._end_of_window(conditions, window)
            if end is None:
                return await self._rows(_ordered(conditions), conditions, limit)
            bounded = conditions.narrowed(_UP_TO, end_name=end[0], end_uscc=end[1])
            found = await self._rows(_ordered(bounded), bounded, limit)
            if len(found) >= limit:
                return found
            if len(found) < _DENSE or window > _WINDOW:
                return await self._rows(_collected(conditions), conditions, limit)
            window = min(_WIDEST_WINDOW, 2 * limit * _WINDOW // len(found))

    async def _next_names(self, conditions: _Filter) -> int:
        """How many of the next names fit: the index alone knows."""
        statement = f"""
            SELECT count(*) FROM (
                SELECT name_key FROM enterprise {_where(conditions.along)} ORDER BY name_key, uscc LIMIT :window
            ) AS next {_where(conditions.in_names)}
        """  # noqa: S608
        fitting = await self._session.scalar(text(statement), conditions.values | {"window": _WINDOW})
        return int(fitting or 0)

    async def _end_of_window(self, conditions: _Filter, window: int) -> tuple[str, str] | None:
        """Where the next enterprises end that the order alone gives; None where fewer are left."""
        statement = f"SELECT name_key, uscc FROM enterprise {_where(conditions.along)}"  # noqa: S608
        statement += " ORDER BY name_key, uscc OFFSET :window LIMIT 1"
        row = (await self._session.execute(text(statement), conditions.values | {"window": window})).first()
        return None if row is None else (row.name_key, row.uscc)

    async def _rows(self, statement: str, conditions: _Filter, limit: int) -> list[Enterprise]:
        rows = await self._session.execute(text(statement), conditions.values | {"limit": limit})
        return [enterprise_of(row) for row in rows]


def sort_key(enterprise: Enterprise, wanted: Search) -> SortKey:
    """What the answer to a search is ordered by."""
    key = name_key(enterprise.name)
    is_inside = bool(wanted.words) and not key.startswith(name_key(wanted.words[0]))
    return int(is_inside), key, enterprise.uscc


_AFTER: Final = "(name_key, uscc) > (:after_name, :after_uscc)"
_UP_TO: Final = "(name_key, uscc) <= (:end_name, :end_uscc)"
_BEGINS: Final = "name_key >= :begins AND name_key < :begins_end"
_SAME_ADDRESS: Final = (
    "hashtextextended(address_key, 0) = hashtextextended(:address_key, 0) AND address_key = :address_key"
)


def _ordered(conditions: _Filter) -> str:
    """In the order of names, passing over what does not fit."""
    where = _where((*conditions.along, *conditions.in_names, *conditions.other))
    return f"SELECT {COLUMNS} FROM enterprise {where} ORDER BY name_key, uscc LIMIT :limit"  # noqa: S608


def _collected(conditions: _Filter) -> str:
    """All that fit, by whatever index has fewest of them, then in order."""
    where = _where((*conditions.pairs, *conditions.along, *conditions.in_names, *conditions.other))
    return f"""
        WITH fitting AS MATERIALIZED (SELECT name_key, {COLUMNS} FROM enterprise {where})
        SELECT {COLUMNS} FROM fitting ORDER BY name_key, uscc LIMIT :limit
    """  # noqa: S608 - constants of this module only, here and above


def _where(clauses: Sequence[str]) -> str:
    return f"WHERE {' AND '.join(clauses)}" if clauses else ""


def _conditions(wanted: Search) -> _Filter:
    along: list[str] = []  # the indexes of states leave the active ones out: they are nearly all
    other: list[str] = []
    values: dict[str, object] = {}
    if wanted.name:
        along.append("name_key >= :name_from AND name_key < :name_to")
        begins = name_key(wanted.name)
        values |= {"name_from": begins, "name_to": begins + _LAST}
    if wanted.division:
        is_along, clause, bounds = _in_division(wanted.division)
        (along if is_along else other).append(clause)
        values |= bounds
    if wanted.code:
        other.append("uscc >= :code AND uscc < :code_end")
        values |= {"code": wanted.code, "code_end": wanted.code + _LAST}
    if wanted.industry:
        other.append('industry_code COLLATE "C" >= :industry AND industry_code COLLATE "C" < :industry_end')
        values |= {"industry": wanted.industry, "industry_end": wanted.industry + _LAST}
    if wanted.state:
        is_active = wanted.state is EnterpriseState.ACTIVE
        (other if is_active else along).append(
            "state = :state" + ("" if is_active else " AND state <> 'active'")
        )
        values["state"] = wanted.state.value
    for column, value, clause in (
        ("kind", wanted.kind and wanted.kind.value, "enterprise_kind = :kind"),
        ("established_from", wanted.established_from, "established_on >= :established_from"),
        ("established_to", wanted.established_to, "established_on <= :established_to"),
    ):
        if value is not None:
            other.append(clause)
            values[column] = value
    in_names: list[str] = []
    pairs: list[str] = []
    for column, words, clauses in (
        ("name_key", wanted.words, in_names),
        ("scope_key", wanted.scope, other),
        ("address_key", wanted.address, other),
    ):
        for place, word in enumerate(words):
            parameter = f"{column}_{place}"
            clauses.append(f"strpos({column}, :{parameter}) > 0")
            pairs.append(f"text_pairs({column}) @> text_pairs(:{parameter})")
            values[parameter] = name_key(word)
    return _Filter(tuple(along), tuple(in_names), tuple(other), tuple(pairs), values)


def _in_division(division: str) -> tuple[bool, str, dict[str, object]]:
    """All that lie in the division: a county's as the register has them, above and below by the code's beginning."""
    match level_of(division):
        case OfficeLevel.COUNTY:
            return True, "division_code = :division", {"division": division[:6]}
        case OfficeLevel.PROVINCE | OfficeLevel.CITY:
            column = "division_code"
        case OfficeLevel.TOWN | OfficeLevel.VILLAGE:
            column = 'domicile_division_code COLLATE "C"'
    first, end = span_of(division)
    bounds: dict[str, object] = {"division": first, "division_end": end}
    return False, f"{column} >= :division AND {column} < :division_end", bounds

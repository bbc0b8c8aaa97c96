"""Find and count the versions in force, by facets and by need; one GIN index serves both."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import CTE, ColumnElement, Text, and_, case, cast, func, literal, or_, select, true
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.catalogue.items.domain.figures import Selection
from gateway.catalogue.items.domain.item import ItemVersion
from gateway.catalogue.items.domain.needs import Need
from gateway.catalogue.items.store.items import LEAN, version_of
from gateway.catalogue.items.store.tables import VersionRow
from gateway.catalogue.items.store.vectors import query_of

# A concept in the title weighs less than one more concept found at all.
_CONCEPT_WEIGHT = 100


@dataclass(frozen=True)
class FoundItem:
    """A version that was found, and how well it answers the need."""

    version: ItemVersion
    rank: int


@dataclass(frozen=True)
class Position:
    """After which found item the page begins."""

    rank: int
    code: str


@dataclass(frozen=True)
class ItemQuery:
    """What is looked for on which day; no need: all items by their code."""

    on: date
    selection: Selection
    need: Need | None
    after: Position | None
    limit: int


class ItemSearch:
    """Reads only."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, query: ItemQuery) -> list[FoundItem]:
        """Return a page: the best answers first, those of one rank by code."""
        if query.need is not None and not query.need.concepts:
            return []  # words without a letter or digit
        ranked = _ranked(query)
        rank, code = ranked.c.rank, ranked.c.code
        chosen = select(code, ranked.c.version, rank).order_by(rank.desc(), code).limit(query.limit)
        if query.need is not None:
            chosen = chosen.where(rank >= query.need.at_least * _CONCEPT_WEIGHT)
        if query.after is not None:
            last = query.after
            chosen = chosen.where(or_(rank < last.rank, and_(rank == last.rank, code > last.code)))
        page = chosen.subquery()
        same = and_(col(VersionRow.code) == page.c.code, col(VersionRow.version) == page.c.version)
        rows = await self._session.execute(
            select(VersionRow, page.c.rank)
            .options(*LEAN)
            .join(page, same)
            .order_by(page.c.rank.desc(), page.c.code)
        )
        return [FoundItem(version_of(row), rank) for row, rank in rows]

    async def count(self, on: date, within: Selection, selections: Sequence[Selection]) -> list[int]:
        """Count, in one reading, the items of `within` that each selection holds."""
        counts = [func.count().filter(_has(selection)) for selection in selections]
        row = (await self._session.execute(select(*counts).where(*_held(on), _has(within)))).one()
        return [int(count) for count in row]

    async def with_facets(self, on: date, facets: Sequence[str]) -> list[tuple[str, frozenset[str]]]:
        """Return, by code, which of some facets each item in force has."""
        chosen = select(col(VersionRow.code), col(VersionRow.facets)).where(
            *_held(on), _has(Selection((), tuple(facets)))
        )
        wanted = frozenset(facets)
        return [(code, wanted & set(held)) for code, held in await self._session.execute(chosen)]


def _held(on: date) -> "tuple[ColumnElement[bool], ...]":
    begins, until = col(VersionRow.effective_from), col(VersionRow.effective_until)
    return begins <= on, until.is_(None) | (until > on)


def _has(selection: Selection) -> "ColumnElement[bool]":
    facets = col(VersionRow.facets)
    parts: list[ColumnElement[bool]] = []
    if selection.all_of:
        parts.append(facets.contains(_texts(selection.all_of)))
    if selection.any_of:
        parts.append(facets.op("&&", is_comparison=True)(_texts(selection.any_of)))
    if selection.none_of:
        parts.append(~facets.op("&&", is_comparison=True)(_texts(selection.none_of)))
    return and_(true(), *parts)


def _holds(query: str) -> "ColumnElement[bool]":
    return col(VersionRow.terms).op("@@", is_comparison=True)(cast(cast(query, Text), TSQUERY))


def _texts(values: Iterable[str]) -> "ColumnElement[Sequence[str]]":
    return cast(sorted(values), ARRAY(Text))


def _ranked(query: ItemQuery) -> CTE:
    """Keys of what answers at all, with their rank; apart, so that the rank is worked out once for each."""
    concepts = query.need.concepts if query.need else ()
    rank: ColumnElement[int] = literal(0)
    for concept in concepts:
        rank = rank + case((_holds(query_of([concept])), _CONCEPT_WEIGHT), else_=0)
        rank = rank + case((_holds(query_of([concept], in_title=True)), 1), else_=0)
    found = (_holds(query_of(concepts)),) if concepts else ()
    keys = select(col(VersionRow.code), col(VersionRow.version), rank.label("rank"))
    return keys.where(*_held(query.on), _has(query.selection), *found).cte().prefix_with("MATERIALIZED")

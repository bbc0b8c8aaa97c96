"""Read the catalogue as of a day: anybody may."""

from dataclasses import dataclass
from datetime import date

from gateway.catalogue.items.domain.errors import ItemNotFound
from gateway.catalogue.items.domain.figures import (
    Figure,
    FigureKey,
    Selection,
    Target,
    measures_of,
    with_coverage,
)
from gateway.catalogue.items.domain.item import ItemVersion
from gateway.catalogue.items.domain.needs import need_of
from gateway.catalogue.items.store.items import ItemStore
from gateway.catalogue.items.store.search import FoundItem, ItemQuery, ItemSearch, Position
from gateway.catalogue.items.use_cases.words import vocabulary_of
from shared.database.unit_of_work import UnitOfWork
from shared.region import RegionPack

CONNECTED = ("registration", "credit", "licensing", "hotline", "matters")
"""Systems in which an item is handled as it is published here; another's is only told of."""


@dataclass(frozen=True)
class ListItems:
    """Which page of which items; `words` are what somebody needs, in their own words."""

    on: date
    selection: Selection
    words: str | None
    after: Position | None
    limit: int


async def list_items(query: ListItems, region: RegionPack, uow: UnitOfWork) -> list[FoundItem]:
    """Return a page: by need the best answers first, otherwise by code."""
    need = need_of(query.words, vocabulary_of(region)) if query.words else None
    wanted = ItemQuery(query.on, query.selection, need, query.after, query.limit)
    return await ItemSearch(uow.session).find(wanted)


async def read_item(code: str, on: date, uow: UnitOfWork) -> ItemVersion:
    """Return the version in force on a day. Raises: ItemNotFound."""
    version = await ItemStore(uow.session).in_force(code, on)
    if version is None:
        raise ItemNotFound(code)
    return version


async def list_versions(code: str, before: int | None, limit: int, uow: UnitOfWork) -> list[ItemVersion]:
    """Return the history of an item, the newest first. Raises: ItemNotFound, where nothing was published."""
    versions = await ItemStore(uow.session).history(code, before=before, limit=limit)
    if not versions and before is None:
        raise ItemNotFound(code)
    return versions


async def count_items(on: date, within: Selection, region: RegionPack, uow: UnitOfWork) -> tuple[Figure, ...]:
    """Return the figures of the items in force, beside the policy's targets."""
    targets = {
        FigureKey(target.figure): Target(target.value, target.year, target.taken_from)
        for target in region.service_items.targets
    }
    code = region.region.code
    measures = measures_of(code, [town.code for town in region.region.towns], CONNECTED)
    selections = [part for measure in measures for part in (measure.counted, measure.of or Selection())]
    counts = await ItemSearch(uow.session).count(on, within, selections)
    figures = [
        Figure(
            measure.key,
            measure.place,
            counts[2 * place],
            counts[2 * place + 1] if measure.of is not None else None,
            targets.get(measure.key),
        )
        for place, measure in enumerate(measures)
    ]
    return with_coverage(figures, code, targets.get(FigureKey.TOWN_COVERAGE))

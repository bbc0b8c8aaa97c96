"""The catalogue of service items (事项目录) and their guides (办事指南), open to everybody."""

from email.utils import format_datetime
from typing import Annotated, Final

from fastapi import APIRouter, Query, Response

from gateway.catalogue.items.api.dependencies import Day, InEnglish, ItemPath, RegionInUse
from gateway.catalogue.items.api.shapes import FigureOut, FiguresOut, GuideOut, ItemEntryOut, VersionOut
from gateway.catalogue.items.domain.errors import ItemNotFound
from gateway.catalogue.items.domain.facets import INSTANT, ONLINE_FULL, ZERO_MATERIAL, facet, open_at
from gateway.catalogue.items.domain.figures import Selection
from gateway.catalogue.items.store.search import Position
from gateway.catalogue.items.use_cases.read_items import (
    ListItems,
    count_items,
    list_items,
    list_versions,
    read_item,
)
from shared.identifiers.channel import Channel
from shared.identifiers.service_item import CrossRegionMode, ItemType, ServedSubject
from shared.security.access import public
from shared.security.office import OfficeLevel
from shared.web.fields import ResponseModel
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.routes import InTransaction, ServiceRoute

router = APIRouter(prefix="/catalogue/v1/items", route_class=ServiceRoute, tags=["service items"])
OPEN: Final = public("items, guides and figures are published (滁州条例 art. 27, GW-14, NFR-22)")

Department = Annotated[
    str | None, Query(min_length=18, max_length=18, pattern="^[0-9A-Z]+$", description="Its credit code")
]
Town = Annotated[
    str | None,
    Query(
        min_length=9,
        max_length=12,
        pattern="^[0-9]{9}([0-9]{3})?$",
        description="A town or village where it can be handled (就近办)",
    ),
]
LifeEventKey = Annotated[
    str | None,
    Query(min_length=1, max_length=64, pattern="^[a-z][a-z0-9_]*$", examples=["open_a_restaurant"]),
]
Words = Annotated[
    str | None,
    Query(
        min_length=1, max_length=50, description="What somebody needs, in their words", examples=["开饭店"]
    ),
]
Yes = Annotated[bool | None, Query()]
CrossRegion = Annotated[CrossRegionMode | None, Query(description="跨域通办")]
TypeQuery = Annotated[ItemType | None, Query(alias="type", description="事项类型")]


class LifeEventOut(ResponseModel):
    """An event in the life of a person, legal person or project."""

    key: str
    title: str
    subject: ServedSubject


class LifeEventsOut(ResponseModel):
    """All of them."""

    entries: list[LifeEventOut]


@router.get("", dependencies=[OPEN], summary="List and search service items (事项目录、按需搜索)")
async def show_items(
    region: RegionInUse,
    on: Day,
    english: InEnglish,
    paged: Paged,
    uow: InTransaction,
    response: Response,
    level: Annotated[OfficeLevel | None, Query(description="行使层级")] = None,
    department: Department = None,
    kind: TypeQuery = None,
    channel: Channel | None = None,
    subject: ServedSubject | None = None,
    town: Town = None,
    life_event: LifeEventKey = None,
    cross_region: CrossRegion = None,
    online_full: Yes = None,
    instant: Yes = None,
    zero_material: Yes = None,
    q: Words = None,
) -> Page[ItemEntryOut]:
    """All that is in force on the day and fits every filter; with `q` the best answers first, else by code."""
    stated = {
        "level": level,
        "owner": department,
        "type": kind,
        "channel": channel,
        "subject": subject,
        "life_event": life_event,
        "cross_region": cross_region,
    }
    flags = {ONLINE_FULL: online_full, INSTANT: instant, ZERO_MATERIAL: zero_material}
    selection = Selection(
        (
            *(facet(name, value) for name, value in stated.items() if value is not None),
            *(name for name, wanted in flags.items() if wanted),
        ),
        open_at(town) if town else (),
        tuple(name for name, wanted in flags.items() if wanted is False),
    )
    after = Position(int(paged.after[0]), str(paged.after[1])) if paged.after else None
    query = ListItems(on, selection, q, after, paged.fetch)
    found = await list_items(query, region, uow)
    ranks = {each.version.code: each.rank for each in found}
    entries = [ItemEntryOut.of(each.version, english=english) for each in found]
    _tell_language(response, english=english)
    return paged.page(entries, lambda entry: (ranks[entry.code], entry.code), response)


@router.get("/stats", dependencies=[OPEN], summary="Figures of the catalogue (网办率、标准化、就近办)")
async def show_figures(
    region: RegionInUse, on: Day, uow: InTransaction, department: Department = None
) -> FiguresOut:
    """Each with numerator, denominator, the target that a policy sets, and whether it is met."""
    within = Selection((facet("owner", department),) if department else ())
    figures = await count_items(on, within, region, uow)
    return FiguresOut(on=on, figures=[FigureOut.of(figure) for figure in figures])


@router.get("/life-events", dependencies=[OPEN], summary="List life events (人生事项、企业生命周期)")
async def show_life_events(region: RegionInUse, english: InEnglish, response: Response) -> LifeEventsOut:
    """By which items can be listed."""
    _tell_language(response, english=english)
    return LifeEventsOut(
        entries=[
            LifeEventOut(
                key=event.key,
                title=event.title.en if english else event.title.zh,
                subject=event.subject,
            )
            for event in region.service_items.life_events
        ]
    )


@router.get("/{item_code}", dependencies=[OPEN], summary="Read the guide to an item (办事指南)")
@refuses(ItemNotFound)
async def show_item(
    item_code: ItemPath,
    region: RegionInUse,
    on: Day,
    english: InEnglish,
    uow: InTransaction,
    response: Response,
) -> GuideOut:
    """The version in force on the day; the same at every office, whoever asks."""
    version = await read_item(item_code, on, uow)
    _tell_language(response, english=english)
    response.headers["ETag"] = f'"{version.version}-{"en" if english else "zh"}"'
    response.headers["Last-Modified"] = format_datetime(version.published_at, usegmt=True)
    return GuideOut.guide(version, region, english=english)


@router.get("/{item_code}/versions", dependencies=[OPEN], summary="Read the history of an item (历史版本)")
@refuses(ItemNotFound)
async def show_versions(
    item_code: ItemPath, english: InEnglish, paged: Paged, uow: InTransaction, response: Response
) -> Page[VersionOut]:
    """Every published version, the newest first; one is read as of a day on which it held."""
    before = int(paged.after[0]) if paged.after else None
    versions = [
        VersionOut(
            version=each.version,
            title=each.standard.title.localized(english=english),
            effective_from=each.effective_from,
            effective_until=each.effective_until,
            published_at=each.published_at,
            published_by=each.published_by,
        )
        for each in await list_versions(item_code, before, paged.fetch, uow)
    ]
    _tell_language(response, english=english)
    return paged.page(versions, lambda version: (version.version,), response)


def _tell_language(response: Response, *, english: bool) -> None:
    response.headers["Content-Language"] = "en" if english else "zh-CN"
    response.headers["Vary"] = "Accept-Language"

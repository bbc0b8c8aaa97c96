"""The market-access list (市场准入负面清单): national, one, and open to everybody."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field, StringConstraints

from gateway.catalogue.items.api.dependencies import MANAGE, Day, InEnglish, RegionInUse
from gateway.catalogue.items.api.items import OPEN
from gateway.catalogue.items.domain.errors import NationalListOnly
from gateway.catalogue.items.use_cases.check_access import AccessResult, ListedEntry, entries_of, result_of
from shared.identifiers.service_item import AccessKind
from shared.web.fields import RequestModel, ResponseModel, ShortText
from shared.web.openapi import refuses
from shared.web.routes import InTransaction, ServiceRoute

router = APIRouter(prefix="/catalogue/v1/market-access", route_class=ServiceRoute, tags=["service items"])

Industry = Annotated[str, StringConstraints(min_length=5, max_length=5, pattern=r"^[A-T][0-9]{4}$")]


class AccessItemOut(ResponseModel):
    """An item through which the permit is applied for."""

    code: str
    title: str
    online_full: bool


class AccessEntryOut(ResponseModel):
    """An entry of the list."""

    number: str
    title: str
    kind: AccessKind
    industries: list[str]
    items: list[AccessItemOut]

    @classmethod
    def of(cls, listed: ListedEntry, *, english: bool) -> "AccessEntryOut":
        """Shape an entry."""
        entry = listed.entry
        return cls(
            number=entry.number,
            title=entry.title.en if english else entry.title.zh,
            kind=entry.kind,
            industries=list(entry.industries),
            items=[
                AccessItemOut(
                    code=item.code,
                    title=item.standard.title.localized(english=english),
                    online_full=item.standard.online_full,
                )
                for item in listed.items
            ],
        )


class MarketAccessOut(ResponseModel):
    """What the list says of an industry; without one, the whole list."""

    edition: str
    industry: Annotated[str | None, Field(examples=["H6210"])]
    result: AccessResult | None
    entries: list[AccessEntryOut]


class AccessEntryIn(RequestModel):
    """An entry that somebody would add."""

    title: Annotated[ShortText, Field(examples=["本地另行限制"])]
    industry: Annotated[Industry, Field(examples=["H6210"])]


@router.get("", dependencies=[OPEN], summary="Check access to an industry (市场准入查询)")
async def show_access(
    region: RegionInUse,
    on: Day,
    english: InEnglish,
    uow: InTransaction,
    industry: Annotated[Industry | None, Query(description="Class of GB/T 4754", examples=["H6210"])] = None,
) -> MarketAccessOut:
    """Outside the list everybody may enter; an entry links to the items that are applied for online."""
    entries = await entries_of(industry, on, region, uow)
    edition = region.service_items.market_access.edition
    return MarketAccessOut(
        edition=edition.en if english else edition.zh,
        industry=industry,
        result=result_of([each.entry for each in entries]) if industry else None,
        entries=[AccessEntryOut.of(each, english=english) for each in entries],
    )


@router.post("", dependencies=[MANAGE], summary="Entries of a locality (地方增设): always refused")
@refuses(NationalListOnly)
async def add_entry(body: AccessEntryIn) -> MarketAccessOut:
    """There is one list, and nothing outside it: no agency of a region adds to it, whichever its duty (GW-31)."""
    raise NationalListOnly

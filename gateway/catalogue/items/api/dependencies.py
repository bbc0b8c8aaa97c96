"""What the part's routes take from the app and the request."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Header, Path, Query, Request
from pydantic import StringConstraints

from shared.calendar import local_date
from shared.identifiers.service_item import ITEM_CODE_PATTERN
from shared.region import RegionPack
from shared.security.access import requires
from shared.web.fields import CivilDate
from shared.web.problems import prefers_english
from shared.web.routes import Now

MANAGE = requires("catalogue.item.manage")

ItemCode = Annotated[str, StringConstraints(min_length=3, max_length=99, pattern=ITEM_CODE_PATTERN)]
ItemPath = Annotated[
    str,
    Path(min_length=3, max_length=99, pattern=ITEM_CODE_PATTERN, description="Code of the item (事项编码)"),
]


async def _region(request: Request) -> RegionPack:
    region: RegionPack = request.app.state.region
    return region


async def _english(accept_language: Annotated[str | None, Header(max_length=200)] = None) -> bool:
    return prefers_english(accept_language)


async def _day(
    now: Now,
    at: Annotated[
        CivilDate | None,
        Query(description="As of which day; today unless given (查询日期)", examples=["2026-03-02"]),
    ] = None,
) -> date:
    return at or local_date(now)


RegionInUse = Annotated[RegionPack, Depends(_region)]
InEnglish = Annotated[bool, Depends(_english)]
Day = Annotated[date, Depends(_day)]

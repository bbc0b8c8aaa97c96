"""The list of powers (权限清单) that may be delegated."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from gateway.powers.api.dependencies import RegionInUse
from gateway.powers.use_cases.authority import powers_of
from shared.security.access import public
from shared.web.fields import ResponseModel
from shared.web.routes import ServiceRoute

router = APIRouter(prefix="/powers/v1/items", route_class=ServiceRoute, tags=["powers"])


class PowerOut(ResponseModel):
    """A power, and which agency holds it."""

    item: Annotated[str, Field(examples=["licensing.food_operation"])]
    name_zh: Annotated[str, Field(examples=["食品经营许可"])]
    name_en: Annotated[str, Field(examples=["Food operation permit"])]
    agency_uscc: Annotated[str, Field(examples=["11140881MB9Y00024F"])]


class PowersOut(ResponseModel):
    """All of them."""

    items: list[PowerOut]


@router.get(
    "",
    dependencies=[public("lists of powers are published (权责清单公开)")],
    summary="List the powers that may be delegated (可下放权限清单)",
)
async def show_powers(region: RegionInUse) -> PowersOut:
    """What a zone may be given, item by item."""
    return PowersOut(
        items=[
            PowerOut(
                item=power.item, name_zh=power.name.zh, name_en=power.name.en, agency_uscc=power.agency_uscc
            )
            for power in powers_of(region)
        ]
    )

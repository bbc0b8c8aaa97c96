"""Figures of matters."""

from fastapi import APIRouter
from pydantic import Field

from gateway.matters.api.dependencies import Region, Staff
from gateway.matters.store.cases import CaseStore
from gateway.matters.store.late import LateStore
from gateway.matters.use_cases.themes import offered_themes
from shared.identifiers.service_item import CrossRegionMode
from shared.security.access import requires
from shared.web.channels import Before, ChannelCountsOut, Since
from shared.web.fields import ResponseModel
from shared.web.openapi import refuses
from shared.web.problems import FORBIDDEN
from shared.web.routes import InTransaction, ServiceRoute

_TASKS = requires("matters.task.handle")
router = APIRouter(prefix="/matters/v1/stats", route_class=ServiceRoute, tags=["figures"])


@router.get(
    "/channels",
    dependencies=[requires("matters.task.handle")],
    summary="Count matters by channel (渠道统计)",
)
@refuses(FORBIDDEN)
async def channels(
    staff: Staff, uow: InTransaction, submitted_from: Since = None, submitted_before: Before = None
) -> ChannelCountsOut:
    """For agencies; an officer's counts are of the office's region."""
    counted = CaseStore(uow.session).count_by_channel(staff.region, submitted_from, submitted_before)
    return ChannelCountsOut.of(await counted)


class CrossRegionOut(ResponseModel):
    """From which place to which, and how (全程网办、代收代办、多地联办)."""

    accepted_region: str = Field(examples=["140881101"])
    handled_region: str = Field(examples=["140881001"])
    mode: CrossRegionMode | None
    count: int = Field(examples=[12])


class CrossRegionCountsOut(ResponseModel):
    """All matters, those of them accepted elsewhere than handled, and the themes that may be."""

    total: int = Field(examples=[400])
    cross_region: int = Field(examples=[12])
    pairs: list[CrossRegionOut]
    themes: list[str] = Field(examples=[["open_restaurant"]])


@router.get("/cross-region", dependencies=[_TASKS], summary="Count matters across regions (跨区域通办统计)")
@refuses(FORBIDDEN)
async def cross_region(
    staff: Staff,
    region: Region,
    uow: InTransaction,
    submitted_from: Since = None,
    submitted_before: Before = None,
) -> CrossRegionCountsOut:
    """For agencies; an officer's counts are those in which the office's region is one of the ends."""
    store = LateStore(uow.session)
    total, counted = await store.count_cross_region(staff.region, submitted_from, submitted_before)
    pairs = [
        CrossRegionOut(
            accepted_region=each.accepted_region,
            handled_region=each.handled_region,
            mode=CrossRegionMode(each.mode) if each.mode else None,
            count=each.count,
        )
        for each in counted
    ]
    return CrossRegionCountsOut(
        total=total,
        cross_region=sum(each.count for each in counted),
        pairs=pairs,
        themes=[theme.key for theme in offered_themes(region) if theme.cross_region],
    )

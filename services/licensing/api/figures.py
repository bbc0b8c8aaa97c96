"""Figures of applications."""

from fastapi import APIRouter

from services.licensing.api.dependencies import InOffice
from services.licensing.store.applications import ApplicationStore
from services.licensing.use_cases.authority import region_of
from shared.security.access import requires
from shared.web.channels import Before, ChannelCountsOut, Since
from shared.web.openapi import refuses
from shared.web.problems import FORBIDDEN, Refusal
from shared.web.routes import Caller, InTransaction, ServiceRoute

router = APIRouter(prefix="/licensing/v1/stats", route_class=ServiceRoute, tags=["figures"])


@router.get(
    "/channels",
    dependencies=[requires("licensing.application.read")],
    summary="Count applications by channel (渠道统计)",
)
@refuses(FORBIDDEN)
async def channels(
    caller: Caller,
    uow: InTransaction,
    office: InOffice,
    submitted_from: Since = None,
    submitted_before: Before = None,
) -> ChannelCountsOut:
    """For agencies; an officer's counts are of the office's region."""
    if caller.agency is None:
        raise Refusal(FORBIDDEN)
    region = region_of(caller, office)
    counted = ApplicationStore(uow.session).count_by_channel(region, submitted_from, submitted_before)
    return ChannelCountsOut.of(await counted)

"""Figures of matters."""

from fastapi import APIRouter

from gateway.matters.api.dependencies import Staff
from gateway.matters.store.cases import CaseStore
from shared.security.access import requires
from shared.web.channels import Before, ChannelCountsOut, Since
from shared.web.openapi import refuses
from shared.web.problems import FORBIDDEN
from shared.web.routes import InTransaction, ServiceRoute

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

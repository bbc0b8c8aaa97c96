"""A caller who looks after the uplink, by the duties of the region pack."""

from fastapi import Depends, Request

from gateway.uplink.domain.authority import DUTY, UplinkAuthorityOnly
from shared.region import RegionPack
from shared.web.routes import Caller


async def _authority(request: Request, caller: Caller) -> None:
    region: RegionPack = request.app.state.region
    agency = region.agency_by_uscc(caller.agency) if caller.agency else None
    if agency is None or all(duty.key != DUTY for duty in agency.duties):
        raise UplinkAuthorityOnly


BY_AUTHORITY = Depends(_authority)

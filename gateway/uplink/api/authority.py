"""A caller who looks after the uplink, by the duties of the region pack."""

from fastapi import Depends, Request

from gateway.uplink.domain.authority import UplinkAuthorityOnly
from shared.region import RegionPack
from shared.web.routes import Caller


async def _authority(request: Request, caller: Caller) -> None:
    region: RegionPack = request.app.state.region
    if not region.is_data_bureau(caller.agency):
        raise UplinkAuthorityOnly


BY_AUTHORITY = Depends(_authority)

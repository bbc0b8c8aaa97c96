"""A caller who governs identity, by the duties of the region pack."""

from typing import Annotated

from fastapi import Depends, Request

from gateway.identity.domain.authority import AuthorityOnly
from shared.region import RegionPack
from shared.security.principal import Principal
from shared.web.routes import Caller


def governs_identity(caller: Principal, region: RegionPack) -> bool:
    """Whether the caller works for the agency that governs identity."""
    return region.is_data_bureau(caller.agency)


async def _authority(request: Request, caller: Caller) -> Principal:
    if not governs_identity(caller, request.app.state.region):
        raise AuthorityOnly
    return caller


ByAuthority = Annotated[Principal, Depends(_authority)]

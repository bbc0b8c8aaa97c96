"""A caller who governs identity, by the duties of the region pack."""

from typing import Annotated

from fastapi import Depends, Request

from gateway.identity.domain.authority import DUTY, AuthorityOnly
from shared.region import RegionPack
from shared.security.principal import Principal
from shared.web.routes import Caller


def governs_identity(caller: Principal, region: RegionPack) -> bool:
    """Whether the caller works for the agency that governs identity."""
    agency = region.agency_by_uscc(caller.agency) if caller.agency else None
    return agency is not None and any(duty.key == DUTY for duty in agency.duties)


async def _authority(request: Request, caller: Caller) -> Principal:
    if not governs_identity(caller, request.app.state.region):
        raise AuthorityOnly
    return caller


ByAuthority = Annotated[Principal, Depends(_authority)]

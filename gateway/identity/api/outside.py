"""Upper platforms and licence wallets as the routes reach them, from the app's state, typed."""

from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from gateway.identity.use_cases.outside_identities import OutsideIdentities


async def outside_of(request: Request) -> OutsideIdentities:
    """Return what the app that serves this request knows of others."""
    found: OutsideIdentities = request.app.state.outside
    return found


InOutside = Annotated[OutsideIdentities, Depends(outside_of)]

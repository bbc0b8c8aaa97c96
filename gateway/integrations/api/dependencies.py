"""What the part's routes take from the app."""

from typing import Annotated

from fastapi import Depends, Request

from gateway.integrations.contracts import load_contracts
from gateway.integrations.domain.contract import Contracts
from shared.region import RegionPack


async def _region(request: Request) -> RegionPack:
    region: RegionPack = request.app.state.region
    return region


async def _contracts() -> Contracts:
    return load_contracts()


RegionInUse = Annotated[RegionPack, Depends(_region)]
ContractsInUse = Annotated[Contracts, Depends(_contracts)]

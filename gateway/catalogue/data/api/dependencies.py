"""What the part's routes take from the app."""

from typing import Annotated

from fastapi import Depends, Request

from shared.region import RegionPack


async def _region(request: Request) -> RegionPack:
    region: RegionPack = request.app.state.region
    return region


RegionInUse = Annotated[RegionPack, Depends(_region)]

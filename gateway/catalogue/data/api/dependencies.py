"""What the part's routes take from the app and from the path."""

from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Path, Request

from gateway.catalogue.data.use_cases.handle_corrections import SEALED_FOR
from gateway.settings import GatewaySettings
from shared.region import RegionPack
from shared.security.sealing import Sealer

KeyInPath = Annotated[str, Path(max_length=99, pattern=r"^[a-z][a-z0-9_.]*$")]


async def _region(request: Request) -> RegionPack:
    region: RegionPack = request.app.state.region
    return region


async def _sealer(request: Request) -> Sealer:
    settings: GatewaySettings = request.app.state.settings
    return Sealer(settings.secret.get_secret_value().encode(), SEALED_FOR)


async def _patience(request: Request) -> timedelta:
    settings: GatewaySettings = request.app.state.settings
    return timedelta(minutes=settings.heartbeat_minutes)


RegionInUse = Annotated[RegionPack, Depends(_region)]
CorrectionSealer = Annotated[Sealer, Depends(_sealer)]
Patience = Annotated[timedelta, Depends(_patience)]

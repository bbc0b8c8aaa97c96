"""What the part's routes take from the app."""

from typing import Annotated

from fastapi import Depends, Request

from gateway.settings import GatewaySettings


async def _settings(request: Request) -> GatewaySettings:
    settings: GatewaySettings = request.app.state.settings
    return settings


SettingsInUse = Annotated[GatewaySettings, Depends(_settings)]

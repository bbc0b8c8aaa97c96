"""What the part's routes take from the app, and who may reconcile."""

from typing import Annotated

from fastapi import Depends, Request

from gateway.identity.public import Issuer
from gateway.payments.domain.errors import PaymentsAuthorityOnly
from gateway.payments.use_cases.read_payments import runs_the_suite
from gateway.settings import GatewaySettings
from shared.region import RegionPack
from shared.web.routes import Caller


async def _region(request: Request) -> RegionPack:
    region: RegionPack = request.app.state.region
    return region


async def _settings(request: Request) -> GatewaySettings:
    settings: GatewaySettings = request.app.state.settings
    return settings


async def _issuer(request: Request) -> Issuer:
    issuer: Issuer = request.app.state.issuer
    return issuer


RegionInUse = Annotated[RegionPack, Depends(_region)]
SettingsInUse = Annotated[GatewaySettings, Depends(_settings)]
IssuerInUse = Annotated[Issuer, Depends(_issuer)]


async def _authority(caller: Caller, region: RegionInUse) -> None:
    if not runs_the_suite(caller, region):
        raise PaymentsAuthorityOnly


BY_AUTHORITY = Depends(_authority)

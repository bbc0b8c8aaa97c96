"""Puts the gateway together: the proxy in front, the front office behind it."""

from fastapi import FastAPI

from gateway.identity.public import issuer_from
from gateway.parts import PROBLEMS, ROUTERS
from gateway.settings import GatewaySettings
from shared.app import build_app
from shared.clock import Clock, system_clock
from shared.region import load_region_pack
from shared.security.tokens import KeySource


def create_app(
    settings: GatewaySettings | None = None, *, clock: Clock = system_clock, keys: KeySource | None = None
) -> FastAPI:
    """Build the app; settings come from the environment unless given (a test)."""
    settings = settings or GatewaySettings()
    region = load_region_pack(settings.region_pack)
    issuer = issuer_from(settings)
    return build_app(
        service="gateway",
        package="gateway",
        title="Gateway (统一网关)",
        settings=settings,
        region_code=region.region.code,
        routers=ROUTERS,
        problem_table=PROBLEMS,
        state={"region": region, "issuer": issuer},
        keys=keys or issuer.key_source(),
        clock=clock,
    )

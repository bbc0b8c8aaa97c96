"""Puts the hotline API together."""

from fastapi import FastAPI

from services.hotline.api import ROUTERS
from services.hotline.api.problems import PROBLEMS
from services.hotline.settings import HotlineSettings
from services.hotline.use_cases.read_desk_rules import read_desk_rules
from shared.app import build_app
from shared.clock import Clock, system_clock
from shared.region import load_region_pack
from shared.security.tokens import KeySource


def create_app(
    settings: HotlineSettings | None = None, *, clock: Clock = system_clock, keys: KeySource | None = None
) -> FastAPI:
    """Build the app; settings come from the environment unless given (a test)."""
    settings = settings or HotlineSettings()
    region = load_region_pack(settings.region_pack)
    return build_app(
        service="hotline",
        package="services.hotline",
        title="Hotline (12345 工单)",
        settings=settings,
        region_code=region.region.code,
        routers=ROUTERS,
        problem_table=PROBLEMS,
        state={"region": region, "desk_rules": read_desk_rules(region)},
        clock=clock,
        keys=keys,
    )

"""Puts the credit API together."""

from fastapi import FastAPI

from services.credit.api import ROUTERS
from services.credit.api.problems import PROBLEMS
from services.credit.settings import CreditSettings
from services.credit.use_cases.read_rules import read_rules
from shared.app import build_app
from shared.clock import Clock, system_clock
from shared.region import load_region_pack
from shared.security.tokens import KeySource


def create_app(
    settings: CreditSettings | None = None, *, clock: Clock = system_clock, keys: KeySource | None = None
) -> FastAPI:
    """Build the app; settings come from the environment unless given (a test)."""
    settings = settings or CreditSettings()
    region = load_region_pack(settings.region_pack)
    return build_app(
        service="credit",
        package="services.credit",
        title="Credit (公共信用)",
        settings=settings,
        region_code=region.region.code,
        routers=ROUTERS,
        problem_table=PROBLEMS,
        state={"region": region, "rules": read_rules(region)},
        clock=clock,
        keys=keys,
    )

"""Puts the licensing API together."""

from fastapi import FastAPI

from services.licensing.api import ROUTERS
from services.licensing.api.problems import PROBLEMS, tell_to_come_back
from services.licensing.domain.enterprise import EnterpriseUnknown
from services.licensing.settings import LicensingSettings
from services.licensing.use_cases.office import Office
from shared.app import build_app
from shared.clock import Clock, system_clock
from shared.region import load_region_pack
from shared.security.tokens import KeySource


def create_app(
    settings: LicensingSettings | None = None, *, clock: Clock = system_clock, keys: KeySource | None = None
) -> FastAPI:
    """Build the app; settings come from the environment unless given (a test)."""
    settings = settings or LicensingSettings()
    region = load_region_pack(settings.region_pack)
    office = Office.open(region, settings)
    app = build_app(
        service="licensing",
        package="services.licensing",
        title="Licensing (行业综合许可（一业一证）)",
        settings=settings,
        region_code=region.region.code,
        routers=ROUTERS,
        problem_table=PROBLEMS,
        state={"region": region, "office": office},
        clock=clock,
        keys=keys,
    )
    app.add_exception_handler(EnterpriseUnknown, tell_to_come_back)
    return app

"""Puts the registration API together."""

from fastapi import FastAPI

from services.registration.api import licence_verification, relocations
from services.registration.api.desk import open_desk
from services.registration.api.problems import PROBLEMS
from services.registration.api.relocation_models import MAX_DOSSIER
from services.registration.api.routers import ROUTERS
from services.registration.settings import RegistrationSettings
from shared.app import build_app
from shared.clock import Clock, system_clock
from shared.region import load_region_pack
from shared.security.tokens import KeySource


def create_app(
    settings: RegistrationSettings | None = None,
    *,
    clock: Clock = system_clock,
    keys: KeySource | None = None,
) -> FastAPI:
    """Build the app; settings come from the environment unless given (a test)."""
    settings = settings or RegistrationSettings()
    region = load_region_pack(settings.region_pack)
    desk = open_desk(settings, region)
    return build_app(
        service="registration",
        package="services.registration",
        title="Registration (企业登记)",
        settings=settings,
        region_code=region.region.code,
        routers=ROUTERS,
        problem_table=PROBLEMS,
        state={"region": region, "desk": desk},
        clock=clock,
        keys=keys,
        other_media={licence_verification.PAGES: ("multipart/form-data",)},
        larger_bodies={relocations.router.prefix: MAX_DOSSIER},
    )

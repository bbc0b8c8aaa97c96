"""Puts the registration API together."""

from fastapi import FastAPI

from services.registration.api import ROUTERS
from services.registration.api.problems import PROBLEMS
from services.registration.api.region import registry_policy
from services.registration.settings import RegistrationSettings
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.app import build_app
from shared.certificates import KeyRing, LocalSealProvider
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
    desk = RegistrarDesk(
        policy=registry_policy(region),
        calendar=region.calendar(),
        keys=KeyRing.open(settings.signing_key_file, settings.older_keys),
        seals=LocalSealProvider(),
        person_reference_key=settings.person_reference_key.get_secret_value().encode(),
    )
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
    )

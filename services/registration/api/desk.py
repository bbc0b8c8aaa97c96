"""The registrar's desk (登记机关) as the settings and the region pack have it: for the API and for the worker."""

from services.registration.api.region import registry_policy
from services.registration.settings import RegistrationSettings
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.certificates import KeyRing, LocalSealProvider
from shared.region import RegionPack


def open_desk(settings: RegistrationSettings, region: RegionPack) -> RegistrarDesk:
    """Rules, working days, keys and seal."""
    return RegistrarDesk(
        policy=registry_policy(region),
        calendar=region.calendar(),
        keys=KeyRing.open(settings.signing_key_file, settings.older_keys),
        seals=LocalSealProvider(),
        person_reference_key=settings.person_reference_key.get_secret_value().encode(),
    )

"""The registrar's desk (登记机关) as the settings and the region pack have it: for the API and for the worker."""

from services.registration.api.region import registry_policy
from services.registration.settings import RegistrationSettings
from services.registration.use_cases.registrar_desk import DocumentSignatures, RegistrarDesk
from shared.certificates import KeyRing, LocalSealProvider
from shared.certificates.pdf_checking import older_chains, trust_in
from shared.certificates.pdf_signing import DocumentSigner, KeyFileSigner
from shared.region import RegionPack
from shared.settings import Mode


def open_desk(settings: RegistrationSettings, region: RegionPack) -> RegistrarDesk:
    """Rules, working days, keys, seal and signatures."""
    keys = KeyRing.open(settings.signing_key_file, settings.older_keys)
    return RegistrarDesk(
        policy=registry_policy(region),
        calendar=region.calendar(),
        keys=keys,
        seals=LocalSealProvider(),
        documents=_signatures(settings, keys),
        person_reference_key=settings.person_reference_key.get_secret_value().encode(),
    )


def _signatures(settings: RegistrationSettings, keys: KeyRing) -> DocumentSignatures:
    signer = _signer(settings, keys)
    own = (signer.certificates,) if signer else ()
    chains = (*own, *older_chains(settings.older_keys))
    known = {each.kid: each for each in keys.verification_keys()}
    return DocumentSignatures(signer, trust_in(chains, known), chains)


def _signer(settings: RegistrationSettings, keys: KeyRing) -> DocumentSigner | None:
    """The city's certificate; in local mode one of our own making, which on other machines would claim too much."""
    certificate, key = settings.licence_certificate_file, settings.licence_certificate_key_file
    if certificate is not None and key is not None:
        return KeyFileSigner.open(certificate, key)
    return KeyFileSigner.local(keys.signing) if settings.mode is Mode.LOCAL else None

"""Verify a business licence by its identifier."""

from datetime import datetime

from services.registration.domain.licence import Licence
from services.registration.store.licences import LicenceStore
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.certificates import (
    CertificateState,
    Inquiry,
    RegisterEntry,
    VerificationReport,
    verify_certificate,
)
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import EcertId


async def verify_licence(
    identifier: str, asked_by: str | None, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> tuple[Licence, VerificationReport]:
    """Check the licence as it was issued against the register. Raises: LicenceNotFound."""
    licence = await LicenceStore(uow.session).find(identifier)
    entry = RegisterEntry(EcertId(identifier), CertificateState(licence.state), licence.digest)
    trusted = desk.keys.trusted_for(frozenset({desk.policy.registrar.uscc}))
    inquiry = Inquiry(asked_by, "public verification", now)
    return licence, verify_certificate(licence.jws, entry, trusted=trusted, inquiry=inquiry)

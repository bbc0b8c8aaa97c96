"""Verify a permit (许可证核验) by its certificate identifier, as anyone may."""

from dataclasses import dataclass
from datetime import datetime

from services.licensing.domain.permit import Permit, PermitNotFound
from services.licensing.store.permits import PermitStore
from services.licensing.use_cases.office import Office
from shared.certificates import (
    CertificateState,
    Inquiry,
    RegisterEntry,
    VerificationReport,
    verify_certificate,
)
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import EcertId

PUBLIC_CAUSE = "public verification"


@dataclass(frozen=True)
class VerifiedPermit:
    """A permit, what the checks said of it, and the permits inside it."""

    permit: Permit
    report: VerificationReport
    parts: tuple[Permit, ...]


async def verify_permit(
    identifier: str, asked_by: str | None, uow: UnitOfWork, now: datetime, office: Office
) -> VerifiedPermit:
    """Check the stored certificate against the register; raises PermitNotFound."""
    store = PermitStore(uow.session)
    permit = await store.by_identifier(identifier)
    if permit is None:
        raise PermitNotFound
    entry = RegisterEntry(EcertId(identifier), CertificateState(permit.certificate_state), permit.digest)
    inquiry = Inquiry(asked_by, PUBLIC_CAUSE, now)
    report = verify_certificate(permit.jws, entry, trusted=office.trusted_keys, inquiry=inquiry)
    return VerifiedPermit(permit, report, await store.parts_of(permit.number))


async def read_permit(number: str, uow: UnitOfWork) -> tuple[Permit, tuple[Permit, ...]]:
    """A permit with the permits inside it; raises PermitNotFound."""
    store = PermitStore(uow.session)
    permit = await store.find(number)
    if permit is None:
        raise PermitNotFound
    return permit, await store.parts_of(number)

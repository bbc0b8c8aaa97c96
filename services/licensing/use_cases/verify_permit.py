"""Verify a permit (许可证核验) by its certificate identifier, as anyone may."""

from dataclasses import dataclass
from datetime import datetime

from services.licensing.domain.enterprise import Enterprise
from services.licensing.domain.permit import Permit, PermitNotFound
from services.licensing.store.permit_versions import LapsedVersionStore
from services.licensing.store.permits import PermitStore
from services.licensing.store.read_models import EnterpriseStore
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
    holder: Enterprise | None
    superseded_by: str | None


async def verify_permit(
    identifier: str, asked_by: str | None, uow: UnitOfWork, now: datetime, office: Office
) -> VerifiedPermit:
    """Check the stored certificate against the register; raises PermitNotFound."""
    store = PermitStore(uow.session)
    permit, superseded_by = await _version(identifier, store, uow)
    entry = RegisterEntry(
        EcertId(identifier),
        CertificateState(permit.certificate_state),
        permit.digest,
        EcertId(superseded_by) if superseded_by else None,
    )
    inquiry = Inquiry(asked_by, PUBLIC_CAUSE, now)
    report = verify_certificate(permit.jws, entry, trusted=office.trusted_keys, inquiry=inquiry)
    parts = await store.parts_of(permit.number)
    return VerifiedPermit(permit, report, parts, await holder_now(permit, uow), superseded_by)


async def _version(identifier: str, store: PermitStore, uow: UnitOfWork) -> tuple[Permit, str | None]:
    """The permit as that version of its certificate has it, and the version that took its place."""
    permit = await store.by_identifier(identifier)
    if permit is not None:
        return permit, None
    lapsed = await LapsedVersionStore(uow.session).by_identifier(identifier)
    if lapsed is None:
        raise PermitNotFound
    return lapsed.as_it_was, lapsed.superseded_by


async def holder_now(permit: Permit, uow: UnitOfWork) -> Enterprise | None:
    """Its holder as the register says today (REG-17); None where licensing has not heard of it."""
    return await EnterpriseStore(uow.session).find(permit.uscc)


async def read_permit(number: str, uow: UnitOfWork) -> tuple[Permit, tuple[Permit, ...]]:
    """A permit with the permits inside it; raises PermitNotFound."""
    store = PermitStore(uow.session)
    permit = await store.find(number)
    if permit is None:
        raise PermitNotFound
    return permit, await store.parts_of(number)

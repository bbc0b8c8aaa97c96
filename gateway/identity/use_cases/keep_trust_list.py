"""The data bureau lists and withdraws issuers of digital certificates; anybody has a signature checked."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gateway.identity.domain.certificate_paths import trusted_issuer_of
from gateway.identity.domain.shown_signatures import ShownSignature
from gateway.identity.domain.trusted_issuers import TrustedIssuer, Withdrawal, withdraw
from gateway.identity.published import SecurityRecord, security_recorded
from gateway.identity.store.trusted_issuers import TrustedIssuerStore
from shared.database.unit_of_work import UnitOfWork
from shared.security.principal import Principal


@dataclass(frozen=True)
class WithdrawIssuer:
    """Whose certificates do not count from when on, and why."""

    issuer_id: UUID
    effective_from: datetime
    because: str
    by: Principal


async def list_issuer(issuer: TrustedIssuer, by: Principal, uow: UnitOfWork) -> TrustedIssuer:
    """Put an issuer on the list. Raises: IssuerListedAlready."""
    await TrustedIssuerStore(uow.session).add(issuer)
    _tell(issuer, "listed", by, uow)
    return issuer


async def withdraw_issuer(
    command: WithdrawIssuer, check_version: Callable[[int], None], uow: UnitOfWork
) -> TrustedIssuer:
    """Take an issuer off the list. Raises: TrustedIssuerNotFound, IssuerWithdrawnAlready."""
    store = TrustedIssuerStore(uow.session)
    issuer = await store.read(command.issuer_id, lock=True)
    check_version(issuer.version)
    withdrawal = Withdrawal(command.effective_from, command.because, command.by.reference, uow.now)
    changed = withdraw(issuer, withdrawal)
    await store.save_withdrawal(changed, withdrawal)
    _tell(changed, "withdrawn", command.by, uow)
    return changed


async def verify_signature(shown: ShownSignature, uow: UnitOfWork, now: datetime) -> TrustedIssuer:
    """Return the issuer on the list that stands behind a signature.

    Raises: SignatureNotValid, IssuerNotTrusted, SignerCertificateNotValid.
    """
    issuers = await TrustedIssuerStore(uow.session).trusted(now)
    issuer = trusted_issuer_of(shown.certificate, shown.others, issuers, now)
    shown.check()
    return issuer


def _tell(issuer: TrustedIssuer, what: str, by: Principal, uow: UnitOfWork) -> None:
    told = SecurityRecord(
        thing="trusted_issuer",
        key=str(issuer.issuer_id),
        what=what,
        by=by.reference,
        client_id=by.client_id,
        agency_uscc=by.agency,
    )
    uow.announce(security_recorded(told, uow.now))

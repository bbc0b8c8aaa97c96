"""The trust list (信任列表): issuers of digital certificates that every platform of the province recognises.

Source: GW-33 (数字证书全省跨平台互认).
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import (
    BasicConstraints,
    Certificate,
    DuplicateExtension,
    ExtensionNotFound,
    InvalidVersion,
    KeyUsage,
    UnsupportedGeneralNameType,
    load_der_x509_certificate,
)
from cryptography.x509.extensions import ExtensionType

from gateway.identity.domain.outside_signatures import SMALLEST_RSA_BITS

E = TypeVar("E", bound=ExtensionType)


class IssuerState(StrEnum):
    """Whether an issuer's certificates count."""

    LISTED = "listed"
    WITHDRAWN = "withdrawn"


@dataclass(eq=False)
class TrustedIssuerNotFound(Exception):
    """There is no such issuer on the list."""

    issuer_id: str


@dataclass(eq=False)
class IssuerListedAlready(Exception):
    """The certificate is on the list, or was and has been withdrawn; a withdrawn one never comes back."""


@dataclass(eq=False)
class IssuerWithdrawnAlready(Exception):
    """The issuer is withdrawn; what was said of that stays."""


@dataclass(eq=False)
class CertificateNotUsable(Exception):
    """The certificate cannot stand on the list."""

    reason: str


@dataclass(frozen=True)
class Withdrawal:
    """Since when an issuer's certificates do not count, why, and who decided that when."""

    effective_from: datetime
    because: str
    by: str
    at: datetime


@dataclass(frozen=True)
class TrustedIssuer:
    """An issuer by its certificate of a certification authority."""

    issuer_id: UUID
    name: str
    certificate: bytes = field(repr=False)
    listed_at: datetime
    listed_by: str
    withdrawal: Withdrawal | None = None
    version: int = 1

    def x509(self) -> Certificate:
        """The certificate, ready to use."""
        return load_der_x509_certificate(self.certificate)

    def state(self, now: datetime) -> IssuerState:
        """Whether its certificates count now."""
        withdrawal = self.withdrawal
        is_over = withdrawal is not None and withdrawal.effective_from <= now
        return IssuerState.WITHDRAWN if is_over else IssuerState.LISTED


def withdraw(issuer: TrustedIssuer, withdrawal: Withdrawal) -> TrustedIssuer:
    """Take an issuer off the list, for good. Raises: IssuerWithdrawnAlready."""
    if issuer.withdrawal is not None:
        raise IssuerWithdrawnAlready
    return replace(issuer, withdrawal=withdrawal, version=issuer.version + 1)


def read_certificate(encoded: bytes) -> Certificate:
    """Read a DER certificate whole, which the library leaves until it is asked; raises CertificateNotUsable."""
    try:
        certificate = load_der_x509_certificate(encoded)
        for part in ("subject", "issuer", "extensions", "not_valid_before_utc", "not_valid_after_utc"):
            getattr(certificate, part)
        certificate.public_key()
    except UnsupportedAlgorithm as error:
        raise CertificateNotUsable("unsupported_algorithm") from error
    except (ValueError, InvalidVersion, DuplicateExtension, UnsupportedGeneralNameType) as error:
        raise CertificateNotUsable("not_a_certificate") from error
    return certificate


def fingerprint_of(certificate: Certificate) -> str:
    """SHA-256 of the certificate in hexadecimal."""
    return certificate.fingerprint(SHA256()).hex()


def check_authority(certificate: Certificate, now: datetime) -> None:
    """Check that a certificate is that of a certification authority and sound; raises CertificateNotUsable."""
    constraints = extension(certificate, BasicConstraints)
    usage = extension(certificate, KeyUsage)
    if constraints is None or not constraints.ca or (usage is not None and not usage.key_cert_sign):
        raise CertificateNotUsable("not_a_certification_authority")
    if not certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc:
        raise CertificateNotUsable("not_valid_now")
    key = certificate.public_key()
    is_strong_rsa = isinstance(key, rsa.RSAPublicKey) and key.key_size >= SMALLEST_RSA_BITS
    if not is_strong_rsa and not isinstance(key, ec.EllipticCurvePublicKey):
        raise CertificateNotUsable("unsupported_algorithm")


def extension(certificate: Certificate, kind: type[E]) -> E | None:
    """Return an extension of a certificate, if it has it."""
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except ExtensionNotFound:
        return None

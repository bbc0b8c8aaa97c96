"""From a signer's certificate to an issuer on the trust list. Source: RFC 5280 section 6."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography.x509 import BasicConstraints, Certificate, KeyUsage
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    Policy,
    PolicyBuilder,
    Store,
    VerificationError,
)

from gateway.identity.domain.trusted_issuers import TrustedIssuer, extension, fingerprint_of

_LONGEST_PATH: Final = 4


@dataclass(eq=False)
class IssuerNotTrusted(Exception):
    """No chain leads from the certificate to an issuer on the list."""


@dataclass(eq=False)
class SignerCertificateNotValid(Exception):
    """The certificate is out of time, or not for signatures."""

    reason: str


def trusted_issuer_of(
    certificate: Certificate, others: Sequence[Certificate], issuers: Sequence[TrustedIssuer], now: datetime
) -> TrustedIssuer:
    """Return the issuer on the list that vouches for a certificate now. Raises: the refusals of this module."""
    by_fingerprint = {fingerprint_of(issuer.x509()): issuer for issuer in issuers}
    if not by_fingerprint:
        raise IssuerNotTrusted
    _check_signer(certificate, now)
    anchors = Store([issuer.x509() for issuer in issuers])
    builder = PolicyBuilder().store(anchors).time(now).max_chain_depth(_LONGEST_PATH)
    policies = builder.extension_policies(ca_policy=_authorities(), ee_policy=ExtensionPolicy.permit_all())
    try:
        chain = policies.build_client_verifier().verify(certificate, list(others)).chain
    except VerificationError as error:
        raise IssuerNotTrusted from error
    return by_fingerprint[fingerprint_of(chain[-1])]


def _check_signer(certificate: Certificate, now: datetime) -> None:
    usage = extension(certificate, KeyUsage)
    constraints = extension(certificate, BasicConstraints)
    if constraints is not None and constraints.ca:
        raise SignerCertificateNotValid("authority")
    if usage is not None and not (usage.digital_signature or usage.content_commitment):
        raise SignerCertificateNotValid("key_usage")
    if now < certificate.not_valid_before_utc:
        raise SignerCertificateNotValid("not_yet_valid")
    if now >= certificate.not_valid_after_utc:
        raise SignerCertificateNotValid("expired")


def _authorities() -> ExtensionPolicy:
    policy = ExtensionPolicy.permit_all()
    policy = policy.require_present(BasicConstraints, Criticality.AGNOSTIC, _is_authority)
    return policy.may_be_present(KeyUsage, Criticality.AGNOSTIC, _signs_certificates)


def _is_authority(_: Policy, __: Certificate, constraints: BasicConstraints) -> None:
    if not constraints.ca:
        raise ValueError("not a certification authority")


def _signs_certificates(_: Policy, __: Certificate, usage: KeyUsage | None) -> None:
    if usage is not None and not usage.key_cert_sign:
        raise ValueError("may not sign certificates")

"""Electronic certificates (电子证照): content, issuing, states, versions, verification."""

from shared.certificates.canonical import canonical_json, sha256_hex
from shared.certificates.certificate import (
    Certificate,
    CertificateType,
    FaceValue,
    Holder,
    HolderCodeType,
    InvalidCertificate,
)
from shared.certificates.issuing import (
    IssuedCertificate,
    LocalSealProvider,
    MalformedJws,
    Seal,
    SealProvider,
    Statement,
    issue_certificate,
)
from shared.certificates.key_ring import KeyRing, OlderKey, UnusableOlderKey
from shared.certificates.qr import qr_svg
from shared.certificates.reading import certificate_from_json
from shared.certificates.states import (
    CertificateAction,
    CertificateActionNotAllowed,
    CertificateState,
    next_state,
)
from shared.certificates.verifying import (
    Check,
    CheckResult,
    Inquiry,
    RegisterEntry,
    TrustedKey,
    VerificationReport,
    verify_certificate,
)

__all__ = [
    "Certificate",
    "CertificateAction",
    "CertificateActionNotAllowed",
    "CertificateState",
    "CertificateType",
    "Check",
    "CheckResult",
    "FaceValue",
    "Holder",
    "HolderCodeType",
    "Inquiry",
    "InvalidCertificate",
    "IssuedCertificate",
    "KeyRing",
    "LocalSealProvider",
    "MalformedJws",
    "OlderKey",
    "RegisterEntry",
    "Seal",
    "SealProvider",
    "Statement",
    "TrustedKey",
    "UnusableOlderKey",
    "VerificationReport",
    "canonical_json",
    "certificate_from_json",
    "issue_certificate",
    "next_state",
    "qr_svg",
    "sha256_hex",
    "verify_certificate",
]

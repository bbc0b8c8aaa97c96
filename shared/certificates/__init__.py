"""Electronic certificates (电子证照): content, issuing, states, versions, verification."""

from shared.certificates.canonical import canonical_json, sha256_hex
from shared.certificates.certificate import (
    Certificate,
    CertificateType,
    CopyMark,
    FaceValue,
    Holder,
    HolderCodeType,
    InvalidCertificate,
)
from shared.certificates.document import FileFinding, FileReport, SignedFile, UnreadableFile, open_file
from shared.certificates.issuing import (
    IssuedCertificate,
    LocalSealProvider,
    MalformedJws,
    Seal,
    SealProvider,
    Statement,
    issue_certificate,
    open_jws,
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
    "CopyMark",
    "FaceValue",
    "FileFinding",
    "FileReport",
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
    "SignedFile",
    "Statement",
    "TrustedKey",
    "UnreadableFile",
    "UnusableOlderKey",
    "VerificationReport",
    "canonical_json",
    "certificate_from_json",
    "issue_certificate",
    "next_state",
    "open_file",
    "open_jws",
    "qr_svg",
    "sha256_hex",
    "verify_certificate",
]

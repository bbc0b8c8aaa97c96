"""Verification (电子证照核验): each check by name, so that whoever asked sees which one failed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from shared.calendar import local_date
from shared.certificates.canonical import sha256_hex
from shared.certificates.certificate import Certificate
from shared.certificates.document import FileReport
from shared.certificates.issuing import SignedContent, Statement, open_jws
from shared.certificates.reading import certificate_from_json
from shared.certificates.states import CertificateState
from shared.identifiers import EcertId, Uscc, is_ecert_id
from shared.security.keys import VerificationKey


class Check(StrEnum):
    """The checks, in the order in which they are reported; COPY and FILE where there is one."""

    IDENTIFIER = "identifier"
    ISSUER_TRUSTED = "issuer_trusted"
    SIGNATURE = "signature"
    STATE = "state"
    VERSION = "version"
    VALIDITY = "validity"
    DIGEST = "digest"
    COPY = "copy"
    FILE = "file"


_STATEMENTS: Final = {
    Check.IDENTIFIER: Statement(
        "证照标识格式和校验位正确", "identifier is well formed and its check character right"
    ),
    Check.ISSUER_TRUSTED: Statement(
        "颁发机构及其签名密钥可信", "issuer is trusted, and the key is one of its keys"
    ),
    Check.SIGNATURE: Statement("数字签名有效", "signature is valid"),
    Check.STATE: Statement("证照状态为有效", "certificate is in force"),
    Check.VERSION: Statement("为现行版本", "it is the version in use: no other took its place"),
    Check.VALIDITY: Statement("在有效期内", "today lies within its validity"),
    Check.DIGEST: Statement("内容摘要与签发时一致", "content is what was issued"),
    Check.COPY: Statement("加注件未到期、未收回", "the copy has not expired, and was not taken back"),
    Check.FILE: Statement("文件自生成后未被改动", "the file was not altered since it was made"),
}


@dataclass(frozen=True)
class CheckResult:
    """One check with its outcome; the statement says what holds when it passed."""

    check: Check
    passed: bool

    @property
    def statement(self) -> Statement:
        """What was checked, in both languages."""
        return _STATEMENTS[self.check]


@dataclass(frozen=True)
class RegisterEntry:
    """What the register knows of the certificate, or of the copy of it, that was asked for.

    `identifier` and `state` are the certificate's, `digest` is that of what was signed: of the copy for a copy.
    """

    identifier: EcertId
    state: CertificateState
    digest: str
    superseded_by: EcertId | None = None
    is_copy: bool = False
    is_taken_back: bool = False


@dataclass(frozen=True)
class TrustedKey:
    """A verification key and the issuers for whom it may sign."""

    key: VerificationKey
    issuers: frozenset[Uscc]


@dataclass(frozen=True)
class Inquiry:
    """Who asks, why (用证事由) and when; `asked_by` is None for anyone at the public page."""

    asked_by: str | None
    use_cause: str
    at: datetime


@dataclass(frozen=True)
class VerificationReport:
    """All checks of one inquiry, to be answered and to be recorded; `certificate` is None unless readable."""

    inquiry: Inquiry
    identifier: EcertId
    results: tuple[CheckResult, ...]
    certificate: Certificate | None

    @property
    def is_valid(self) -> bool:
        """Whether every check passed."""
        return all(result.passed for result in self.results)

    @property
    def failed(self) -> tuple[Check, ...]:
        """The checks that did not pass."""
        return tuple(result.check for result in self.results if not result.passed)


def verify_certificate(
    jws: str,
    entry: RegisterEntry,
    *,
    trusted: Mapping[str, TrustedKey],
    inquiry: Inquiry,
    file: FileReport | None = None,
) -> VerificationReport:
    """Check a presented certificate against the register; `trusted` maps the `kid` of each known key.

    `file` is what was found of the document in which it was presented, if in one.

    Never raises for what is presented: text that cannot be read fails the checks that need it. Days are civil
    days in China. Raises ValueError when the inquiry's time has no zone.
    """
    today = local_date(inquiry.at)
    content = _opened(jws)
    certificate = _certificate(content)
    signer = trusted.get(content.kid) if content else None
    outcomes = {
        Check.IDENTIFIER: is_ecert_id(entry.identifier)
        and certificate is not None
        and certificate.identifier == entry.identifier,
        Check.ISSUER_TRUSTED: signer is not None
        and certificate is not None
        and certificate.issuer_code in signer.issuers,
        Check.SIGNATURE: content is not None
        and signer is not None
        and signer.key.verify(content.signature, content.signing_input),
        Check.STATE: entry.state is CertificateState.IN_FORCE,
        Check.VERSION: entry.superseded_by is None,
        Check.VALIDITY: certificate is not None
        and (certificate.valid_from is None or certificate.valid_from <= today)
        and (certificate.valid_to is None or today <= certificate.valid_to),
        Check.DIGEST: content is not None and sha256_hex(content.payload) == entry.digest,
    }
    if entry.is_copy or (certificate is not None and certificate.copy_mark is not None):
        outcomes[Check.COPY] = entry.is_copy and not entry.is_taken_back and _serves(certificate, inquiry.at)
    if file is not None:
        outcomes[Check.FILE] = file.is_unaltered
    return VerificationReport(
        inquiry=Inquiry(inquiry.asked_by, inquiry.use_cause, inquiry.at.astimezone(UTC)),
        identifier=entry.identifier,
        results=tuple(CheckResult(check, outcomes[check]) for check in Check if check in outcomes),
        certificate=certificate,
    )


def _serves(certificate: Certificate | None, at: datetime) -> bool:
    mark = certificate.copy_mark if certificate is not None else None
    return mark is not None and at < mark.expires_at


def _opened(jws: str) -> SignedContent | None:
    try:
        return open_jws(jws)
    except ValueError:  # an unreadable text is an answer here: the checks that need it fail
        return None


def _certificate(content: SignedContent | None) -> Certificate | None:
    try:
        return None if content is None else certificate_from_json(content.payload)
    except ValueError:  # as above
        return None

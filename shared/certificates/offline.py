"""Verification away from the register: what a key set alone can tell of a certificate, and what it cannot."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from shared.calendar import local_date
from shared.certificates.certificate import Certificate
from shared.certificates.document import FileReport
from shared.certificates.issuing import open_jws
from shared.certificates.reading import certificate_from_json
from shared.certificates.verifying import Check, CheckResult
from shared.identifiers import is_ecert_id
from shared.security.keys import VerificationKey

UNKNOWN_OFFLINE: Final = (Check.STATE, Check.VERSION, Check.DIGEST)
"""Only the register knows whether a certificate is still in force: it may have been revoked since."""


@dataclass(frozen=True)
class OfflineReport:
    """What could be checked; everything passed does not say that the certificate is in force."""

    certificate: Certificate
    results: tuple[CheckResult, ...]

    @property
    def is_genuine(self) -> bool:
        """Whether every check that needs no register passed."""
        return all(result.passed for result in self.results)


def verify_offline(
    jws: str, keys: Mapping[str, VerificationKey], at: datetime, *, file: FileReport | None = None
) -> OfflineReport:
    """Check what was signed against known keys, by their `kid`. Raises: ValueError for what is no certificate."""
    content = open_jws(jws)
    certificate = certificate_from_json(content.payload)
    key, today, mark = keys.get(content.kid), local_date(at), certificate.copy_mark
    outcomes = {
        Check.IDENTIFIER: is_ecert_id(certificate.identifier),
        Check.ISSUER_TRUSTED: key is not None,
        Check.SIGNATURE: key is not None and key.verify(content.signature, content.signing_input),
        Check.VALIDITY: (certificate.valid_from is None or certificate.valid_from <= today)
        and (certificate.valid_to is None or today <= certificate.valid_to),
    }
    if mark is not None:
        outcomes[Check.COPY] = at < mark.expires_at
    if file is not None:
        outcomes[Check.FILE] = file.is_unaltered
    return OfflineReport(certificate, tuple(CheckResult(check, passed) for check, passed in outcomes.items()))

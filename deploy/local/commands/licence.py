"""`tongban licence`: verify an electronic business licence anywhere, without a suite."""

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer
from cryptography import x509

from deploy.local.commands.options import refusals
from deploy.local.refusals import Refused
from shared.certificates.document import MAX_FILE_BYTES, FileReport, open_file
from shared.certificates.offline import UNKNOWN_OFFLINE, OfflineReport, verify_offline
from shared.certificates.verifying import CheckResult
from shared.security.keys import UnusableKey, VerificationKey

app = typer.Typer(help="Business licences: verify one offline.", no_args_is_help=True)

_PDF: Final = b"%PDF-"

File = Annotated[Path, typer.Argument(help="The licence or a copy of it: its PDF, or its signed content.")]
Keys = Annotated[
    Path, typer.Option("--keys", help="The registrar's key set (/registration/v1/keys), had before.")
]


@dataclass(frozen=True)
class _Known:
    """The registrar's keys by their names, and the certificates under which it signs PDFs."""

    keys: dict[str, VerificationKey]
    chains: tuple[tuple[x509.Certificate, ...], ...]


@app.callback()
def group() -> None:
    """Business licences (电子营业执照)."""


@app.command()
def verify(file: File, keys: Keys) -> None:
    """Check signature, identifier, validity, file; exit code 1 if one fails. No file tells if it is in force."""
    with refusals():
        known = _known(keys)
        jws, document = _read(file, known)
        try:
            report = verify_offline(jws, known.keys, datetime.now(UTC), file=document)
        except ValueError as error:
            raise Refused(f"{file} is no licence: {error}") from error
    print(_told(report, document))
    raise typer.Exit(0 if report.is_genuine else 1)


def _read(file: Path, known: _Known) -> tuple[str, FileReport | None]:
    try:
        content = file.read_bytes()
        if not content.startswith(_PDF):
            return content[:MAX_FILE_BYTES].decode().strip(), None
        document = open_file(content)
    except OSError as error:
        raise Refused(f"{file} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise Refused(f"{file} is no licence: {error}") from error
    # Read here: the library of PDF signatures would make every other command of `tongban` start later.
    from shared.certificates.pdf_checking import check_file, trust_in

    return document.jws, check_file(document, trust_in(known.chains, known.keys))


def _known(file: Path) -> _Known:
    try:
        published = json.loads(file.read_bytes())
        keys = [VerificationKey.from_jwk(jwk) for jwk in published["keys"]]
        chains = tuple(_chain(each) for each in published.get("pdf_certificates", ()))
        return _Known({key.kid: key for key in keys}, chains)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, UnusableKey) as error:
        raise Refused(f"{file} is no key set: {error}") from error


def _chain(written: list[str]) -> tuple[x509.Certificate, ...]:
    if not written:
        raise ValueError("a chain of certificates is empty")
    return tuple(x509.load_der_x509_certificate(base64.b64decode(each, validate=True)) for each in written)


def _told(report: OfflineReport, file: FileReport | None) -> str:
    certificate = report.certificate
    lines = [f"{certificate.identifier}  {certificate.holders[0].name}  version {certificate.version:03d}"]
    if certificate.copy_mark is not None:
        mark = certificate.copy_mark
        lines.append(f"a copy made for {mark.cause}, until {mark.expires_at.isoformat()}")
    lines += [f"{'passed' if each.passed else 'FAILED'}  {each.statement.en}" for each in report.results]
    if file is not None:
        lines += [f"file    {file.finding.statement.zh}", f"        {file.finding.statement.en}"]
        lines += [f"        signed under the certificate of {file.signer}"] if file.signer else []
    lines += [f"unknown {CheckResult(check, False).statement.en}" for check in UNKNOWN_OFFLINE]
    lines.append("genuine as far as a file can tell" if report.is_genuine else "do not rely on it")
    lines.append(
        "whether it is in force now, only the register knows: GET /registration/v1/verify/{identifier}"
    )
    return "\n".join(lines)

"""`tongban licence verify`: what a licence's file and a key set tell, far from the register."""

import base64
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from typer.testing import CliRunner

from deploy.local.cli import app
from shared.certificates import (
    Certificate,
    CertificateType,
    Holder,
    HolderCodeType,
    LocalSealProvider,
    issue_certificate,
)
from shared.certificates.pdf_signing import KeyFileSigner
from shared.certificates.sheet import PaperSize, Sheet
from shared.identifiers import Uscc
from shared.security.keys import SigningKey

KEY = SigningKey.generate()
CERTIFICATE = Certificate(
    kind=CertificateType("11100000MB0143028R001", "电子营业执照", "国家市场监督管理总局"),
    number="91140881MAE000002E",
    serial="5N0F3YJ8T2QWZ6R1K4B7",
    version=1,
    issuer_name="永济市行政审批服务管理局",
    issuer_code=Uscc("11140881MB9Y00016L"),
    issued_on=date(2026, 3, 2),
    area_code="140881",
    holders=(Holder("永济市蒲津渡餐饮有限公司", "91140881MAE000002E", HolderCodeType.USCC),),
    face={"name": "永济市蒲津渡餐饮有限公司"},
    valid_from=date(2026, 3, 2),
)
AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
JWS = issue_certificate(CERTIFICATE, KEY, LocalSealProvider()).jws


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    """The registrar's key set, had before."""
    file = tmp_path / "keys.json"
    file.write_text(json.dumps({"keys": [KEY.public_jwk()]}))
    return file


def told(content: str, keys: Path) -> tuple[int, str]:
    """What the command says of a file with this content, and its exit code."""
    return told_of(content.encode(), keys)


def told_of(content: bytes, keys: Path) -> tuple[int, str]:
    """The same of any file."""
    file = keys.with_name("licence")
    file.write_bytes(content)
    result = CliRunner().invoke(app, ["licence", "verify", str(file), "--keys", str(keys)])
    return result.exit_code, result.output


def test_a_genuine_licence_is_told_with_what_only_the_register_knows(keys: Path) -> None:
    code, said = told(JWS, keys)

    assert code == 0
    assert "passed  signature is valid" in said
    assert "unknown certificate is in force" in said
    assert "only the register knows" in said


def test_a_licence_signed_by_another_key_is_not_to_be_relied_on(keys: Path) -> None:
    code, said = told(issue_certificate(CERTIFICATE, SigningKey.generate(), LocalSealProvider()).jws, keys)

    assert code == 1
    assert "FAILED  signature is valid" in said
    assert "do not rely on it" in said


def test_a_pdf_is_told_with_its_signature_whole_changed_or_somebody_elses(keys: Path) -> None:
    signer = KeyFileSigner.local(KEY)
    pdf, foreign = (a_pdf(each) for each in (signer, KeyFileSigner.local(SigningKey.generate())))
    published = base64.b64encode(signer.certificates[0].public_bytes(Encoding.DER)).decode()
    keys.write_text(json.dumps({"keys": [KEY.public_jwk()], "pdf_certificates": [[published]]}))

    sound, added, stranger = (told_of(each, keys) for each in (pdf, pdf + b"%added", foreign))

    assert (sound[0], added[0], stranger[0]) == (0, 1, 1)
    assert "签名后未被改动" in sound[1]
    assert "signed under the certificate of" in sound[1]
    assert "was changed after it was signed" in added[1]
    assert "signed by somebody else" in stranger[1]


def a_pdf(signer: KeyFileSigner) -> bytes:
    """The licence on paper."""
    sheet = Sheet("营业执照", PaperSize.A4, AT)
    sheet.text(20, 40, "营业执照", 20)
    return sheet.signed(JWS, signer, AT, AT)


def test_what_is_no_licence_or_no_key_set_is_refused(keys: Path) -> None:
    code, said = told("not a licence", keys)
    keys.write_text("[]")

    assert (code, "is no licence" in said) == (1, True)
    assert "is no key set" in told(JWS, keys)[1]

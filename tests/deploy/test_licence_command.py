"""`tongban licence verify`: what a licence's file and a key set tell, far from the register."""

import json
from datetime import date
from pathlib import Path

import pytest
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
JWS = issue_certificate(CERTIFICATE, KEY, LocalSealProvider()).jws


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    """The registrar's key set, had before."""
    file = tmp_path / "keys.json"
    file.write_text(json.dumps({"keys": [KEY.public_jwk()]}))
    return file


def told(content: str, keys: Path) -> tuple[int, str]:
    """What the command says of a file with this content, and its exit code."""
    file = keys.with_name("licence.jws")
    file.write_text(content)
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


def test_what_is_no_licence_or_no_key_set_is_refused(keys: Path) -> None:
    code, said = told("not a licence", keys)
    keys.write_text("[]")

    assert (code, "is no licence" in said) == (1, True)
    assert "is no key set" in told(JWS, keys)[1]

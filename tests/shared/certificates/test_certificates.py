"""Certificates: what is signed, every check by name, versions, states, keys."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from xml.etree import ElementTree

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st
from jose import jws as jose_jws

from shared.certificates import (
    Certificate,
    CertificateAction,
    CertificateActionNotAllowed,
    CertificateState,
    CertificateType,
    Check,
    Holder,
    HolderCodeType,
    Inquiry,
    InvalidCertificate,
    LocalSealProvider,
    RegisterEntry,
    TrustedKey,
    VerificationReport,
    canonical_json,
    certificate_from_json,
    issue_certificate,
    next_state,
    qr_svg,
    verify_certificate,
)
from shared.certificates.states import TRANSITIONS
from shared.identifiers import Uscc, compose_uscc, parse_ecert_id
from shared.security.keys import SigningKey, UnusableKey, VerificationKey

ISSUER = compose_uscc(authority="1", body_type="1", division_code="140881", organisation_body="MAE00001")
HOLDER = compose_uscc(authority="9", body_type="2", division_code="140881", organisation_body="MAE00002")
LICENCE = Certificate(
    kind=CertificateType("11100000MB0143028R001", "营业执照", "国家市场监督管理总局"),
    number="140881000000001",
    serial="20261120000001",
    version=1,
    issuer_name="永济市行政审批服务管理局",
    issuer_code=ISSUER,
    issued_on=date(2026, 11, 20),
    area_code="140881",
    holders=(Holder("永济市试验餐馆", HOLDER, HolderCodeType.USCC),),
    face={"名称": "永济市试验餐馆", "经营范围": ("餐饮服务", "食品销售")},
    valid_from=date(2026, 11, 20),
    valid_to=date(2031, 11, 19),
)
KEY = SigningKey.generate()
OTHER_KEY = SigningKey.generate()
ISSUED = issue_certificate(LICENCE, KEY, LocalSealProvider())
ENTRY = RegisterEntry(LICENCE.identifier, CertificateState.IN_FORCE, ISSUED.digest)


def _verify(
    jws: str = ISSUED.jws,
    entry: RegisterEntry = ENTRY,
    *,
    issuers: frozenset[Uscc] = frozenset({ISSUER}),
    at: datetime = datetime(2026, 11, 21, 2, tzinfo=UTC),
    trusted: Mapping[str, TrustedKey] | None = None,
) -> VerificationReport:
    known = {KEY.kid: TrustedKey(KEY.verification_key(), issuers)} if trusted is None else trusted
    return verify_certificate(jws, entry, trusted=known, inquiry=Inquiry(None, "公众查验", at))


def test_an_issued_certificate_passes_every_check() -> None:
    report = _verify()

    assert report.is_valid
    assert [result.check for result in report.results] == [*Check][:7]
    assert report.certificate == LICENCE
    assert report.inquiry.use_cause == "公众查验"


def test_another_library_verifies_the_signature_too() -> None:
    payload = jose_jws.verify(ISSUED.jws, KEY.public_jwk(), algorithms=["ES256"])

    assert payload == LICENCE.canonical()


@settings(max_examples=300)
@given(st.integers(0, len(ISSUED.jws) - 1), st.sampled_from("ABCXYZabcxyz0189-_.=+ é"))
def test_altering_one_byte_of_a_certificate_fails_verification(position: int, other: str) -> None:
    altered = ISSUED.jws[:position] + other + ISSUED.jws[position + 1 :]

    assert _verify(altered).is_valid is (altered == ISSUED.jws)


def test_every_other_last_character_of_the_signature_fails() -> None:
    characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

    accepted = [last for last in characters if _verify(ISSUED.jws[:-1] + last).is_valid]

    assert accepted == [ISSUED.jws[-1]]


@pytest.mark.parametrize(
    ("report", "failed"),
    [
        (_verify(entry=replace(ENTRY, state=CertificateState.SUSPENDED)), [Check.STATE]),
        (_verify(entry=replace(ENTRY, digest="0" * 64)), [Check.DIGEST]),
        (_verify(entry=replace(ENTRY, superseded_by=ENTRY.identifier)), [Check.VERSION]),
        (_verify(issuers=frozenset()), [Check.ISSUER_TRUSTED]),
        (_verify(trusted={}), [Check.ISSUER_TRUSTED, Check.SIGNATURE]),
        (_verify(at=datetime(2026, 11, 19, 15, 59, tzinfo=UTC)), [Check.VALIDITY]),
        (_verify(at=datetime(2026, 11, 19, 16, 0, tzinfo=UTC)), []),  # midnight in China
        (_verify(at=datetime(2031, 11, 19, 15, 59, tzinfo=UTC)), []),
        (_verify(at=datetime(2031, 11, 19, 16, 0, tzinfo=UTC)), [Check.VALIDITY]),
        (
            _verify(trusted={KEY.kid: TrustedKey(OTHER_KEY.verification_key(), frozenset({ISSUER}))}),
            [Check.SIGNATURE],
        ),
    ],
)
def test_each_check_fails_alone_and_by_name(report: VerificationReport, failed: list[Check]) -> None:
    assert list(report.failed) == failed
    assert report.is_valid is (not failed)


def test_a_sound_certificate_shown_for_another_identifier_is_not_accepted() -> None:
    other = issue_certificate(replace(LICENCE, serial="20261120000002"), KEY, LocalSealProvider())

    report = _verify(other.jws)

    assert list(report.failed) == [Check.IDENTIFIER, Check.DIGEST]


@pytest.mark.parametrize("text", ["", "a.b.c", "..", "é.é.é", "eyJhbGciOiJub25lIn0.e30."])
def test_unreadable_text_is_answered_with_failed_checks(text: str) -> None:
    report = _verify(text)

    assert report.certificate is None
    assert {Check.SIGNATURE, Check.ISSUER_TRUSTED, Check.DIGEST, Check.IDENTIFIER} <= set(report.failed)


def test_without_a_provider_the_certificate_says_that_nobody_sealed_it() -> None:
    assert ISSUED.seal.sealed_by is None
    assert "未经依法设立的电子政务电子认证服务机构" in ISSUED.seal.statement.zh
    assert "No licensed certification service" in ISSUED.seal.statement.en


def test_a_certificate_reads_back_from_its_canonical_form_only() -> None:
    written = LICENCE.canonical()

    assert certificate_from_json(written) == LICENCE
    for other in (
        written + b" ",
        written.replace(b'{"area_code"', b'{"a":1,"area_code"'),
        b"[]",
        b"{",
        b"\xff",
    ):
        with pytest.raises(ValueError):
            certificate_from_json(other)


def test_a_later_version_keeps_the_serial_and_names_the_version_before() -> None:
    altered = LICENCE.succeeded_by(replace(LICENCE, face={"名称": "永济市新名餐馆"}))

    parts = parse_ecert_id(altered.identifier)

    assert (parts.serial, parts.version) == (LICENCE.serial, 2)
    assert altered.associated_identifier == LICENCE.identifier
    assert certificate_from_json(altered.canonical()) == altered
    with pytest.raises(InvalidCertificate):
        replace(altered, associated_identifier=None)
    with pytest.raises(InvalidCertificate):
        replace(altered, version=3)
    with pytest.raises(InvalidCertificate):
        LICENCE.succeeded_by(replace(LICENCE, issuer_code=HOLDER))


@pytest.mark.parametrize(
    "change",
    [{"number": " "}, {"holders": ()}, {"area_code": "1408"}, {"valid_to": date(2026, 1, 1)}, {"version": 0}],
)
def test_an_incomplete_certificate_is_not_made(change: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        replace(LICENCE, **change)  # type: ignore[arg-type]


def test_the_face_cannot_be_changed_behind_the_digest() -> None:
    face: dict[str, str | tuple[str, ...]] = {"名称": "甲"}
    certificate = replace(LICENCE, face=face)
    digest = certificate.digest()

    face["名称"] = "乙"

    assert certificate.digest() == digest


@pytest.mark.parametrize("action", list(CertificateAction))
@pytest.mark.parametrize("state", list(CertificateState))
def test_every_action_follows_the_table_or_is_refused(
    state: CertificateState, action: CertificateAction
) -> None:
    if (state, action) in TRANSITIONS:
        assert next_state(state, action) is TRANSITIONS[state, action]
    else:
        with pytest.raises(CertificateActionNotAllowed):
            next_state(state, action)


def test_canonical_json_is_sorted_and_has_no_form_for_floats() -> None:
    assert canonical_json({"b": [1, True, None], "a": "中\n", "\U0001f600": 1, "￿": 2}) == (
        '{"a":"中\\n","b":[1,true,null],"\U0001f600":1,"￿":2}'.encode()
    )
    for formless in (1.5, float("nan"), {1: 2}, 2**53, {"a": object()}):
        with pytest.raises(ValueError):
            canonical_json(formless)


def test_a_qr_code_is_an_svg_and_leads_to_web_addresses_only() -> None:
    drawn = qr_svg("https://example.invalid/verify/1.2.156?a=1&b=2")

    assert ElementTree.fromstring(drawn).tag.endswith("svg")  # noqa: S314 - our own output
    with pytest.raises(ValueError, match="http"):
        qr_svg("javascript:alert(1)")


def test_a_key_survives_pem_and_jwk_and_shows_nothing_secret() -> None:
    again = SigningKey.from_pem(KEY.to_pem())
    public = VerificationKey.from_jwk(KEY.public_jwk())

    assert again.kid == KEY.kid == public.kid
    assert public.verify(again.sign(b"x"), b"x")
    assert not public.verify(again.sign(b"x"), b"y")
    assert "d" not in KEY.public_jwk()
    assert repr(KEY) == f"SigningKey(kid='{KEY.kid}')"


def test_a_thumbprint_is_that_of_rfc_7638() -> None:
    # RFC 7517 appendix A.1, whose thumbprint was computed with another library.
    jwk = {
        "kty": "EC",
        "crv": "P-256",
        "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
        "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
    }

    assert VerificationKey.from_jwk(jwk).kid == "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s"


@pytest.mark.parametrize(
    "signature", [b"", b"\0" * 64, b"\1" * 63, b"\1" * 65, b"\0" * 32 + b"\1" * 32, b"\xff" * 64]
)
def test_degenerate_signatures_are_refused(signature: bytes) -> None:
    assert not KEY.verification_key().verify(signature, b"x")


@pytest.mark.parametrize(
    "change",
    [
        {"kty": "RSA"},
        {"crv": "P-384"},
        {"alg": "none"},
        {"use": "enc"},
        {"d": "AA"},
        {"x": "AA"},
        {"x": 1},
        {"kid": ""},
    ],
)
def test_a_key_of_another_kind_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(UnusableKey):
        VerificationKey.from_jwk({**KEY.public_jwk(), **change})


def test_a_private_key_on_another_curve_is_refused() -> None:
    other = ec.generate_private_key(ec.SECP384R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )

    for pem in (other, b"not a key"):
        with pytest.raises(UnusableKey):
            SigningKey.from_pem(pem)

"""PDF signatures: no byte of a signed document counts for nothing, and a certificate that cannot sign is refused."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.certificates import FileFinding, UnreadableFile, open_file
from shared.certificates.local_certificate import self_signed
from shared.certificates.pdf_checking import check_file, older_chains, trust_in
from shared.certificates.pdf_signing import (
    DocumentSigner,
    KeyFileSigner,
    PrivateKey,
    SigningUnavailable,
    UnusableCertificate,
    sign_pdf,
)
from shared.certificates.sheet import PaperSize, Sheet
from shared.security.keys import SigningKey
from tests.shared.certificates.test_documents import AT, ISSUED, KEY

CITY = "永济市行政审批服务管理局"
SIGNER = KeyFileSigner.local(KEY)
TRUST = trust_in((SIGNER.certificates,), {})


def _signed(signer: DocumentSigner = SIGNER, at: datetime = AT) -> bytes:
    sheet = Sheet("营业执照", PaperSize.A4, AT)
    sheet.text(20, 40, "营业执照", 20)
    return sheet.signed(ISSUED.jws, signer, AT, at)


DOCUMENT = _signed()
_FOUND = re.search(rb"/Contents <([0-9A-F]+?)(?:00)*>", DOCUMENT)
assert _FOUND is not None
_SIGNATURE = _FOUND.span(1)
_RESERVED = DOCUMENT.index(b">", _SIGNATURE[1])


@settings(max_examples=200)
@given(
    st.one_of(
        st.integers(0, len(DOCUMENT) - 1),
        st.integers(*_SIGNATURE),
        st.integers(_SIGNATURE[1], _RESERVED),
        st.integers(_RESERVED, len(DOCUMENT) - 1),
    ),
    st.integers(1, 255),
)
def test_altering_one_byte_of_a_signed_document_is_found_out(place: int, change: int) -> None:
    altered = DOCUMENT[:place] + bytes([DOCUMENT[place] ^ change]) + DOCUMENT[place + 1 :]

    try:
        report = check_file(open_file(altered), TRUST)
    except UnreadableFile:
        return
    assert not report.is_unaltered


def test_what_a_signature_of_ours_covers_only_in_part_is_changed() -> None:
    found = [
        check_file(open_file(content), TRUST).finding
        for content in (DOCUMENT, DOCUMENT + b"\n", DOCUMENT + DOCUMENT, DOCUMENT[:-1])
    ]

    assert found == [FileFinding.WHOLE, *[FileFinding.CHANGED] * 3]


def test_a_key_of_the_platform_is_known_under_any_certificate_and_a_strangers_is_not() -> None:
    document = open_file(DOCUMENT)

    by_key = check_file(document, trust_in((), {KEY.kid: KEY.verification_key()}))
    by_nothing = check_file(document, trust_in(((self_signed(SigningKey.generate()),),), {}))

    assert (by_key.finding, by_nothing.finding) == (FileFinding.WHOLE, FileFinding.FOREIGN)


def test_the_local_certificate_is_the_same_at_each_start_and_says_what_it_is() -> None:
    first, again = self_signed(KEY), self_signed(KEY)

    assert first == again
    assert "not licensed" in first.subject.rfc4514_string()
    assert "非依法设立" in first.subject.rfc4514_string()


@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_the_certificate_of_a_city_signs_with_its_chain(tmp_path: Path, kind: str) -> None:
    key: PrivateKey = ec.generate_private_key(ec.SECP256R1()) if kind == "ec" else _rsa(2048)
    chain = _chain(key)

    signer = KeyFileSigner.open(*_files(tmp_path, chain, key))

    signed = _signed(signer)
    report = check_file(open_file(signed), trust_in((chain,), {}))
    beside_unknown = check_file(open_file(signed), trust_in((chain[:1],), {}))
    assert (report.finding, report.signer) == (FileFinding.WHOLE, CITY)
    assert beside_unknown.finding is FileFinding.CHANGED
    assert CITY in signer.statement.zh
    assert [tuple(each) for each in older_chains(tmp_path)] == [chain]


def test_a_certificate_that_cannot_sign_is_refused_by_the_name_of_its_file(tmp_path: Path) -> None:
    key, other = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    own, issuer = _chain(key)
    encrypting = _issued(key, _usage(signs=False))
    cases: list[tuple[tuple[x509.Certificate, ...], PrivateKey, str]] = [
        ((own, issuer), other, "not that of"),
        ((own, *_chain(other)), key, "not issued by"),
        ((encrypting,), key, "not for signatures"),
        ((_issued(weak := _rsa(1024)),), weak, "2048"),
        ((), key, "no certificates"),
    ]

    for chain, private, reason in cases:
        with pytest.raises(UnusableCertificate, match=reason):
            KeyFileSigner.open(*_files(tmp_path, chain, private))


@pytest.mark.parametrize("days", [-1, 400])
def test_outside_the_validity_of_its_certificate_nothing_is_signed(tmp_path: Path, days: int) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    signer = KeyFileSigner.open(*_files(tmp_path, _chain(key), key))

    with pytest.raises(SigningUnavailable):
        sign_pdf(b"%PDF-1.7", signer, AT + timedelta(days=days))


def _rsa(bits: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(signs, signs, not signs, False, False, False, False, False, False)


def _issued(key: PrivateKey, usage: x509.KeyUsage | None = None) -> x509.Certificate:
    return _certificate(CITY, key, CITY, key, usage or _usage(signs=True))


def _chain(key: PrivateKey) -> tuple[x509.Certificate, ...]:
    root = ec.generate_private_key(ec.SECP256R1())
    return (
        _certificate(CITY, key, "示例认证机构", root, _usage(signs=True)),
        _certificate("示例认证机构", root, "示例认证机构", root, _usage(signs=True)),
    )


def _certificate(
    subject: str, key: PrivateKey, issuer: str, issuing: PrivateKey, usage: x509.KeyUsage
) -> x509.Certificate:
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(AT)
        .not_valid_after(datetime(2027, 11, 20, tzinfo=UTC))
        .add_extension(usage, critical=True)
        .sign(issuing, hashes.SHA256())
    )


def _files(folder: Path, chain: tuple[x509.Certificate, ...], key: PrivateKey) -> tuple[Path, Path]:
    certificate, private = folder / "seal.pem", folder / "seal.key"
    certificate.write_bytes(b"".join(each.public_bytes(serialization.Encoding.PEM) for each in chain))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return certificate, private

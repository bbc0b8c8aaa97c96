"""Certificates as documents and as copies: the signed content rides inside, and every byte of the file counts."""

import re
import zlib
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.certificates import (
    Certificate,
    CertificateState,
    CertificateType,
    Check,
    CopyMark,
    Holder,
    HolderCodeType,
    Inquiry,
    InvalidCertificate,
    IssuedCertificate,
    LocalSealProvider,
    RegisterEntry,
    TrustedKey,
    UnreadableFile,
    VerificationReport,
    certificate_from_json,
    issue_certificate,
    open_file,
    verify_certificate,
)
from shared.certificates.sheet import Box, PaperSize, Sheet
from shared.identifiers import compose_uscc
from shared.security.keys import SigningKey

ISSUER = compose_uscc(authority="1", body_type="1", division_code="140881", organisation_body="MAE00001")
HOLDER = compose_uscc(authority="9", body_type="2", division_code="140881", organisation_body="MAE00002")
AT = datetime(2026, 11, 20, 2, tzinfo=UTC)
MARK = CopyMark(AT, "永济市试验餐馆", "开立银行账户", datetime(2026, 12, 20, 2, tzinfo=UTC))
ORIGINAL = Certificate(
    kind=CertificateType("11100000MB0143028R001", "营业执照", "国家市场监督管理总局"),
    number=HOLDER,
    serial="20261120000001",
    version=1,
    issuer_name="永济市行政审批服务管理局",
    issuer_code=ISSUER,
    issued_on=date(2026, 11, 20),
    area_code="140881",
    holders=(Holder("永济市试验餐馆", HOLDER, HolderCodeType.USCC, "统一社会信用代码"),),
    face={"name": "永济市试验餐馆"},
    valid_from=date(2026, 11, 20),
    validity_range="2026-11-20至长期",
)
KEY = SigningKey.generate()
TRUSTED = {KEY.kid: TrustedKey(KEY.verification_key(), frozenset({ISSUER}))}
ISSUED = issue_certificate(ORIGINAL, KEY, LocalSealProvider())
COPY = issue_certificate(replace(ORIGINAL, copy_mark=MARK), KEY, LocalSealProvider())


def _drawn(written: str = "营业执照", key: SigningKey = KEY) -> tuple[bytes, Sheet]:
    sheet = Sheet("营业执照", PaperSize.A4, AT)
    sheet.text(20, 40, written, 20)
    sheet.paragraph(Box(20, 60, 60, 20), "餐饮服务；" * 60, 12)
    return sheet.platform_signed(ISSUED.jws, key, AT), sheet


DOCUMENT, _ = _drawn()


def _verified(
    issued: IssuedCertificate, at: datetime = AT, *, document: bytes | None = None, **entry: object
) -> VerificationReport:
    known = RegisterEntry(ORIGINAL.identifier, CertificateState.IN_FORCE, issued.digest)
    file = None if document is None else open_file(document)
    found = file.by_platform_signature({KEY.kid: KEY.verification_key()}) if file else None
    return verify_certificate(
        issued.jws if file is None else file.jws,
        replace(known, **entry),  # type: ignore[arg-type]
        trusted=TRUSTED,
        inquiry=Inquiry(None, "test", at),
        file=found,
    )


def test_a_document_gives_back_the_content_that_was_issued_and_passes() -> None:
    report = _verified(ISSUED, document=DOCUMENT)

    assert report.is_valid
    assert Check.FILE in [result.check for result in report.results]
    assert report.certificate == ORIGINAL


@settings(max_examples=150)
@given(st.integers(0, len(DOCUMENT) - 1), st.integers(1, 255))
def test_altering_one_byte_of_a_document_is_found_out(place: int, change: int) -> None:
    altered = DOCUMENT[:place] + bytes([DOCUMENT[place] ^ change]) + DOCUMENT[place + 1 :]

    try:
        report = _verified(ISSUED, document=altered)
    except UnreadableFile:
        return
    assert Check.FILE in report.failed


def test_a_document_that_somebody_else_made_around_genuine_content_fails_by_its_file_alone() -> None:
    forged, _ = _drawn("营业执照正本", SigningKey.generate())

    assert list(_verified(ISSUED, document=forged).failed) == [Check.FILE]


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7\n", b"PK\x03\x04", DOCUMENT * 2, DOCUMENT + b"0" * 2**20, DOCUMENT[:5000]]
)
def test_what_is_no_document_of_ours_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableFile):
        open_file(content)


def test_the_font_is_embedded_as_a_subset_and_the_text_can_be_taken_out() -> None:
    unicode_map = _unicode_map(DOCUMENT)

    assert re.search(rb"/FontName /[A-Z]{6}\+NotoSerifSC", DOCUMENT)
    assert b"/FontFile3" in DOCUMENT or b"/FontFile2" in DOCUMENT
    assert all(f"<{ord(character):04X}>".encode() in unicode_map for character in "营业执照餐饮服务")
    assert len(DOCUMENT) < 100_000


def test_a_character_that_the_font_lacks_is_marked_and_named_not_left_as_a_box() -> None:
    document, sheet = _drawn("阿㼆𠮷")

    assert sheet.missing_note() == "〓=U+20BB7"
    assert b"<3013>" in _unicode_map(document)


def test_a_copy_reads_back_with_its_mark_and_serves_until_its_last_moment() -> None:
    written = COPY.certificate.canonical()

    assert certificate_from_json(written) == COPY.certificate
    assert b'"copy_expires_at":"2026-12-20T02:00:00Z"' in written
    assert _verified(COPY, is_copy=True).is_valid
    assert list(_verified(COPY, MARK.expires_at, is_copy=True).failed) == [Check.COPY]
    assert list(_verified(COPY, is_copy=True, is_taken_back=True).failed) == [Check.COPY]


def test_a_copy_is_not_taken_for_the_original_nor_the_original_for_a_copy() -> None:
    assert list(_verified(COPY).failed) == [Check.COPY]
    assert list(_verified(ISSUED, is_copy=True).failed) == [Check.COPY]


@pytest.mark.parametrize(
    "change",
    [{"expires_at": AT}, {"cause": " "}, {"creator": ""}, {"expires_at": datetime(2027, 1, 1)}],  # noqa: DTZ001
)
def test_a_mark_without_an_end_or_a_cause_is_not_made(change: dict[str, object]) -> None:
    with pytest.raises(InvalidCertificate):
        replace(MARK, **change)  # type: ignore[arg-type]


def _unicode_map(document: bytes) -> bytes:
    """Which character each glyph of the embedded font stands for."""
    streams = [_inflated(found) for found in re.findall(rb"stream\n(.*?)\nendstream", document, re.DOTALL)]
    [found] = [each for each in streams if b"beginbfchar" in each or b"beginbfrange" in each]
    return found


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return stream

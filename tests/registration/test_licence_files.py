"""The PDF of a licence: a PDF signature covers all of it, and whatever was done to it afterwards is found and told."""

import asyncio
import base64
import io
import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pydantic import ValidationError
from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from services.registration.api.desk import open_desk
from services.registration.settings import RegistrationSettings
from shared.certificates import Statement, open_file
from shared.certificates.pdf_signing import KeyFileSigner, sign_pdf
from shared.certificates.sheet import PaperSize, Sheet
from shared.security.keys import SigningKey
from shared.settings import Mode
from tests.registration.builders import ANN, FILINGS, filing, person
from tests.support.service import ServiceUnderTest

ENTERPRISES = "/registration/v1/enterprises"
_serials = itertools.count(301)
END_OF_FILE = b"%%EOF"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def uscc(registration: ServiceUnderTest) -> str:
    """An enterprise of Ann's; its code."""
    return await an_enterprise(registration)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def page(registration: ServiceUnderTest, uscc: str) -> bytes:
    """Its licence as PDF."""
    return (await registration.get(f"{ENTERPRISES}/{uscc}/licence/pdf", ANN)).content


async def an_enterprise(registration: ServiceUnderTest) -> str:
    """Registered, with a licence."""
    people = [person("legal_representative", "shareholder", serial=next(_serials))]
    made: str = (await registration.post(FILINGS, filing(people=people), ANN)).json()["uscc"]
    return made


async def told(registration: ServiceUnderTest, pdf: bytes) -> dict[str, Any]:
    """What anybody who presents the file is told."""
    body = {"pdf": base64.b64encode(pdf).decode()}
    answer = await registration.client.post("/registration/v1/verify", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def failed(answer: dict[str, Any]) -> list[str]:
    """The checks that did not pass."""
    return [check["check"] for check in answer["checks"] if not check["passed"]]


async def by_another_reader(registration: ServiceUnderTest, pdf: bytes) -> PdfSignatureStatus:
    """What a validator that nobody here wrote says, trusting the certificate that the register publishes."""
    [[published]] = (await registration.get("/registration/v1/keys")).json()["pdf_certificates"]
    trusting = ValidationContext(trust_roots=[asn1.Certificate.load(base64.b64decode(published))])
    [signature] = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    return await async_validate_pdf_signature(signature, trusting)


async def test_another_reader_finds_the_whole_file_signed_and_closed(
    registration: ServiceUnderTest, uscc: str, page: bytes
) -> None:
    expires = (registration.clock() + timedelta(days=10)).isoformat()
    body = {"recipient": "永济示例商业银行支行", "purpose": "开立单位银行结算账户", "expires_at": expires}
    copies = f"{ENTERPRISES}/{uscc}/licence/copies"
    made = (await registration.post(copies, body, ANN)).json()
    copy = (await registration.get(f"{copies}/{made['identifier']}/pdf", ANN)).content

    for file in (page, copy):
        status = await by_another_reader(registration, file)
        own = await told(registration, file)

        assert (status.intact, status.valid, status.trusted, status.docmdp_ok) == (True,) * 4
        assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE
        assert "not licensed" in status.signing_cert.subject.human_friendly
        assert (own["is_valid"], own["file"]["finding"]) == (True, "whole")
        assert own["file"]["text_zh"].startswith("文件带有登记机关的 PDF 数字签名")


def a_byte_changed(pdf: bytes) -> bytes:
    """On the face."""
    drawn = pdf.index(b"stream\n") + 20
    return pdf[:drawn] + bytes([pdf[drawn] ^ 1]) + pdf[drawn + 1 :]


def text_added(pdf: bytes) -> bytes:
    """A line over the face, by an update at the end, as editors of PDF do it."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    drawn = StreamObject(stream_data=b"q 1 0 0 rg 100 300 200 20 re f Q")
    writer.add_stream_to_page(0, writer.add_object(drawn))  # type: ignore[no-untyped-call]
    out = io.BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]
    return out.getvalue()


def signed_by_a_stranger(pdf: bytes) -> bytes:
    """The same page and attachment, with the signature of somebody who bears the same name."""
    return sign_pdf(without_its_signature(pdf), KeyFileSigner.local(SigningKey.generate()), datetime.now(UTC))


def without_its_signature(pdf: bytes) -> bytes:
    """As it was before it was signed."""
    return pdf[: pdf.index(END_OF_FILE) + len(END_OF_FILE)]


@pytest.mark.parametrize(
    ("done_to_it", "finding"),
    [
        (a_byte_changed, "changed"),
        (text_added, "changed"),
        (signed_by_a_stranger, "foreign"),
        (without_its_signature, "unsigned"),
    ],
)
async def test_what_was_done_to_the_file_is_told(
    registration: ServiceUnderTest, page: bytes, done_to_it: Callable[[bytes], bytes], finding: str
) -> None:
    answer = await told(registration, await asyncio.to_thread(done_to_it, page))

    assert (failed(answer), answer["file"]["finding"]) == (["file"], finding)
    assert answer["file"]["text_en"] != answer["file"]["text_zh"] != ""


async def test_the_content_of_another_licence_in_the_file_is_found(
    registration: ServiceUnderTest, page: bytes
) -> None:
    other = await an_enterprise(registration)
    content = (await registration.get(f"{ENTERPRISES}/{other}/licence", ANN)).json()["jws"]
    swapped = page.replace(open_file(page).jws.encode(), content.encode())

    answer = await told(registration, swapped)

    assert answer["uscc"] == other
    assert (failed(answer), answer["file"]["finding"]) == (["file"], "changed")


async def test_a_file_without_pdf_signature_from_before_is_no_forgery(
    registration: ServiceUnderTest, uscc: str
) -> None:
    keys = registration.app.state.desk.keys
    licence = (await registration.get(f"{ENTERPRISES}/{uscc}/licence", ANN)).json()
    sheet = Sheet("营业执照", PaperSize.A4, registration.clock())
    sheet.text(20, 40, "营业执照", 20)
    older = sheet.platform_signed(licence["jws"], keys.signing, registration.clock())

    sound, altered = await told(registration, older), await told(registration, a_byte_changed(older))

    assert (sound["is_valid"], sound["file"]["finding"]) == (True, "platform_signed")
    assert (failed(altered), altered["file"]["finding"]) == (["file"], "changed")


async def test_a_certificate_that_is_not_valid_today_signs_nothing_and_says_so(
    registration: ServiceUnderTest, uscc: str
) -> None:
    desk, path = registration.app.state.desk, f"{ENTERPRISES}/{uscc}/licence/pdf"
    lapsed = replace(desk.documents, signer=_lapsed_signer())
    registration.app.state.desk = replace(desk, documents=lapsed)
    try:
        answer = await registration.get(path, ANN)
    finally:
        registration.app.state.desk = desk

    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/licence-signing-unavailable")
    assert (await registration.get(path, ANN)).status_code == 200


def _lapsed_signer() -> KeyFileSigner:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "永济市行政审批服务管理局")])
    builder = x509.CertificateBuilder(issuer_name=name, subject_name=name, public_key=key.public_key())
    dated = builder.not_valid_before(datetime(2020, 1, 1, tzinfo=UTC)).not_valid_after(
        datetime(2021, 1, 1, tzinfo=UTC)
    )
    certificate = dated.serial_number(7).sign(key, hashes.SHA256())
    return KeyFileSigner((certificate,), Statement("测试", "test"), key)


def test_outside_local_mode_nobody_signs_under_a_certificate_of_our_own_making(
    registration: ServiceUnderTest, tmp_path: Path
) -> None:
    region, local = registration.app.state.region, registration.settings
    production = local.model_copy(update={"mode": Mode.PRODUCTION})
    half = {"licence_certificate_file": tmp_path / "seal.pem"}

    signers = [open_desk(each, region).documents.signer for each in (local, production)]

    assert [signer is None for signer in signers] == [False, True]
    with pytest.raises(ValidationError, match="belong together"):
        RegistrationSettings(**(local.model_dump() | half))


async def test_people_check_a_file_on_the_page_that_the_qr_code_leads_to(
    registration: ServiceUnderTest, uscc: str, page: bytes
) -> None:
    path = (await registration.get(f"{ENTERPRISES}/{uscc}/licence", ANN)).json()["verify_path"]

    async def shown(pdf: bytes, language: str) -> Any:
        sent = {"pdf": ("licence.pdf", pdf, "application/pdf")}
        return await registration.client.post(path, files=sent, params={"language": language})

    form = await registration.client.get(path, headers={"Accept": "text/html"})
    sound, altered = await shown(page, "zh"), await shown(a_byte_changed(page), "en")
    no_licence = await shown(b"%PDF-1.7 something else", "zh")

    assert 'type="file"' in form.text
    assert "form-action 'self'" in form.headers["content-security-policy"]
    assert ("签名后未被改动" in sound.text, "真实有效" in sound.text) == (True, True)
    assert "was changed after it was signed" in altered.text
    assert "Verification failed" in altered.text
    assert (no_licence.status_code, "所提交的文件无法读取" in no_licence.text) == (200, True)

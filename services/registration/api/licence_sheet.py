"""The business licence as a page to hang on a wall, after the national layout (正本、副本)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from shared.calendar.days import local
from shared.certificates import Certificate, CertificateState, Seal, Statement
from shared.certificates.ornament import draw_background, draw_crest, draw_frame
from shared.certificates.pdf_signing import DocumentSigner
from shared.certificates.sheet import GREY, PALE_RED, RED, WIDTH, Box, PaperSize, Sheet
from shared.security.keys import SigningKey

_CENTRE: Final = WIDTH / 2
_LABEL: Final = 25.0
_LEFT, _LEFT_VALUE = 30.0, 60.0
_RIGHT, _RIGHT_VALUE = 160.0, 190.0
_RIGHT_EDGE: Final = 268.0
_TOP: Final = 90.0


class SheetForm(StrEnum):
    """正本 hangs in the premises; 副本 goes about."""

    ORIGINAL = "original"
    DUPLICATE = "duplicate"


@dataclass(frozen=True)
class LicencePage:
    """What the page shows beside the signed content: the address of its verification, its state and its seal."""

    certificate: Certificate
    jws: str
    issued_at: datetime
    verify_url: str
    state: CertificateState
    seal: Seal
    form: SheetForm
    size: PaperSize


@dataclass(frozen=True)
class PageSigning:
    """Who signs the file and when; the platform's own key does where nobody signs PDFs."""

    signer: DocumentSigner | None
    platform_key: SigningKey
    at: datetime


NOT_SIGNED: Final = Statement(
    zh="本文件未加 PDF 数字签名：版面内容请扫描二维码核验。",
    en="This file carries no PDF signature: verify what it shows by its QR code.",
)


def draw_licence(page: LicencePage, signing: PageSigning) -> bytes:
    """Draw the page and sign the file: the same content gives the same page, whenever it is drawn.

    Blocks. Raises: SigningUnavailable.
    """
    signer = signing.signer
    sheet = Sheet(f"营业执照 {page.certificate.number}", page.size, page.issued_at)
    draw_background(sheet)
    draw_frame(sheet)
    _marks(sheet, page)
    _head(sheet, page)
    _fields(sheet, page.certificate)
    _registrar(sheet, page.certificate)
    _foot(sheet, page, signer.statement if signer else NOT_SIGNED)
    if signer is None:
        return sheet.platform_signed(page.jws, signing.platform_key, page.issued_at)
    return sheet.signed(page.jws, signer, page.issued_at, signing.at)


def _head(sheet: Sheet, page: LicencePage) -> None:
    draw_crest(sheet, _CENTRE, 33, 9)
    sheet.spread(28, 33, "统一社会信用代码", 32, 9.5, GREY)
    sheet.text(28, 41, page.certificate.number, 15)
    for place, character in enumerate("营业执照"):
        sheet.bold(_CENTRE + (place - 1.5) * 28, 66, character, 52)
    if page.certificate.copy_mark is not None:
        sheet.text(_CENTRE, 76, "（副 本 · 加 注 件）", 13, RED, align="centre")
    elif page.form is SheetForm.DUPLICATE:
        sheet.text(_CENTRE, 76, "（副 本）", 13, align="centre")
    code = Box(241, 25, 27, 27)
    sheet.qr(page.verify_url, code)
    caption = "扫描二维码核验本执照，了解登记、备案、许可、监管信息。"
    sheet.paragraph(Box(code.x - 2, code.y + code.height + 1.5, code.width + 4, 11), caption, 6.5, GREY)


def _fields(sheet: Sheet, certificate: Certificate) -> None:
    left = [
        ("名称", _said(certificate, "name"), 11.0),
        ("类型", _said(certificate, "kind"), 9.0),
        (
            _title(certificate, "legal_representative", "法定代表人"),
            _said(certificate, "legal_representative"),
            9.0,
        ),
        ("经营范围", _scope(certificate), 47.5),
    ]
    right = [
        (_title(certificate, "established_on", "成立日期"), _day(_said(certificate, "established_on")), 9.0),
        (_title(certificate, "domicile", "住所"), _said(certificate, "domicile"), 20.0),
    ]
    capital = _said(certificate, "registered_capital_in_words") or _said(certificate, "registered_capital")
    if capital:
        right.insert(0, (_title(certificate, "registered_capital", "注册资本"), capital, 11.0))
    merged = certificate.face.get("merged_filings", ())
    if merged:
        right.append(("多证合一", "、".join((merged,) if isinstance(merged, str) else merged), 15.0))
    _column(sheet, left, _LEFT, _LEFT_VALUE, _RIGHT - 6)
    _column(sheet, right, _RIGHT, _RIGHT_VALUE, _RIGHT_EDGE)


def _column(sheet: Sheet, rows: list[tuple[str, str, float]], x: float, value_x: float, end: float) -> None:
    y = _TOP
    for title, value, height in rows:
        if len(title) > 6:
            sheet.text(x, y + 4.0, title, 10.0, GREY)
        else:
            sheet.spread(x, y + 4.0, title, _LABEL, 11.0, GREY)
        bottom = sheet.paragraph(Box(value_x, y, end - value_x, height - 1.5), value, 12.5)
        y = max(y + min(height, 11.0), bottom + 3.2)


def _registrar(sheet: Sheet, certificate: Certificate) -> None:
    issued = certificate.issued_on
    sheet.spread(_RIGHT, 167, "登记机关", _LABEL, 11.0, GREY)
    sheet.paragraph(Box(_RIGHT_VALUE, 163, _RIGHT_EDGE - _RIGHT_VALUE, 8), certificate.issuer_name, 12.5)
    sheet.text(_RIGHT_EDGE, 176, f"{issued.year} 年 {issued.month} 月 {issued.day} 日", 12.5, align="right")


def _foot(sheet: Sheet, page: LicencePage, signed_by: Statement) -> None:
    certificate, seal = page.certificate, page.seal
    _stated(sheet, 175.4, signed_by)
    if seal.sealed_by is None:
        sheet.frame(Box(28, 168.6, 112, 12.6), RED, 0.25)
        _stated(sheet, 169.5, seal.statement)
    sheet.rule(26, 182.6, WIDTH - 26, 182.6, (214, 190, 138))
    sheet.text(28, 186.4, f"电子证照标识 {certificate.identifier}", 6.2, GREY)
    sheet.text(28, 189.4, f"版本 {certificate.version:03d}　核验 {page.verify_url}", 5.6, GREY)
    note = sheet.missing_note()
    if note:
        sheet.text(_RIGHT_EDGE, 189.4, f"字库未收录的字以 {note} 表示", 5.6, RED, align="right")


def _stated(sheet: Sheet, y: float, statement: Statement) -> None:
    sheet.paragraph(Box(30, y, 108, 3), statement.zh, 6.2, RED)
    sheet.paragraph(Box(30, y + 3.1, 108, 3), statement.en, 5.0, RED, smallest=3.5)


def _marks(sheet: Sheet, page: LicencePage) -> None:
    """Across the page, under the text: what a copy is for, and that a licence is in force no more."""
    mark = page.certificate.copy_mark
    if mark is not None:
        until = local(mark.expires_at)
        wording = (
            f"仅供{_said(page.certificate, 'copy_recipient')}用于{mark.cause}　{until:%Y-%m-%d %H:%M}前有效"
        )
        for x, y in ((90, 125), (205, 125), (90, 162), (205, 162)):
            sheet.slanted(x, y, f"加注件　仅供{mark.cause}"[:28], 10, PALE_RED, angle=18)
        sheet.centred(Box(50, 78.6, WIDTH - 100, 4), wording, 8.5, RED)
    if page.state is not CertificateState.IN_FORCE:
        sheet.slanted(_CENTRE, 135, f"已{page.state.name_zh}", 92, PALE_RED, angle=20)


def _said(certificate: Certificate, field: str) -> str:
    value = certificate.face.get(field, "")
    return value if isinstance(value, str) else "；".join(value)


def _title(certificate: Certificate, field: str, usual: str) -> str:
    return _said(certificate, f"{field}_title") or usual


def _scope(certificate: Certificate) -> str:
    return _said(certificate, "scope").rstrip("；。") + "。"


def _day(written: str) -> str:
    day = date.fromisoformat(written)
    return f"{day.year}年{day.month:02d}月{day.day:02d}日"

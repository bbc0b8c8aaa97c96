"""The face of the business licence: amounts in words, what each kind calls its items, the page."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.api.licence_sheet import LicencePage, PageSigning, SheetForm, draw_licence
from services.registration.domain.kinds import EnterpriseKind
from services.registration.domain.licence_face import FaceValue, in_words, titles_of
from shared.certificates import (
    Certificate,
    CertificateState,
    CertificateType,
    CopyMark,
    Holder,
    HolderCodeType,
    LocalSealProvider,
    issue_certificate,
    open_file,
)
from shared.certificates.sheet import PaperSize
from shared.identifiers import Uscc
from shared.security.keys import SigningKey

USCC = Uscc("91140881MAE000002E")
AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
KEY = SigningKey.generate()
_VALUES = {**dict(zip("零壹贰叁肆伍陆柒捌玖", range(10), strict=True)), "拾": 10, "佰": 100, "仟": 1000}


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (0, "零元整"),
        (1, "壹分"),
        (105, "壹元零伍分"),
        (10_000_000, "壹拾万元整"),
        (100_000_000, "壹佰万元整"),
        (10_000_000_500, "壹亿零伍元整"),
        (1_000_001_000_000, "壹佰亿零壹万元整"),
        (1_001_000_000_000, "壹佰亿壹仟万元整"),
        (1_234_567_890_123, "壹佰贰拾叁亿肆仟伍佰陆拾柒万捌仟玖佰零壹元贰角叁分"),
    ],
)
def test_capital_is_written_as_licences_write_it(fen: int, words: str) -> None:
    assert in_words(fen) == words


@given(st.integers(0, 10**15))
def test_an_amount_in_words_is_the_amount(fen: int) -> None:
    words = in_words(fen)

    assert _read(words) == fen
    assert "零零" not in words


def test_a_negative_amount_has_no_words() -> None:
    with pytest.raises(ValueError, match="least"):
        in_words(-1)


@pytest.mark.parametrize(
    ("kind", "principal", "capital"),
    [
        (EnterpriseKind.LIMITED_COMPANY, "法定代表人", "注册资本"),
        (EnterpriseKind.PARTNERSHIP, "执行事务合伙人", "出资额"),
        (EnterpriseKind.INDIVIDUAL_BUSINESS, "经营者", None),
        (EnterpriseKind.BRANCH, "负责人", None),
        (EnterpriseKind.COOPERATIVE, "法定代表人", "成员出资总额"),
    ],
)
def test_each_kind_calls_its_items_by_its_own_words(
    kind: EnterpriseKind, principal: str, capital: str | None
) -> None:
    assert (titles_of(kind).principal, titles_of(kind).capital) == (principal, capital)


def test_the_longest_of_names_and_scopes_makes_a_page_too() -> None:
    scope = tuple(f"技术服务、技术开发、技术咨询、技术交流第{number}项" for number in range(200))

    drawn = _drawn(_certificate(name="永济市" + "蒲津渡" * 40 + "有限公司", scope=scope))

    assert open_file(drawn).jws
    assert len(drawn) < 400_000


def test_the_same_licence_is_drawn_alike_each_time_and_a_copy_otherwise() -> None:
    certificate = _certificate()
    mark = CopyMark(AT, "永济市蒲津渡餐饮有限公司", "开立银行账户", datetime(2026, 4, 1, tzinfo=UTC))

    first, again = (_drawn(certificate) for _ in range(2))
    copy = _drawn(replace(certificate, copy_mark=mark))
    ended = _drawn(certificate, CertificateState.CANCELLED)

    assert _without_signed_content(first) == _without_signed_content(again)
    assert len({len(first), len(copy), len(ended)}) == 3


def _certificate(**face: FaceValue) -> Certificate:
    shown: dict[str, FaceValue] = {
        "name": "永济市蒲津渡餐饮有限公司",
        "kind": "有限责任公司",
        "legal_representative": "张三丰",
        "domicile": "山西省运城市永济市城西街道河东大道12号",
        "scope": ("餐饮服务", "食品销售"),
        "established_on": "2026-03-02",
    }
    return Certificate(
        kind=CertificateType("11100000MB0143028R001", "电子营业执照", "国家市场监督管理总局"),
        number=USCC,
        serial="5N0F3YJ8T2QWZ6R1K4B7",
        version=1,
        issuer_name="永济市行政审批服务管理局",
        issuer_code=Uscc("11140881MB9Y00016L"),
        issued_on=date(2026, 3, 2),
        area_code="140881",
        holders=(Holder("永济市蒲津渡餐饮有限公司", USCC, HolderCodeType.USCC),),
        face=shown | face,
    )


def _drawn(certificate: Certificate, state: CertificateState = CertificateState.IN_FORCE) -> bytes:
    issued = issue_certificate(certificate, KEY, LocalSealProvider())
    page = LicencePage(
        certificate=certificate,
        jws=issued.jws,
        issued_at=AT,
        verify_url=f"https://tongban.example.invalid/registration/v1/verify/{certificate.identifier}",
        state=state,
        seal=issued.seal,
        form=SheetForm.ORIGINAL,
        size=PaperSize.A4,
    )
    return draw_licence(page, PageSigning(None, KEY, AT))


def _without_signed_content(signed: bytes) -> list[bytes]:
    """What is drawn: ES256 signs the same content otherwise each time, and the file says when it was made."""
    other = (b"eyJ", b"/ID", b"xmp:", b"tongban-file-signature:")
    return [line for line in signed.split(b"\n") if not line.strip().startswith(other)]


def _read(words: str) -> int:
    """The amount again, by the value of each character."""
    yuan, _, rest = words.rpartition("元") if "元" in words else ("", "", words)
    total, myriad = 0, 0
    for part, unit in _parts(yuan):
        myriad = _small(part)
        total += myriad * unit
    fen = total * 100
    if "角" in rest:
        fen += _VALUES[rest[rest.index("角") - 1]] * 10
    if "分" in rest:
        fen += _VALUES[rest[rest.index("分") - 1]]
    return fen


def _parts(yuan: str) -> list[tuple[str, int]]:
    found, rest = [], yuan
    for name, unit in (("万亿", 10**12), ("亿", 10**8), ("万", 10**4)):
        if name in rest:
            part, _, rest = rest.partition(name)
            found.append((part, unit))
    return [*found, (rest, 1)]


def _small(part: str) -> int:
    total, digit = 0, 0
    for character in part:
        value = _VALUES[character]
        if value >= 10:
            total, digit = total + digit * value, 0
        else:
            digit = value
    return total + digit

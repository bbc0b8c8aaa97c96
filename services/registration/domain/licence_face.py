"""What stands on the face of a business licence (营业执照记载事项), and what each kind of enterprise calls it.

Source: 市场主体登记管理条例 art. 22: name, legal representative (or who is in charge), type, capital, domicile, scope,
registrar, date of establishment, credit code.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from services.registration.domain.enterprise import Enterprise, EnterpriseFile
from services.registration.domain.kinds import EnterpriseKind, Role

FaceValue = str | tuple[str, ...]

_DIGITS: Final = "零壹贰叁肆伍陆柒捌玖"
_PLACES: Final = ("", "拾", "佰", "仟")
_MYRIADS: Final = ("", "万", "亿", "万亿")
_FEN_IN_YUAN: Final = 100


@dataclass(frozen=True)
class FaceTitles:
    """The words of a kind of enterprise for its items; `capital` is None where its licence states none."""

    principal: str = "法定代表人"
    capital: str | None = "注册资本"
    domicile: str = "住所"
    established: str = "成立日期"


# 市场监管总局 national layout of the licence (营业执照版式): one form per kind.
TITLES: Final[Mapping[EnterpriseKind, FaceTitles]] = MappingProxyType(
    {
        EnterpriseKind.PARTNERSHIP: FaceTitles("执行事务合伙人", "出资额", "主要经营场所"),
        EnterpriseKind.SOLE_PROPRIETOR_ENTERPRISE: FaceTitles("投资人", "出资额", "住所"),
        EnterpriseKind.COOPERATIVE: FaceTitles("法定代表人", "成员出资总额", "住所"),
        EnterpriseKind.INDIVIDUAL_BUSINESS: FaceTitles("经营者", None, "经营场所", "注册日期"),
        EnterpriseKind.BRANCH: FaceTitles("负责人", None, "经营场所"),
    }
)
_OF_A_COMPANY: Final = FaceTitles()


def titles_of(kind: EnterpriseKind) -> FaceTitles:
    """What the kind calls its items; a company's words where no others are known."""
    return TITLES.get(kind, _OF_A_COMPANY)


def face_of(
    file: EnterpriseFile, *, kind_name: str, registrar: str, merged: tuple[str, ...], today: date
) -> dict[str, FaceValue]:
    """The fields of the face, as they are signed; `today` is the day of establishment of who has none yet."""
    one, titles = file.enterprise, titles_of(file.enterprise.enterprise_kind)
    face: dict[str, FaceValue] = {
        "name": one.name,
        "uscc": one.uscc,
        "kind": kind_name,
        "legal_representative": _principals(file),
        "legal_representative_title": titles.principal,
        "domicile": one.domicile_text or "",
        "domicile_title": titles.domicile,
        "scope": tuple(entry.text for entry in one.scope) or (one.scope_stated or "",),
        "registrar": registrar,
        "established_on": (one.established_on or today).isoformat(),
        "established_on_title": titles.established,
    }
    capital = _capital(one)
    if titles.capital and capital:
        face |= capital | {"registered_capital_title": titles.capital}
    if merged:
        face["merged_filings"] = merged
    return face


def is_whole(file: EnterpriseFile, kinds: Collection[EnterpriseKind]) -> bool:
    """Whether the register knows all that art. 22 wants on the face; of an old register's enterprises it may not."""
    one = file.enterprise
    has_capital = titles_of(one.enterprise_kind).capital is None or bool(_capital(one))
    known = (file.principal, one.domicile_text, one.scope or one.scope_stated, one.established_on)
    return one.enterprise_kind in kinds and has_capital and all(known)


def _principals(file: EnterpriseFile) -> str:
    """All executive partners of a partnership, each with its delegate; one person of every other kind."""
    delegates = {p.represents: p.name for p in file.people if Role.PARTNER_DELEGATE in p.roles}
    return "、".join(
        f"{p.name}（委派代表：{delegates[p.id_number]}）" if p.id_number in delegates else p.name
        for p in file.people
        if p.is_principal
    )


def _capital(one: Enterprise) -> dict[str, FaceValue]:
    """In figures and in words; as an old register stated it where it is not known in fen."""
    fen, currency = one.registered_capital_fen, one.capital_currency or "CNY"
    if fen is None:
        return {"registered_capital": one.capital_stated} if one.capital_stated else {}
    yuan = f"{fen // _FEN_IN_YUAN}.{fen % _FEN_IN_YUAN:02d}"
    if currency != "CNY":
        return {"registered_capital": f"{yuan} {currency}"}
    return {"registered_capital": f"{yuan}元", "registered_capital_in_words": in_words(fen)}


def in_words(fen: int) -> str:
    """An amount in the capital numerals of bank notes (大写金额), as licences print it: 10,000,000 is 壹拾万元整.

    Units: fen, at least 0. Raises ValueError below 0. Source: 正确填写票据和结算凭证的基本规定 (支付结算办法 annex 1).
    """
    if fen < 0:
        raise ValueError("an amount is at least nothing")
    yuan, rest = divmod(fen, _FEN_IN_YUAN)
    jiao, odd = divmod(rest, 10)
    whole = f"{_whole(yuan)}元" if yuan or not rest else ""
    if not rest:
        return f"{whole}整"
    tens = f"{_DIGITS[jiao]}角" if jiao else ("零" if yuan else "")
    return whole + tens + (f"{_DIGITS[odd]}分" if odd else "整")


def _whole(number: int) -> str:
    if number == 0:
        return _DIGITS[0]
    written, gap = "", False
    for place in range((len(str(number)) - 1) // 4, -1, -1):
        group = number // 10_000**place % 10_000
        if group == 0:
            gap = bool(written)
            continue
        if written and (gap or group < 1_000):
            written += _DIGITS[0]
        written += _group(group) + _MYRIADS[place]
        gap = False
    return written


def _group(group: int) -> str:
    """Up to four figures; noughts inside are said once, those at the end not at all."""
    written, gap = "", False
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if digit == 0:
            gap = bool(written)
            continue
        written += ("零" if gap else "") + _DIGITS[digit] + _PLACES[place]
        gap = False
    return written

"""What the filings of a matter have in common: a name and an address taken apart as the register wants them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from gateway.matters.domain.model import Finding

Body = dict[str, Any]
Places = tuple[tuple[str, str], ...]

NAME: Final = "registration.name"
KIND: Final = "registration.kind"
ADDRESS: Final = "registration.address"
SCOPE: Final = "registration.scope_codes"
CAPITAL: Final = "registration.capital_fen"
PHONE: Final = "registration.contact_phone"
PRINCIPAL_NAME: Final = "registration.legal_representative_name"
PRINCIPAL_ID_NUMBER: Final = "registration.legal_representative_id_number"

# Region packs name some kinds by the words of the company law; the register's published language has its own.
PUBLISHED_KINDS: Final = {
    "limited_liability_company": "limited_company",
    "joint_stock_limited_company": "joint_stock_company",
    "sole_proprietorship": "sole_proprietor_enterprise",
    "farmers_cooperative": "cooperative",
}


@dataclass(frozen=True)
class RegisterVocabulary:
    """Words of the region by which a name and an address are taken apart."""

    region_name: str
    region_prefixes: Sequence[str]
    trade_words: Sequence[str]
    organisation_forms: Sequence[str]
    towns: Mapping[str, str]
    """Code of nine digits by name."""


@dataclass(frozen=True)
class FilingForm:
    """The form, and under which names it holds the facts of the register and the people."""

    values: Mapping[str, Any]
    fields: Mapping[str, str]
    people_field: str

    def value(self, fact: str) -> Any:
        return self.values[self.fields[fact]]

    def pointer(self, fact: str) -> str:
        return f"/form/{self.fields[fact]}"


def name_parts(whole: str, pointer: str, words: RegisterVocabulary) -> tuple[Body, tuple[Finding, ...]]:
    """Take a name apart: region, trade name (字号), trade, form. Source: 企业名称登记管理规定 art. 6."""
    division = _longest(words.region_prefixes, whole.startswith)
    rest = whole.removeprefix(division)
    form = _longest(words.organisation_forms, rest.endswith)
    rest = rest.removesuffix(form)
    trade = _longest(words.trade_words, rest.endswith)
    distinctive = rest.removesuffix(trade)
    parts = {"division": division, "distinctive": distinctive, "trade": trade, "form": form}
    missing = [part for part, text in parts.items() if not text]
    if not missing:
        return parts, ()
    return parts, (
        Finding(
            "name",
            "name-parts",
            pointer,
            "名称应依次由行政区划、字号、行业、组织形式组成；组织形式可为："
            + "、".join(words.organisation_forms),
            "a name has division, trade name, trade and form, in this order; forms here: "
            + ", ".join(words.organisation_forms),
        ),
    )


def domicile_parts(
    address: str, pointer: str, words: RegisterVocabulary
) -> tuple[str, str, tuple[Finding, ...]]:
    local = address.rpartition(words.region_name)[2].strip()
    town = _longest(words.towns, local.startswith)
    street = local.removeprefix(town).strip()
    if town and street:
        return words.towns[town], street, ()
    return (
        "",
        street,
        (
            Finding(
                "domicile",
                "town-unknown",
                pointer,
                "住所应写明街道或者乡镇和门牌：" + "、".join(words.towns),
                "an address names the town and what is in it; towns here: " + ", ".join(words.towns),
            ),
        ),
    )


def _longest(words: Sequence[str] | Mapping[str, str], fits: Any) -> str:
    return max((word for word in words if fits(word)), key=len, default="")

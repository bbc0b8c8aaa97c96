"""Which items each kind of enterprise registers and records (登记事项、备案事项): none missing, none foreign to it.

Source: 市场主体登记管理条例 arts. 8 and 9; 实施细则 arts. 6 and 7. What all kinds have (type, scope, address, who
stands for it) is asked for by the form itself.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from services.registration.domain.establishment import Establishment
from services.registration.domain.kinds import EnterpriseKind, KindVariant, Role
from services.registration.domain.legal_basis import implementing_rules
from services.registration.domain.names import MAY_BE_UNNAMED
from services.registration.domain.policy import KindPolicy, Wording
from services.registration.domain.rule import Rule, RuleResult, fault, noted, passed


class Item(StrEnum):
    """What not every kind has, by the place where a filing says it."""

    NAME = "name"  # 名称
    VARIANT = "variant"  # 类型、组成形式
    CAPITAL = "registered_capital_fen"  # 注册资本、出资额
    RESIDENCES = "residence"  # 居所、住所
    BRANCH_OF = "branch_of"  # 所从属企业
    ARTICLES = "articles"  # 章程、合伙协议
    TERM = "term_until"  # 经营期限、合伙期限
    BENEFICIAL_OWNERS = "beneficial_owners"  # 受益所有人
    FOREIGN_PAPERS = "foreign_papers_recipient"  # 外资法律文件送达接受人


_COMPANY: Final = frozenset({Item.NAME, Item.CAPITAL})
REGISTERED: Final[Mapping[EnterpriseKind, frozenset[Item]]] = MappingProxyType(
    {
        EnterpriseKind.LIMITED_COMPANY: _COMPANY,
        EnterpriseKind.JOINT_STOCK_COMPANY: _COMPANY,
        EnterpriseKind.PARTNERSHIP: _COMPANY | {Item.VARIANT, Item.RESIDENCES},
        EnterpriseKind.SOLE_PROPRIETOR_ENTERPRISE: _COMPANY | {Item.RESIDENCES},
        EnterpriseKind.COOPERATIVE: _COMPANY | {Item.VARIANT},
        EnterpriseKind.INDIVIDUAL_BUSINESS: frozenset({Item.NAME, Item.VARIANT, Item.RESIDENCES}),
        EnterpriseKind.BRANCH: frozenset({Item.BRANCH_OF}),
    }
)
_FILED_BY_ALL_FIRMS: Final = frozenset(
    {Item.ARTICLES, Item.TERM, Item.BENEFICIAL_OWNERS, Item.FOREIGN_PAPERS}
)
RECORDED: Final[Mapping[EnterpriseKind, frozenset[Item]]] = MappingProxyType(
    {
        EnterpriseKind.LIMITED_COMPANY: _FILED_BY_ALL_FIRMS,
        EnterpriseKind.JOINT_STOCK_COMPANY: _FILED_BY_ALL_FIRMS,
        EnterpriseKind.PARTNERSHIP: _FILED_BY_ALL_FIRMS,
        EnterpriseKind.COOPERATIVE: frozenset({Item.ARTICLES}),
    }
)
# Whose residence is registered: 投资人居所, 合伙人住所, 经营者住所.
_RESIDENT: Final = frozenset({Role.INVESTOR, Role.GENERAL_PARTNER, Role.LIMITED_PARTNER, Role.OPERATOR})
# Up to 10 million yuan, all owners persons, on a promise. Source: 受益所有人信息管理办法 (2024) art. 3.
EXEMPT_UP_TO_FEN: Final = 1_000_000_000

_BASIS: Final = Wording(
    "《市场主体登记管理条例实施细则》第六条、第七条",
    "Rules for the Implementation of the Regulations on Registration, arts. 6 and 7",
)
_NAMES: Final = {
    Item.NAME: Wording("名称", "name"),
    Item.VARIANT: Wording("具体类型（组成形式）", "which of its kind it is"),
    Item.CAPITAL: Wording("注册资本（出资额）", "capital"),
    Item.RESIDENCES: Wording("居所（住所）", "residence"),
    Item.BRANCH_OF: Wording("所从属企业", "the enterprise that it is a branch of"),
    Item.ARTICLES: Wording("章程（合伙协议）", "articles or partnership agreement"),
    Item.TERM: Wording("经营期限（合伙期限）", "term"),
    Item.BENEFICIAL_OWNERS: Wording("受益所有人", "beneficial owners"),
    Item.FOREIGN_PAPERS: Wording(
        "外商投资企业法律文件送达接受人", "recipient of papers for foreign investors"
    ),
}


def rule_of(item: Item) -> Rule:
    """The rule on an item."""
    name = _NAMES[item]
    basis = {
        Item.BENEFICIAL_OWNERS: Wording(
            "《受益所有人信息管理办法》第三条；《市场主体登记管理条例》第九条",
            "Measures on Beneficial Owners, art. 3; Regulations on Registration, art. 9",
        ),
        Item.ARTICLES: implementing_rules("七", "7"),
    }.get(item, _BASIS)
    return Rule(f"items.{item.value}", basis, Wording(f"{name.zh}齐备", f"{name.en}: as the kind has it"))


def items_of(kind: EnterpriseKind) -> frozenset[Item]:
    """What the kind registers and records, of what not every kind has."""
    return REGISTERED.get(kind, frozenset()) | RECORDED.get(kind, frozenset())


def variant_of(filed: Establishment) -> KindVariant | None:
    """Which of its kind; an individual business is a family's where members of the family take part."""
    if filed.variant is not None or filed.enterprise_kind is not EnterpriseKind.INDIVIDUAL_BUSINESS:
        return filed.variant
    is_family = any(Role.FAMILY_MEMBER in person.roles for person in filed.people)
    return KindVariant.FAMILY_OPERATION if is_family else KindVariant.PERSONAL_OPERATION


def review_items(filed: Establishment, kind: KindPolicy, today: date) -> Iterator[RuleResult]:
    """What is missing, and what the kind does not have; `kind` names it."""
    has = items_of(filed.enterprise_kind)
    stated = _stated(filed)
    for item in Item:
        rule, name = rule_of(item), _NAMES[item]
        if item not in has and item in stated:
            zh, en = f"{kind.name.zh}没有此事项：{name.zh}", f"{kind.name.en} has no such item: {name.en}"
            yield fault(rule, _place(item), zh, en)
    yield from _required(filed, has, stated)
    yield from _residences(filed, has)
    yield from _term(filed, has, today)
    yield from _articles(filed, has, today)
    yield from _beneficial_owners(filed, has)
    yield from _foreign_papers(filed, has)


def _place(item: Item) -> str:
    return (
        "/people"
        if item in (Item.RESIDENCES, Item.BENEFICIAL_OWNERS, Item.FOREIGN_PAPERS)
        else f"/{item.value}"
    )


def _stated(filed: Establishment) -> frozenset[Item]:
    roles = {role for person in filed.people for role in person.roles}
    stated = {
        Item.NAME: filed.name is not None,
        Item.VARIANT: filed.variant is not None,
        Item.CAPITAL: filed.registered_capital_fen > 0,
        Item.BRANCH_OF: filed.branch_of is not None,
        Item.ARTICLES: filed.articles is not None,
        Item.TERM: filed.term_until is not None,
        Item.BENEFICIAL_OWNERS: Role.BENEFICIAL_OWNER in roles,
        Item.FOREIGN_PAPERS: Role.FOREIGN_PAPERS_RECIPIENT in roles,
    }
    return frozenset(item for item, is_stated in stated.items() if is_stated)


def _required(filed: Establishment, has: frozenset[Item], stated: frozenset[Item]) -> Iterator[RuleResult]:
    """A name may be left out by an individual business; which of its kind that is follows from its people."""
    needed = has & {Item.NAME, Item.VARIANT, Item.BRANCH_OF}
    if filed.enterprise_kind in MAY_BE_UNNAMED:
        needed -= {Item.NAME, Item.VARIANT}
    if filed.enterprise_kind is EnterpriseKind.COOPERATIVE:
        needed -= {Item.VARIANT}  # only a union (联合社) says that it is one
    for item in Item:
        if item not in needed:
            continue
        name = _NAMES[item]
        if item in stated:
            yield passed(rule_of(item), _place(item))
        else:
            yield fault(rule_of(item), _place(item), f"缺少{name.zh}", f"missing: {name.en}")


def _residences(filed: Establishment, has: frozenset[Item]) -> Iterator[RuleResult]:
    if Item.RESIDENCES not in has:
        return
    rule = rule_of(Item.RESIDENCES)
    missing = [
        fault(rule, f"/people/{at}/residence", "请填写居所（住所）", "state the residence")
        for at, person in enumerate(filed.people)
        if not person.residence and (_RESIDENT & set(person.roles) or person.is_principal)
    ]
    yield from missing or [passed(rule, "/people")]


def _term(filed: Establishment, has: frozenset[Item], today: date) -> Iterator[RuleResult]:
    if Item.TERM not in has or filed.term_until is None:
        return
    rule = rule_of(Item.TERM)
    if filed.term_until > today:
        yield passed(rule, "/term_until")
    else:
        yield fault(rule, "/term_until", "期限应在今天之后届满", "the term must end after today")


def _articles(filed: Establishment, has: frozenset[Item], today: date) -> Iterator[RuleResult]:
    """Partners agree in writing; a company or cooperative may take the registrar's model (示范文本)."""
    if Item.ARTICLES not in has:
        return
    rule, at = rule_of(Item.ARTICLES), "/articles"
    if filed.articles is None and filed.enterprise_kind is EnterpriseKind.PARTNERSHIP:
        yield fault(rule, at, "缺少合伙协议", "missing: the partnership agreement")
    elif filed.articles is not None and filed.articles.adopted_on > today:
        yield fault(rule, f"{at}/adopted_on", "订立日期不得晚于今天", "the day of adoption is yet to come")
    else:
        yield passed(rule, at)


def _beneficial_owners(filed: Establishment, has: frozenset[Item]) -> Iterator[RuleResult]:
    if Item.BENEFICIAL_OWNERS not in has:
        return
    rule, at = rule_of(Item.BENEFICIAL_OWNERS), "/people"
    if any(Role.BENEFICIAL_OWNER in person.roles for person in filed.people):
        yield passed(rule, at)
        return
    may_be_exempt = filed.registered_capital_fen <= EXEMPT_UP_TO_FEN and not any(
        person.is_organisation for person in filed.people if person.is_owner
    )
    if not may_be_exempt:
        yield fault(rule, at, "请填报受益所有人", "name the beneficial owners")
    elif filed.exempt_from_beneficial_owners:
        yield passed(rule, "/exempt_from_beneficial_owners")
    else:
        zh = "未填报受益所有人，也未承诺免报，请在登记后备案"
        en = "neither are beneficial owners named nor is it promised that there are none: record them later"
        yield noted(rule, at, zh, en)


def _foreign_papers(filed: Establishment, has: frozenset[Item]) -> Iterator[RuleResult]:
    if Item.FOREIGN_PAPERS not in has:
        return
    rule = rule_of(Item.FOREIGN_PAPERS)
    is_named = any(Role.FOREIGN_PAPERS_RECIPIENT in person.roles for person in filed.people)
    if filed.is_foreign_invested and not is_named:
        zh, en = "外商投资企业应有法律文件送达接受人", "name who receives papers for the foreign investors"
        yield fault(rule, "/people", zh, en)
    elif is_named and not filed.is_foreign_invested:
        zh, en = "内资企业没有此事项", "only an enterprise with foreign investment has one"
        yield fault(rule, "/people", zh, en)
    else:
        yield passed(rule, "/people")

"""Rules on who the people of an enterprise are: what names them, and what an organisation can be."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from services.registration.domain.establishment import Establishment, Person
from services.registration.domain.investor_rules import review_investors
from services.registration.domain.kinds import (
    OWNER_ROLES,
    EnterpriseKind,
    KindVariant,
    Party,
    Role,
)
from services.registration.domain.known_facts import KnownFacts
from services.registration.domain.legal_basis import cooperative_law, partnership_law
from services.registration.domain.policy import Wording
from services.registration.domain.rule import Rule, RuleResult, fault, passed, referred
from shared.identifiers import examine_citizen_id, examine_uscc

IDENTITY: Final = Rule(
    "people.identity_numbers",
    Wording(
        "《市场主体登记管理条例》第十五条（实名登记）；GB 11643-1999；GB 32100-2015",
        "Regulations on the Registration of Market Entities, art. 15 (real names); GB 11643-1999; GB 32100-2015",
    ),
    Wording(
        "公民身份号码、统一社会信用代码正确且不重复",
        "identity numbers and credit codes are sound and stand once",
    ),
)
PARTIES: Final = Rule(
    "people.parties",
    Wording(
        "《合伙企业法》第二条；《个人独资企业法》第二条；《市场主体登记管理条例》第八条",
        "Partnership Law, art. 2; Law on Sole-Proprietor Enterprises, art. 2; Regulations on Registration, art. 8",
    ),
    Wording("职务由自然人担任，组织只能出资", "offices are held by persons; organisations only contribute"),
)
GENERAL_PARTNERS: Final = Rule(
    "people.general_partners",
    partnership_law("三", "3"),
    Wording("普通合伙人适格", "general partners may be such"),
)
DELEGATES: Final = Rule(
    "people.partner_delegates",
    partnership_law("二十六", "26"),
    Wording("执行事务合伙人为组织的，委派了代表", "an executive partner that is no person has a delegate"),
)
EXECUTIVES: Final = Rule(
    "people.executive_partners",
    partnership_law("六十七", "67"),
    Wording("执行事务合伙人是普通合伙人", "executive partners are general partners"),
)
MEMBERS: Final = Rule(
    "people.cooperative_members",
    cooperative_law("二十", "20"),
    Wording("单位成员数量符合规定", "organisations among the members are few enough"),
)
FARMERS: Final = Rule(
    "people.cooperative_farmers",
    cooperative_law("二十", "20"),
    Wording("农民至少占成员总数的百分之八十", "at least 80 % of the members are farmers"),
)
PUBLIC_BODIES: Final = Rule(
    "people.cooperative_public_bodies",
    cooperative_law("十九", "19"),
    Wording("成员中没有具有管理公共事务职能的单位", "no body that manages public affairs is a member"),
)
UNION_MEMBERS: Final = Rule(
    "people.cooperative_union_members",
    cooperative_law("五十六", "56"),
    Wording("成员为三个以上的农民专业合作社", "its members are three cooperatives or more"),
)
UNION_NAME: Final = Rule(
    "name.cooperative_union",
    cooperative_law("五十七", "57"),
    Wording("联合社的名称标明联合社，其他合作社不标明", "a union's name says so, and no other's does"),
)
_IDENTITY_TEXTS: Final = {
    "shape": ("公民身份号码应为 18 位", "an identity number has 18 characters"),
    "birth_date": ("公民身份号码中的出生日期不正确", "the birth date in the identity number is not a date"),
    "checksum": ("公民身份号码校验位不正确", "the check digit of the identity number is wrong"),
}
# 事业单位, 社会团体 and other bodies that registrars of enterprises do not register, by the first two characters.
_OF_PUBLIC_BENEFIT: Final = ("12", "51", "52", "53")
_SMALL_COOPERATIVE: Final = 20
# 机关, by the first two characters; of 事业单位 and 社会团体 the code does not say what they manage.
_OF_AUTHORITIES: Final = "11"
_OF_COOPERATIVES: Final = "93"
_FEWEST_IN_UNION: Final = 3
_UNION: Final = "联合社"


def review_parties(filed: Establishment, known: KnownFacts, today: date) -> Iterator[RuleResult]:
    """Apply every rule on who they are."""
    yield from _identities(filed, today)
    yield from _offices(filed)
    yield from review_investors(filed, known)
    if filed.enterprise_kind is EnterpriseKind.PARTNERSHIP:
        yield from _general_partners(filed)
        yield from _executives(filed)
        yield from _delegates(filed)
    if filed.enterprise_kind is EnterpriseKind.COOPERATIVE:
        yield from _union_name(filed)
        if filed.variant is KindVariant.COOPERATIVE_UNION:
            yield _union_members(filed)
        else:
            yield from _members(filed)


def _identities(filed: Establishment, today: date) -> Iterator[RuleResult]:
    faults = []
    seen: dict[str, int] = {}
    for at, person in enumerate(filed.people):
        pointer = f"/people/{at}/id_number"
        faults += [fault(IDENTITY, pointer, zh, en) for zh, en in _number_faults(person, today)]
        if seen.setdefault(person.id_number, at) != at:
            zh, en = "同一人填写了两次，请合并职务", "the same person stands twice: put the roles together"
            faults.append(fault(IDENTITY, pointer, zh, en))
    yield from faults or [passed(IDENTITY, "/people")]


def _number_faults(person: Person, today: date) -> list[tuple[str, str]]:
    if person.party is Party.CITIZEN:
        return [_IDENTITY_TEXTS[found.value] for found in examine_citizen_id(person.id_number, today=today)]
    if person.party is Party.ORGANISATION and examine_uscc(person.id_number).errors:
        return [("统一社会信用代码不正确", "the credit code is not sound")]
    return []


def _offices(filed: Establishment) -> Iterator[RuleResult]:
    """A role that a person must hold is not an organisation's; an investor of a sole proprietorship is a person."""
    open_to_all = (OWNER_ROLES - {Role.INVESTOR}) | {Role.EXECUTIVE_PARTNER}
    faults = [
        fault(PARTIES, f"/people/{at}/roles", "该职务应由自然人担任", "only a person can have this role")
        for at, person in enumerate(filed.people)
        if person.is_organisation and set(person.roles) - open_to_all
    ]
    yield from faults or [passed(PARTIES, "/people")]


def _general_partners(filed: Establishment) -> Iterator[RuleResult]:
    results = [
        referred(
            GENERAL_PARTNERS,
            f"/people/{at}/roles",
            "公益性的事业单位、社会团体不得成为普通合伙人，由登记人员核实",
            "bodies of public benefit cannot be general partners: a registrar looks at it",
        )
        for at, person in enumerate(filed.people)
        if Role.GENERAL_PARTNER in person.roles
        and person.party is Party.ORGANISATION
        and person.id_number.startswith(_OF_PUBLIC_BENEFIT)
    ]
    yield from results or [passed(GENERAL_PARTNERS, "/people")]


def _executives(filed: Establishment) -> Iterator[RuleResult]:
    results = [
        fault(
            EXECUTIVES,
            f"/people/{at}/roles",
            "合伙事务由普通合伙人执行",
            "only a general partner can be the executive partner",
        )
        for at, person in enumerate(filed.people)
        if person.is_principal and Role.GENERAL_PARTNER not in person.roles
    ]
    if filed.variant is not KindVariant.LIMITED_PARTNERSHIP:
        results += [
            fault(
                EXECUTIVES, f"/people/{at}/roles", "普通合伙企业没有有限合伙人", "it has no limited partners"
            )
            for at, person in enumerate(filed.people)
            if Role.LIMITED_PARTNER in person.roles
        ]
    yield from results or [passed(EXECUTIVES, "/people")]


def _delegates(filed: Establishment) -> Iterator[RuleResult]:
    represented = {p.represents for p in filed.people if Role.PARTNER_DELEGATE in p.roles}
    executives = {p.id_number for p in filed.people if p.is_principal and p.is_organisation}
    results = [
        fault(
            DELEGATES,
            f"/people/{at}",
            "执行事务合伙人是法人或者其他组织的，应委派代表",
            "an executive partner that is no person needs a delegate",
        )
        for at, person in enumerate(filed.people)
        if person.id_number in executives - represented
    ]
    results += [
        fault(
            DELEGATES,
            f"/people/{at}/represents",
            "委派代表应由执行事务合伙人委派",
            "a delegate acts for an executive partner that is no person",
        )
        for at, person in enumerate(filed.people)
        if Role.PARTNER_DELEGATE in person.roles and person.represents not in executives
    ]
    yield from results or [passed(DELEGATES, "/people")]


def most_organisations(members: int) -> int:
    """How many members of a cooperative may be organisations: one of up to 20, one in twenty of more."""
    return 1 if members <= _SMALL_COOPERATIVE else members // _SMALL_COOPERATIVE


def fewest_farmers(members: int) -> int:
    """How many members of a cooperative must be farmers: four in five, a part of one counts as one."""
    return -(-4 * members // 5)


def _members(filed: Establishment) -> Iterator[RuleResult]:
    members = [person for person in filed.people if Role.MEMBER in person.roles]
    yield _farmers(members)
    yield _public_bodies(filed)
    most = most_organisations(len(members))
    if sum(person.is_organisation for person in members) <= most:
        yield passed(MEMBERS, "/people")
        return
    zh = f"{len(members)} 名成员中，企业、事业单位或者社会组织成员至多 {most} 名"
    en = f"of {len(members)} members at most {most} may be organisations"
    yield fault(MEMBERS, "/people", zh, en)


def _farmers(members: Sequence[Person]) -> RuleResult:
    farmers = sum(person.is_farmer and person.party is Party.CITIZEN for person in members)
    fewest = fewest_farmers(len(members))
    if farmers >= fewest:
        return passed(FARMERS, "/people")
    zh = f"{len(members)} 名成员中，农民成员至少 {fewest} 名，现为 {farmers} 名"
    en = f"of {len(members)} members at least {fewest} must be farmers; {farmers} are"
    return fault(FARMERS, "/people", zh, en)


def _public_bodies(filed: Establishment) -> RuleResult:
    for at, person in enumerate(filed.people):
        is_body = person.party is Party.ORGANISATION and person.id_number.startswith(_OF_AUTHORITIES)
        if Role.MEMBER in person.roles and is_body:
            zh = "具有管理公共事务职能的单位不得加入农民专业合作社"
            return fault(PUBLIC_BODIES, f"/people/{at}", zh, "a body that manages public affairs cannot join")
    return passed(PUBLIC_BODIES, "/people")


def _union_members(filed: Establishment) -> RuleResult:
    members = [person for person in filed.people if Role.MEMBER in person.roles]
    cooperatives = {
        person.id_number
        for person in members
        if person.party is Party.ORGANISATION and person.id_number.startswith(_OF_COOPERATIVES)
    }
    if len(cooperatives) == len(members) >= _FEWEST_IN_UNION:
        return passed(UNION_MEMBERS, "/people")
    zh, en = (
        "联合社由三个以上的农民专业合作社设立",
        "a union has three members or more, all of them cooperatives",
    )
    return fault(UNION_MEMBERS, "/people", zh, en)


def _union_name(filed: Establishment) -> Iterator[RuleResult]:
    if filed.name is None:
        return
    is_union = filed.variant is KindVariant.COOPERATIVE_UNION
    if filed.name.form.endswith(_UNION) is is_union:
        yield passed(UNION_NAME, "/name/form")
    else:
        zh, en = "组织形式与是否联合社不符", "the form does not say whether it is a union"
        yield fault(UNION_NAME, "/name/form", zh, en)

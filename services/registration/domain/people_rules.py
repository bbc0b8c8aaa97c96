"""Rules on the people of an enterprise: which roles there are, how many take them, which go together."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from services.registration.domain.bar_rules import review_bars
from services.registration.domain.contribution_rules import review_contributions
from services.registration.domain.establishment import Establishment
from services.registration.domain.kinds import (
    COMPANIES,
    FILED_ROLES,
    PRINCIPAL_ROLES,
    EnterpriseKind,
    KindVariant,
    Role,
)
from services.registration.domain.known_facts import NOTHING_KNOWN, KnownFacts
from services.registration.domain.legal_basis import company_law, partnership_law
from services.registration.domain.party_rules import review_parties
from services.registration.domain.policy import KindPolicy, RolePolicy, Wording
from services.registration.domain.rule import Rule, RuleResult, fault, passed

ROLES: Final = Rule(
    "people.roles",
    Wording(
        "《中华人民共和国公司法》第四十二条；《市场主体登记管理条例》第八条、第九条",
        "Company Law, art. 42; Regulations on the Registration of Market Entities, arts. 8 and 9",
    ),
    Wording("人员职务和人数符合企业类型要求", "roles and numbers of people fit the kind"),
)
PRINCIPAL: Final = Rule(
    "people.legal_representative",
    Wording("《中华人民共和国公司法》第十条", "Company Law, art. 10"),
    Wording(
        "有且只有一名法定代表人（负责人），合伙企业至少一名执行事务合伙人",
        "there is exactly one legal representative; a partnership has one executive partner or more",
    ),
)
REPRESENTS: Final = Rule(
    "people.representative_in_office",
    company_law("十", "10"),
    Wording("法定代表人由董事或者经理担任", "a director or the manager represents the company"),
)
SUPERVISION: Final = Rule(
    "people.supervisors_apart",
    company_law("七十六", "76"),
    Wording("监事不由董事、高级管理人员兼任", "supervisors are no directors or senior managers"),
)
PROMOTERS: Final = Rule(
    "people.promoters_resident",
    company_law("九十二", "92"),
    Wording("半数以上的发起人在境内有住所", "half of the promoters reside in China"),
)
PARTNERS: Final = Rule(
    "people.partners",
    partnership_law("六十一", "61"),
    Wording("合伙人人数和责任方式符合规定", "partners are as many and as liable as the law has it"),
)
PHONE: Final = Rule(
    "people.contact_phone",
    Wording(
        "《市场主体登记管理条例》第九条（登记联络员）",
        "Regulations on the Registration of Market Entities, art. 9 (contact for the registrar)",
    ),
    Wording("至少有一个联系电话", "there is a telephone number"),
)
MOST_IN_LIMITED_PARTNERSHIP: Final = 50
_RUN: Final = frozenset({Role.DIRECTOR, Role.MANAGER})
_SENIOR: Final = _RUN | {Role.FINANCE_OFFICER}
_PARTNERS: Final = frozenset({Role.GENERAL_PARTNER, Role.LIMITED_PARTNER})


def review_people(
    filed: Establishment, kind: KindPolicy, today: date, known: KnownFacts = NOTHING_KNOWN
) -> Iterator[RuleResult]:
    """Apply every rule on people; `today` is the day of establishment too."""
    yield from _roles(filed, kind)
    yield from _principal(filed)
    yield from _offices(filed)
    yield from _promoters(filed)
    yield from _partners(filed)
    yield from review_parties(filed, known, today)
    yield from review_contributions(filed, today, today)
    yield from review_bars(filed, known, today)
    if any(person.phone for person in filed.people):
        yield passed(PHONE, "/people")
    else:
        yield fault(PHONE, "/people", "请填写至少一个联系电话", "give at least one telephone number")


def _count(filed: Establishment, role: Role) -> int:
    """How many have the role; a legal representative stands for the kind's own principal role."""
    roles = PRINCIPAL_ROLES if role in PRINCIPAL_ROLES else {role}
    return sum(bool(roles & set(person.roles)) for person in filed.people)


def _roles(filed: Establishment, kind: KindPolicy) -> Iterator[RuleResult]:
    known = {policy.role for policy in kind.roles} | FILED_ROLES | PRINCIPAL_ROLES
    faults = [
        fault(
            ROLES,
            f"/people/{at}/roles",
            f"{kind.name.zh}没有此职务：{role.value}",
            f"{kind.name.en} has no such role: {role.value}",
        )
        for at, person in enumerate(filed.people)
        for role in person.roles
        if role not in known
    ]
    for policy in kind.roles:
        if policy.role not in PRINCIPAL_ROLES:
            faults += _number(filed, policy)
    if len(filed.people) < kind.minimum_people:
        faults.append(
            fault(
                ROLES,
                "/people",
                f"{kind.name.zh}至少需要 {kind.minimum_people} 人",
                f"{kind.name.en} needs at least {kind.minimum_people} people",
            )
        )
    yield from faults or [passed(ROLES, "/people")]


def _number(filed: Establishment, policy: RolePolicy) -> Iterator[RuleResult]:
    count = _count(filed, policy.role)
    if not policy.minimum <= count <= policy.maximum:
        yield fault(
            ROLES,
            "/people",
            f"{policy.name.zh}应有 {policy.minimum} 至 {policy.maximum} 人，现有 {count} 人",
            f"{policy.name.en}: {policy.minimum} to {policy.maximum} people, {count} given",
        )


def _principal(filed: Establishment) -> Iterator[RuleResult]:
    count = _count(filed, Role.LEGAL_REPRESENTATIVE)
    may_be_several = filed.enterprise_kind is EnterpriseKind.PARTNERSHIP
    if count == 1 or (count and may_be_several):
        yield passed(PRINCIPAL, "/people")
    else:
        yield fault(
            PRINCIPAL,
            "/people",
            f"法定代表人（负责人）应为一名，现有 {count} 名",
            f"there must be exactly one legal representative, {count} given",
        )


def _offices(filed: Establishment) -> Iterator[RuleResult]:
    """A company's legal representative is a director or its manager; without any named, the only director.

    Supervisors are neither. Source: 公司法 arts. 10, 75, 76 and 130.
    """
    if filed.enterprise_kind not in COMPANIES:
        return
    results = []
    has_offices = any(_RUN & set(person.roles) for person in filed.people)
    for at, person in enumerate(filed.people):
        roles = set(person.roles)
        if has_offices and person.is_principal and not roles & _RUN:
            zh, en = (
                "法定代表人应为执行公司事务的董事或者经理",
                "the legal representative is a director or the manager",
            )
            results.append(fault(REPRESENTS, f"/people/{at}/roles", zh, en))
        if Role.SUPERVISOR in roles and (roles & _SENIOR or person.is_principal):
            zh, en = "董事、高级管理人员不得兼任监事", "no director or senior manager can be a supervisor"
            results.append(fault(SUPERVISION, f"/people/{at}/roles", zh, en))
    yield from results or [passed(REPRESENTS, "/people"), passed(SUPERVISION, "/people")]


def _promoters(filed: Establishment) -> Iterator[RuleResult]:
    """Half of the promoters reside in China; of three, two."""
    promoters = [person for person in filed.people if Role.PROMOTER in person.roles]
    if filed.enterprise_kind is not EnterpriseKind.JOINT_STOCK_COMPANY:
        return
    resident = sum(person.resides_in_china for person in promoters)
    if 2 * resident >= len(promoters):
        yield passed(PROMOTERS, "/people")
        return
    zh = f"{len(promoters)} 名发起人中应有半数以上在境内有住所，现有 {resident} 名"
    en = f"half of the {len(promoters)} promoters must reside in China, {resident} do"
    yield fault(PROMOTERS, "/people", zh, en)


def _partners(filed: Establishment) -> Iterator[RuleResult]:
    """Nobody is both; a limited partnership has 50 partners at most."""
    if filed.enterprise_kind is not EnterpriseKind.PARTNERSHIP:
        return
    both = [at for at, person in enumerate(filed.people) if set(person.roles) >= _PARTNERS]
    for at in both:
        zh, en = "不能同时为普通合伙人和有限合伙人", "nobody is general and limited partner at once"
        yield fault(PARTNERS, f"/people/{at}/roles", zh, en)
    number = sum(bool(_PARTNERS & set(person.roles)) for person in filed.people)
    if filed.variant is KindVariant.LIMITED_PARTNERSHIP and number > MOST_IN_LIMITED_PARTNERSHIP:
        zh, en = f"有限合伙企业至多 50 名合伙人，现有 {number} 名", f"at most 50 partners, {number} given"
        yield fault(PARTNERS, "/people", zh, en)
    elif not both:
        yield passed(PARTNERS, "/people")

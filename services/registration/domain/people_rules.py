"""Rules on the people of an enterprise: roles, identity numbers, contributions."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from services.registration.domain.establishment import Establishment, Person
from services.registration.domain.kinds import FILED_ROLES, PRINCIPAL_ROLES, Role
from services.registration.domain.policy import KindPolicy, RolePolicy, Wording
from services.registration.domain.rule import Rule, RuleResult, fault, passed
from shared.identifiers import examine_citizen_id

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
    Wording("有且只有一名法定代表人（负责人）", "there is exactly one legal representative"),
)
IDENTITY: Final = Rule(
    "people.identity_numbers",
    Wording(
        "《市场主体登记管理条例》第十五条（实名登记）；GB 11643-1999",
        "Regulations on the Registration of Market Entities, art. 15 (real names); GB 11643-1999",
    ),
    Wording("公民身份号码正确且不重复", "identity numbers are sound and stand once"),
)
CONTRIBUTIONS: Final = Rule(
    "people.contributions",
    Wording("《中华人民共和国公司法》第四十七条", "Company Law, art. 47"),
    Wording("认缴出资额之和等于注册资本", "contributions sum to the capital"),
)
PHONE: Final = Rule(
    "people.contact_phone",
    Wording(
        "《市场主体登记管理条例》第九条（登记联络员）",
        "Regulations on the Registration of Market Entities, art. 9 (contact for the registrar)",
    ),
    Wording("至少有一个联系电话", "there is a telephone number"),
)
_IDENTITY_TEXTS: Final = {
    "shape": ("公民身份号码应为 18 位", "an identity number has 18 characters"),
    "birth_date": ("公民身份号码中的出生日期不正确", "the birth date in the identity number is not a date"),
    "checksum": ("公民身份号码校验位不正确", "the check digit of the identity number is wrong"),
}


def review_people(filed: Establishment, kind: KindPolicy, today: date) -> Iterator[RuleResult]:
    """Apply every rule on people."""
    yield from _roles(filed, kind)
    yield from _principal(filed)
    yield from _identities(filed, today)
    yield from _contributions(filed, kind)
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
    if count == 1:
        yield passed(PRINCIPAL, "/people")
    else:
        yield fault(
            PRINCIPAL,
            "/people",
            f"法定代表人（负责人）应为一名，现有 {count} 名",
            f"there must be exactly one legal representative, {count} given",
        )


def _identities(filed: Establishment, today: date) -> Iterator[RuleResult]:
    faults = []
    seen: dict[str, int] = {}
    for at, person in enumerate(filed.people):
        pointer = f"/people/{at}/id_number"
        found = [_IDENTITY_TEXTS[f.value] for f in examine_citizen_id(person.id_number, today=today)]
        faults += [fault(IDENTITY, pointer, zh, en) for zh, en in found]
        if seen.setdefault(person.id_number, at) != at:
            faults.append(
                fault(
                    IDENTITY,
                    pointer,
                    "同一人填写了两次，请合并职务",
                    "the same person stands twice: put the roles together",
                )
            )
    yield from faults or [passed(IDENTITY, "/people")]


def _contributions(filed: Establishment, kind: KindPolicy) -> Iterator[RuleResult]:
    """Shareholders subscribe the whole capital; other kinds only where contributions are stated at all."""
    owners: list[tuple[int, Person]] = [
        (at, person) for at, person in enumerate(filed.people) if Role.SHAREHOLDER in person.roles
    ]
    has_shareholders = any(policy.role is Role.SHAREHOLDER for policy in kind.roles)
    missing = [at for at, person in owners if not person.subscribed_fen] if has_shareholders else []
    for at in missing:
        yield fault(
            CONTRIBUTIONS,
            f"/people/{at}/subscribed_fen",
            "请填写该股东的认缴出资额",
            "state what this shareholder subscribes",
        )
    stated = [person.subscribed_fen for person in filed.people if person.subscribed_fen is not None]
    if (has_shareholders or stated) and sum(stated) != filed.registered_capital_fen:
        yield fault(
            CONTRIBUTIONS,
            "/registered_capital_fen",
            f"认缴出资额之和 {sum(stated)} 分不等于注册资本 {filed.registered_capital_fen} 分",
            f"contributions sum to {sum(stated)} fen, the capital is {filed.registered_capital_fen} fen",
        )
    elif not missing:
        yield passed(CONTRIBUTIONS, "/people")

"""Rules on contributions (出资): how much, in what, paid until when."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from services.registration.domain.establishment import Establishment, Person
from services.registration.domain.kinds import ContributionForm, EnterpriseKind, Role
from services.registration.domain.legal_basis import company_law, partnership_law, regulation
from services.registration.domain.policy import Wording
from services.registration.domain.rule import Rule, RuleResult, fault, noted, passed
from shared.calendar import add_months

CONTRIBUTIONS: Final = Rule(
    "people.contributions",
    company_law("四十七", "47"),
    Wording("认缴出资额之和等于注册资本（出资额）", "contributions sum to the capital"),
)
TERM: Final = Rule(
    "people.contribution_term",
    company_law("四十七", "47"),
    Wording(
        "认缴出资自公司成立之日起五年内缴足", "contributions are paid within five years of establishment"
    ),
)
PAID_IN: Final = Rule(
    "people.contributions_paid_in",
    company_law("九十八", "98"),
    Wording("发起人在公司成立前足额缴纳股款", "promoters pay in full before the company is established"),
)
AGREED: Final = Rule(
    "people.contributions_agreed",
    partnership_law("六十五", "65"),
    Wording("合伙人的出资方式、数额和期限已约定", "partners agree on form, amount and time"),
)
FORMS: Final = Rule(
    "people.contribution_forms",
    regulation("十三", "13"),
    Wording("出资方式符合规定", "contributions are of a kind that the law allows"),
)
TERM_MONTHS: Final = 60
# Whoever was registered until the first day has until the second to cut what is left to pay to five years from then.
_REGISTERED_UNTIL: Final = date(2024, 6, 30)
_CUT_UNTIL: Final = date(2027, 6, 30)
# Every owner of these subscribes part of the whole; other kinds state shares or do not.
_SUBSCRIBED: Final = frozenset(
    {EnterpriseKind.LIMITED_COMPANY, EnterpriseKind.JOINT_STOCK_COMPANY, EnterpriseKind.PARTNERSHIP}
)

Placed = tuple[int, Person]


def last_day_to_pay(established_on: date) -> date:
    """The last day on which a limited company's contributions may be due; a day that no month has is its last.

    Source: 公司法 art. 47; of companies from before it 国务院关于实施注册资本登记管理制度的规定 (国令784) art. 2.
    """
    if established_on <= _REGISTERED_UNTIL:
        return add_months(_CUT_UNTIL, TERM_MONTHS)
    return add_months(established_on, TERM_MONTHS)


def review_contributions(filed: Establishment, established_on: date, today: date) -> Iterator[RuleResult]:
    """Apply every rule on contributions."""
    is_old = established_on <= _REGISTERED_UNTIL and today <= _CUT_UNTIL
    owners = [(at, person) for at, person in enumerate(filed.people) if person.is_owner]
    yield from _sums(filed, owners)
    yield from _forms(owners)
    if filed.enterprise_kind is EnterpriseKind.LIMITED_COMPANY:
        yield from _term(owners, established_on, is_old=is_old)
    if filed.enterprise_kind is EnterpriseKind.JOINT_STOCK_COMPANY:
        yield from _paid_in(owners, is_old=is_old)
    if filed.enterprise_kind is EnterpriseKind.PARTNERSHIP:
        yield from _agreed(owners)


def _sums(filed: Establishment, owners: list[Placed]) -> Iterator[RuleResult]:
    subscribe = filed.enterprise_kind in _SUBSCRIBED
    missing = [at for at, person in owners if not person.subscribed_fen] if subscribe else []
    for at in missing:
        zh, en = "请填写该出资人的认缴出资额", "state what this owner subscribes"
        yield fault(CONTRIBUTIONS, f"/people/{at}/subscribed_fen", zh, en)
    too_much = [at for at, p in owners if (p.paid_fen or 0) > (p.subscribed_fen or 0)]
    for at in too_much:
        zh, en = "实缴出资额不得大于认缴出资额", "no more can be paid than is subscribed"
        yield fault(CONTRIBUTIONS, f"/people/{at}/paid_fen", zh, en)
    stated = [person.subscribed_fen for person in filed.people if person.subscribed_fen is not None]
    if (subscribe or stated) and sum(stated) != filed.registered_capital_fen:
        yield fault(
            CONTRIBUTIONS,
            "/registered_capital_fen",
            f"认缴出资额之和 {sum(stated)} 分不等于注册资本（出资额） {filed.registered_capital_fen} 分",
            f"contributions sum to {sum(stated)} fen, the capital is {filed.registered_capital_fen} fen",
        )
    elif not missing and not too_much:
        yield passed(CONTRIBUTIONS, "/people")


def _is_paid(person: Person) -> bool:
    return bool(person.subscribed_fen) and person.paid_fen == person.subscribed_fen


def _term(owners: list[Placed], established_on: date, *, is_old: bool) -> Iterator[RuleResult]:
    """Who names no day pays within the five years, by law."""
    last = last_day_to_pay(established_on)
    zh, en = f"出资期限不得晚于 {last}", f"the contribution is to be paid by {last} at the latest"
    if is_old:
        zh = f"应于 {_CUT_UNTIL} 前将出资期限调整至 {last} 以前"
        en = f"by {_CUT_UNTIL} it is cut: the contribution is to be paid by {last} at the latest"
    late = [
        (noted if is_old else fault)(TERM, f"/people/{at}/contribute_by", zh, en)
        for at, person in owners
        if person.contribute_by is not None and person.contribute_by > last and not _is_paid(person)
    ]
    yield from late or [passed(TERM, "/people")]


def _paid_in(owners: list[Placed], *, is_old: bool) -> Iterator[RuleResult]:
    zh, en = (
        "发起人应在公司成立前按认购的股份全额缴纳股款",
        "a promoter pays for all shares before the company is established",
    )
    if is_old:
        zh = f"发起人应于 {_CUT_UNTIL} 前按认购的股份全额缴纳股款"
        en = f"a promoter pays for all shares by {_CUT_UNTIL}"
    unpaid = [
        (noted if is_old else fault)(PAID_IN, f"/people/{at}/paid_fen", zh, en)
        for at, person in owners
        if not _is_paid(person)
    ]
    yield from unpaid or [passed(PAID_IN, "/people")]


def _agreed(owners: list[Placed]) -> Iterator[RuleResult]:
    faults = [
        fault(
            AGREED, f"/people/{at}/contribution_forms", "请填写出资方式", "state the form of the contribution"
        )
        for at, person in owners
        if not person.contribution_forms
    ]
    faults += [
        fault(AGREED, f"/people/{at}/contribute_by", "请填写缴付期限", "state by when it is paid")
        for at, person in owners
        if person.contribute_by is None and not _is_paid(person)
    ]
    yield from faults or [passed(AGREED, "/people")]


def _forms(owners: list[Placed]) -> Iterator[RuleResult]:
    """Labour is contributed by general partners only. Source: 合伙企业法 arts. 16 and 64; 条例 art. 13."""
    faults = [
        fault(
            FORMS,
            f"/people/{at}/contribution_forms",
            "除普通合伙人外，不得以劳务出资",
            "only a general partner can contribute labour",
        )
        for at, person in owners
        if ContributionForm.LABOUR in person.contribution_forms and Role.GENERAL_PARTNER not in person.roles
    ]
    yield from faults or [passed(FORMS, "/people")]

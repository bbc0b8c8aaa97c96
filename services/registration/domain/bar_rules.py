"""Who may not stand for a company, or register anything at all (任职限制); what is told never says why of a person.

Source: 公司法 art. 178; 市场主体登记管理条例 arts. 12 and 40.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final

from services.registration.domain.establishment import Establishment, Person
from services.registration.domain.kinds import EnterpriseKind, Party, Role
from services.registration.domain.known_facts import KnownFacts
from services.registration.domain.person_bar import BarKind
from services.registration.domain.policy import Wording
from services.registration.domain.rule import Rule, RuleResult, fault, passed, referred

_ARTICLES: Final = {
    BarKind.INCAPACITY: ("第一项", "1"),
    BarKind.CRIME: ("第二项", "2"),
    BarKind.BANKRUPTCY: ("第三项", "3"),
    BarKind.REVOKED_OR_CLOSED: ("第四项", "4"),
    BarKind.DEBT: ("第五项", "5"),
}


def _office_rule(kind: BarKind | None) -> Rule:
    """One rule for each of the five bars; without one, for all of them together."""
    zh, en = _ARTICLES.get(kind, ("", "")) if kind else ("", "")
    item = f"({en})" if en else ""
    return Rule(
        f"people.bar_{kind.value}" if kind else "people.bars",
        Wording(
            f"《中华人民共和国公司法》第一百七十八条第一款{zh}；《市场主体登记管理条例》第十二条",
            f"Company Law, art. 178(1){item}; Regulations on Registration, art. 12",
        ),
        Wording("没有不得任职的情形", "nobody is barred from office"),
    )


BARS: Final = _office_rule(None)
CLOSED: Final = Rule("people.stood_for_closed", _office_rule(BarKind.REVOKED_OR_CLOSED).basis, BARS.statement)
REGISTERED_FALSELY: Final = Rule(
    "people.bar_false_registration",
    Wording("《市场主体登记管理条例》第四十条", "Regulations on Registration, art. 40"),
    Wording("没有不得申请登记的情形", "nobody is barred from registering"),
)
_COMPANIES: Final = frozenset(
    {EnterpriseKind.LIMITED_COMPANY, EnterpriseKind.JOINT_STOCK_COMPANY, EnterpriseKind.COOPERATIVE}
)
_OFFICES: Final = frozenset({Role.DIRECTOR, Role.MANAGER, Role.SUPERVISOR})
_OF_AGE: Final = 18
_EARNING: Final = 16


def holds_office(person: Person) -> bool:
    """Whether the law bars from what the person is to be: 法定代表人, 董事, 监事, 高级管理人员."""
    return person.is_principal or bool(_OFFICES & set(person.roles))


def review_bars(filed: Establishment, known: KnownFacts, today: date) -> Iterator[RuleResult]:
    """Bars from office in companies and cooperatives, bars from registering in every kind."""
    results = list(_registered_falsely(filed, known))
    for at, person in enumerate(filed.people):
        if holds_office(person):
            results += _of_age(at, person, today)
            if filed.enterprise_kind in _COMPANIES:
                results += _barred(at, person, known)
    yield from results or [passed(BARS, "/people")]


def _registered_falsely(filed: Establishment, known: KnownFacts) -> Iterator[RuleResult]:
    for at, person in enumerate(filed.people):
        if BarKind.FALSE_REGISTRATION in known.bars.get(person.id_number, ()):
            zh, en = "该人员现不得申请登记", "this person cannot register an enterprise now"
            yield fault(REGISTERED_FALSELY, f"/people/{at}", zh, en)


def _barred(at: int, person: Person, known: KnownFacts) -> Iterator[RuleResult]:
    bars = known.bars.get(person.id_number, frozenset()) - {BarKind.FALSE_REGISTRATION}
    for kind in sorted(bars):
        zh, en = "该人员依法现不得担任此职务", "by law this person cannot have this office now"
        yield fault(_office_rule(kind), f"/people/{at}", zh, en)
    if person.id_number in known.stood_for_closed and BarKind.REVOKED_OR_CLOSED not in bars:
        zh = "须由登记人员核实是否属于不得任职的情形"
        en = "a registrar looks whether the law bars this person from the office"
        yield referred(CLOSED, f"/people/{at}", zh, en)


def _of_age(at: int, person: Person, today: date) -> Iterator[RuleResult]:
    """Full capacity comes at 18, at 16 with an income of one's own. Source: 民法典 arts. 17 and 18."""
    if person.party is not Party.CITIZEN:
        return
    born = born_on(person.id_number)
    if born is None:
        return
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    rule = _office_rule(BarKind.INCAPACITY)
    if age < _EARNING:
        yield fault(rule, f"/people/{at}", "未满十六周岁", "younger than sixteen")
    elif age < _OF_AGE:
        zh, en = (
            "未满十八周岁，须核实是否以自己的劳动收入为主要生活来源",
            "younger than eighteen: a registrar looks",
        )
        yield referred(rule, f"/people/{at}", zh, en)


def born_on(id_number: str) -> date | None:
    """The birth date in an identity number; None where there is none."""
    try:
        return date.fromisoformat(id_number[6:14])
    except ValueError:
        return None

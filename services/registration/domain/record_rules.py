"""The review of a record: its own rules, and those of an establishment for the items that are recorded."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from services.registration.domain.acts.record import Record, people_recorded, recorded
from services.registration.domain.applied_in_time import AppliedOn
from services.registration.domain.contribution_rules import review_contributions
from services.registration.domain.enterprise import EnterpriseFile
from services.registration.domain.establishment import Establishment
from services.registration.domain.kinds import EnterpriseKind
from services.registration.domain.legal_basis import implementing_rules, regulation
from services.registration.domain.policy import RegistryPolicy, Wording
from services.registration.domain.rule import Rule, RuleResult, fault, noted, passed

ITEMS: Final = Rule(
    "record.items", regulation("二十九", "29"), Wording("备案事项有变更", "a recorded item changes")
)
OF_KIND: Final = Rule(
    "record.items_of_kind",
    implementing_rules("七", "7"),
    Wording("所备案事项为该类型的备案事项", "the items are recorded items of the kind"),
)
DECIDED: Final = Rule(
    "record.decided_on", regulation("二十九", "29"), Wording("变更已经发生", "the change has happened")
)
IN_TIME: Final = Rule(
    "record.in_time",
    regulation("二十九", "29"),
    Wording("在规定期限内办理备案", "recorded within the time limit"),
)
ON_FILE: Final = Rule(
    "record.contributor",
    regulation("九", "9"),
    Wording("出资人均在登记簿中", "whoever contributes is on file"),
)
_FIRMS: Final = frozenset(
    {EnterpriseKind.LIMITED_COMPANY, EnterpriseKind.JOINT_STOCK_COMPANY, EnterpriseKind.PARTNERSHIP}
)
# What not every kind records; for the rest the rules on items of establishment see to it.
_ONLY_OF: Final = {
    "contributions": _FIRMS,
    "officers": frozenset({EnterpriseKind.LIMITED_COMPANY, EnterpriseKind.JOINT_STOCK_COMPANY}),
    "beneficial_owners": _FIRMS,
    "foreign_papers_recipients": _FIRMS,
    "members": frozenset({EnterpriseKind.COOPERATIVE}),
    "family_members": frozenset({EnterpriseKind.INDIVIDUAL_BUSINESS}),
}
# Rules about all its people together, and the items for which they are asked.
_ABOUT_ALL: Final = {
    "people.supervisors_apart": "officers",
    "people.representative_in_office": "officers",
    "items.foreign_papers_recipient": "foreign_papers_recipients",
    "items.beneficial_owners": "beneficial_owners",
    "people.members": "members",
    "people.cooperative_members": "members",
    "people.cooperative_farmers": "members",
    "people.cooperative_public_bodies": "members",
    "people.cooperative_union_members": "members",
}


def review_record(
    before: EnterpriseFile,
    filed: Record,
    view: Establishment,
    as_established: Sequence[RuleResult],
    policy: RegistryPolicy,
    applied: AppliedOn,
) -> tuple[RuleResult, ...]:
    """Apply every rule; `view` is the enterprise afterwards, `as_established` what the rules of one say of it."""
    found = [result for result in as_established if _matters(result, before, filed)]
    if filed.contributions is not None:
        since = before.enterprise.established_on or applied.day
        found += review_contributions(view, since, applied.day)
    return (
        *_items(before, filed),
        *_of_kind(before, filed),
        _decided(filed, applied),
        _in_time(before, filed, policy, applied),
        *_contributors(before, filed),
        *(_told_here(result, before, filed) for result in found),
    )


def days_late(before: EnterpriseFile, filed: Record, policy: RegistryPolicy, applied: AppliedOn) -> int:
    """How late it was recorded."""
    return max(0, (applied.day - _last_day(before, filed, policy, applied)).days)


def _last_day(before: EnterpriseFile, filed: Record, policy: RegistryPolicy, applied: AppliedOn) -> date:
    """A cooperative records the members of a year after its end; its year is the calendar's (会计法 art. 11)."""
    only_members = set(filed.items()) == {"members"}
    if only_members and before.enterprise.enterprise_kind is EnterpriseKind.COOPERATIVE:
        year_end = date(filed.decided_on.year, 12, 31)
        return applied.last_day(policy.changes.cooperative_members, year_end)
    return applied.last_day(policy.changes.record, filed.decided_on)


def _items(before: EnterpriseFile, filed: Record) -> Iterator[RuleResult]:
    items = filed.items()
    if not items:
        yield fault(ITEMS, "", "未填写任何备案事项", "no item to record is given")
    for name, alone in items.items():
        if recorded(before, alone) == before:
            yield fault(ITEMS, f"/{name}", "与登记簿一致，没有变更", "the register says so already")
        else:
            yield passed(ITEMS, f"/{name}")


def _of_kind(before: EnterpriseFile, filed: Record) -> Iterator[RuleResult]:
    kind = before.enterprise.enterprise_kind
    foreign = sorted(name for name in filed.items() if kind not in _ONLY_OF.get(name, {kind}))
    for name in foreign:
        yield fault(OF_KIND, f"/{name}", "该类型没有此备案事项", "this kind has no such recorded item")
    if not foreign:
        yield passed(OF_KIND, "")


def _decided(filed: Record, applied: AppliedOn) -> RuleResult:
    if filed.decided_on <= applied.day:
        return passed(DECIDED, "/decided_on")
    return fault(DECIDED, "/decided_on", "发生日期不得晚于今天", "the day is yet to come")


def _in_time(before: EnterpriseFile, filed: Record, policy: RegistryPolicy, applied: AppliedOn) -> RuleResult:
    late = days_late(before, filed, policy, applied)
    if not late:
        return passed(IN_TIME, "/decided_on")
    last = _last_day(before, filed, policy, applied)
    zh = f"应于 {last} 前备案，逾期 {late} 日，告知监管部门"
    en = f"it was to be recorded by {last}: {late} days late, supervision is told"
    return noted(IN_TIME, "/decided_on", zh, en)


def _contributors(before: EnterpriseFile, filed: Record) -> Iterator[RuleResult]:
    if filed.contributions is None:
        return
    known = {person.id_number for person in before.people if person.is_owner}
    unknown = [at for at, each in enumerate(filed.contributions) if each.id_number not in known]
    for at in unknown:
        zh, en = (
            "登记簿中没有此出资人，请办理变更登记",
            "nobody on file has this number: that is an alteration",
        )
        yield fault(ON_FILE, f"/contributions/{at}/id_number", zh, en)
    if not unknown:
        yield passed(ON_FILE, "/contributions")


def _matters(result: RuleResult, before: EnterpriseFile, filed: Record) -> bool:
    """Whether a rule of establishment is about something that is recorded."""
    items, place = set(filed.items()), result.pointer.split("/")[1] if result.pointer else ""
    if result.rule in _ABOUT_ALL:
        return _ABOUT_ALL[result.rule] in items
    if result.rule.startswith("people.contribution"):
        return False  # counted from the day of establishment, below
    if place == "term_until":
        return "term" in items
    if place in ("articles", "further_addresses"):
        return place in items
    return place == "people" and _place_of(result, before, filed) is not None


def _told_here(result: RuleResult, before: EnterpriseFile, filed: Record) -> RuleResult:
    """The result at the place where the record says it."""
    first, *rest = result.pointer.split("/")[1:] or [""]
    if first == "term_until":
        return replace(result, pointer="/term/until")
    if first == "registered_capital_fen":
        return replace(result, pointer="/contributions")
    if first != "people":
        return result
    at = _place_of(result, before, filed)
    if at is not None:
        tail = "forms" if rest[1:] == ["contribution_forms"] and at.startswith("/contributions") else ""
        last = [tail] if tail else rest[1:]
        return replace(result, pointer="".join((at, *(f"/{each}" for each in last))))
    about = _ABOUT_ALL.get(result.rule, "contributions")
    return replace(result, pointer=f"/{about}")


def _place_of(result: RuleResult, before: EnterpriseFile, filed: Record) -> str | None:
    """Where the record tells of the person; None for who is on file, or for all together."""
    _, _, *rest = result.pointer.split("/")
    if not rest or not rest[0].isdecimal():
        return None
    return people_recorded(before, filed)[int(rest[0])].pointer

"""The review of an alteration: its own rules, and those of an establishment for the items that change."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from services.registration.domain.acts.alteration import (
    Alteration,
    altered,
    people_after,
)
from services.registration.domain.applied_in_time import AppliedOn
from services.registration.domain.contribution_rules import PAID_IN, TERM, review_contributions
from services.registration.domain.enterprise import EnterpriseFile
from services.registration.domain.establishment import Establishment
from services.registration.domain.kinds import COMPANIES, EnterpriseKind
from services.registration.domain.legal_basis import company_law, implementing_rules, regulation
from services.registration.domain.policy import RegistryPolicy, Wording
from services.registration.domain.review import KIND
from services.registration.domain.rule import Rule, RuleResult, fault, noted, passed

ITEMS: Final = Rule(
    "alteration.items", regulation("二十四", "24"), Wording("登记事项有变更", "a registered item changes")
)
OF_KIND: Final = Rule(
    "alteration.items_of_kind",
    implementing_rules("六", "6"),
    Wording("所变更事项为该类型的登记事项", "the items are registered items of the kind"),
)
RESOLUTION: Final = Rule(
    "alteration.resolution",
    company_law("三十五", "35"),
    Wording("变更决议或者决定已签署", "the resolution is signed"),
)
DECIDED: Final = Rule(
    "alteration.decided_on",
    regulation("二十四", "24"),
    Wording("变更决议或者决定已作出", "the change is decided"),
)
IN_TIME: Final = Rule(
    "alteration.in_time",
    regulation("二十四", "24"),
    Wording("在规定期限内申请变更登记", "asked for within the time limit"),
)
PERMIT_LOST: Final = Rule(
    "scope.permit_lost",
    regulation("二十六", "26"),
    Wording("许可失效后按期变更经营范围", "the scope follows the loss of a permit in time"),
)
CREDITORS: Final = Rule(
    "capital.creditors_told",
    company_law("二百二十条、第二百二十二条、第二百二十四", "220, 222, 224"),
    Wording("债权人公告期已满", "the time of the notice to creditors is over"),
)
CONVERSION: Final = Rule(
    "kind.conversion",
    company_law("十二", "12"),
    Wording("可直接变更为该类型", "it can become of this kind by alteration"),
)
FORM_KEPT: Final = Rule(
    "name.form_of_kind",
    Wording(
        "《企业名称登记管理规定》第十条",
        "Provisions on the Administration of Enterprise Name Registration, art. 10",
    ),
    Wording("名称中的组织形式与变更后的类型相符", "the form in its name fits the new kind"),
)
# What the rules on items of establishment do not see.
_NO_ITEM_OF: Final = {
    EnterpriseKind.BRANCH: {"owners"},
    EnterpriseKind.INDIVIDUAL_BUSINESS: {"branch_name", "owners"},
    EnterpriseKind.SOLE_PROPRIETOR_ENTERPRISE: {"branch_name", "owners"},
}


def review_alteration(
    before: EnterpriseFile,
    filed: Alteration,
    view: Establishment,
    as_established: Sequence[RuleResult],
    policy: RegistryPolicy,
    applied: AppliedOn,
) -> tuple[RuleResult, ...]:
    """Apply every rule; `view` is the enterprise afterwards, `as_established` what the rules of one say of it."""
    found = [
        result
        for result in _counted_anew(before, filed, view, as_established, applied)
        if _matters(result, before, filed)
    ]
    return (
        *_items(before, filed, policy),
        *_of_kind(before, filed),
        _resolution(filed),
        _decided(filed, applied),
        _in_time(filed, policy, applied),
        *_permit_lost(before, filed, policy, applied),
        *_creditors(before, filed, policy, applied),
        *_conversion(before, filed, policy),
        *(_told_here(result, before, filed) for result in found),
    )


def days_late(filed: Alteration, policy: RegistryPolicy, applied: AppliedOn) -> int:
    """How late it was asked for; supervision is told."""
    return max(
        applied.days_late(policy.changes.alteration, filed.decided_on),
        applied.days_late(policy.changes.permit_lost, filed.permit_ended_on) if filed.permit_ended_on else 0,
    )


def _counted_anew(
    before: EnterpriseFile,
    filed: Alteration,
    view: Establishment,
    results: Sequence[RuleResult],
    applied: AppliedOn,
) -> Iterator[RuleResult]:
    """Five years to pay run from the establishment, of more capital from the day it is registered.

    Source: 公司法 art. 47; 国务院关于实施注册资本登记管理制度的规定 (国令784) art. 2.
    """
    since, capital = before.enterprise.established_on, before.enterprise.registered_capital_fen or 0
    is_more = (filed.registered_capital_fen or 0) > capital
    if is_more or since is None:
        yield from results
        return
    counted = {TERM.id, PAID_IN.id}
    yield from (result for result in results if result.rule not in counted)
    anew = review_contributions(view, since, applied.day)
    yield from (result for result in anew if result.rule in counted)


def _items(before: EnterpriseFile, filed: Alteration, policy: RegistryPolicy) -> Iterator[RuleResult]:
    items = filed.items()
    if not items:
        yield fault(ITEMS, "", "未填写任何变更事项", "no item to change is given")
    for name, alone in items.items():
        if _is_understood(alone, policy) and altered(before, alone, policy).people == before.people:
            one = altered(before, alone, policy).enterprise
            if replace(one, owner_accounts=before.enterprise.owner_accounts) == before.enterprise:
                yield fault(ITEMS, f"/{name}", "与登记簿一致，没有变更", "the register says so already")
                continue
        yield passed(ITEMS, f"/{name}")


def _is_understood(filed: Alteration, policy: RegistryPolicy) -> bool:
    """Whether the codes in it name something here; where not, another rule says so."""
    town = filed.domicile is None or filed.domicile.division_code in policy.towns
    return town and set(filed.scope or ()) <= set(policy.scope)


def _of_kind(before: EnterpriseFile, filed: Alteration) -> Iterator[RuleResult]:
    kind = filed.new_kind.enterprise_kind if filed.new_kind else before.enterprise.enterprise_kind
    foreign = _NO_ITEM_OF.get(kind, {"branch_name"}) & set(filed.items())
    for name in sorted(foreign):
        yield fault(OF_KIND, f"/{name}", "该类型没有此登记事项", "this kind has no such registered item")
    if not foreign:
        yield passed(OF_KIND, "")


def _resolution(filed: Alteration) -> RuleResult:
    at = "/resolution_signed"
    if filed.resolution_signed:
        return passed(RESOLUTION, at)
    return fault(RESOLUTION, at, "变更决议或者决定尚未签署", "the resolution must be signed")


def _decided(filed: Alteration, applied: AppliedOn) -> RuleResult:
    if filed.decided_on <= applied.day:
        return passed(DECIDED, "/decided_on")
    return fault(DECIDED, "/decided_on", "决议日期不得晚于今天", "the day of the decision is yet to come")


def _in_time(filed: Alteration, policy: RegistryPolicy, applied: AppliedOn) -> RuleResult:
    late = applied.days_late(policy.changes.alteration, filed.decided_on)
    if not late:
        return passed(IN_TIME, "/decided_on")
    last = applied.last_day(policy.changes.alteration, filed.decided_on)
    zh = f"应于 {last} 前申请，逾期 {late} 日，告知监管部门"
    en = f"it was to be asked for by {last}: {late} days late, supervision is told"
    return noted(IN_TIME, "/decided_on", zh, en)


def _permit_lost(
    before: EnterpriseFile, filed: Alteration, policy: RegistryPolicy, applied: AppliedOn
) -> Iterator[RuleResult]:
    ended, at = filed.permit_ended_on, "/permit_ended_on"
    if ended is None:
        return
    dropped = {entry.code for entry in before.enterprise.scope if entry.code} - set(filed.scope or ())
    needed = [code for code in dropped if code in policy.scope and _needs_permit(policy, code)]
    late = applied.days_late(policy.changes.permit_lost, ended)
    if ended > applied.day:
        yield fault(PERMIT_LOST, at, "许可失效日期不得晚于今天", "the permit has not ended yet")
    elif filed.scope is None or not needed:
        zh, en = "请删去许可已失效的经营范围条目", "leave out the entries whose permit is lost"
        yield fault(PERMIT_LOST, "/scope", zh, en)
    elif late:
        zh, en = f"许可失效后逾期 {late} 日申请", f"{late} days late after the permit was lost"
        yield noted(PERMIT_LOST, at, zh, en)
    else:
        yield passed(PERMIT_LOST, at)


def _needs_permit(policy: RegistryPolicy, code: str) -> bool:
    entry = policy.scope[code]
    return bool(entry.permits) or entry.permit_first is not None


def _creditors(
    before: EnterpriseFile, filed: Alteration, policy: RegistryPolicy, applied: AppliedOn
) -> Iterator[RuleResult]:
    """Creditors have 45 days from the notice; a company registers it after them."""
    one, capital = before.enterprise, filed.registered_capital_fen
    is_cut = capital is not None and capital < (one.registered_capital_fen or 0)
    if one.enterprise_kind not in COMPANIES or not (is_cut or filed.reorganisation):
        return
    told, at = filed.creditors_told_on, "/creditors_told_on"
    if told is None:
        zh, en = "请填写债权人公告日期", "give the day of the notice to creditors"
        yield fault(CREDITORS, at, zh, en)
        return
    last = applied.last_day(policy.changes.creditor_notice, told)
    if applied.day <= last:
        yield fault(
            CREDITORS,
            at,
            f"公告期至 {last} 届满，届满后申请",
            f"the notice runs until {last}: apply after it",
        )
    else:
        yield passed(CREDITORS, at)


def _conversion(before: EnterpriseFile, filed: Alteration, policy: RegistryPolicy) -> Iterator[RuleResult]:
    if filed.new_kind is None:
        return
    old, new = before.enterprise.enterprise_kind, filed.new_kind.enterprise_kind
    if old is new or {old, new} <= COMPANIES:
        yield passed(CONVERSION, "/new_kind")
    else:
        yield fault(
            CONVERSION,
            "/new_kind",
            "不能以变更登记转为该类型，请按拟转类型的设立条件申请设立登记",
            "it cannot become of this kind by alteration: file an establishment of that kind",
        )
    kind = policy.kinds.get(new)
    if kind is not None and old is not new and filed.name is None:
        every = sorted((form for each in policy.kinds.values() for form in each.forms), key=len)
        ending = next((form for form in reversed(every) if before.enterprise.name.endswith(form)), "")
        if ending not in kind.forms:
            listed = "、".join(kind.forms)
            zh, en = f"名称中的组织形式应为：{listed}", f"the form in its name must be one of: {listed}"
            yield fault(FORM_KEPT, "/name", zh, en)


def _matters(result: RuleResult, before: EnterpriseFile, filed: Alteration) -> bool:
    """Whether a rule of establishment is about something that changes."""
    items, place = set(filed.items()), result.pointer.split("/")[1] if result.pointer else ""
    if result.rule == KIND.id:  # by it go the rules on people and capital, bars on persons among them
        return bool(items & {"new_kind", "principal", "owners", "registered_capital_fen"})
    if place in ("name", "branch_of") or result.rule.startswith("name."):
        return bool(items & {"name", "branch_name"})
    if place in ("domicile", "scope"):
        return place in items or ("new_kind" in items and place == "scope")
    if place.startswith(("service_address", "further_addresses", "commitment")):
        return False
    if "new_kind" in items:
        return True
    if place == "registered_capital_fen":
        return bool(items & {"registered_capital_fen", "owners"})
    if place == "people" and "principal" in items and "owners" not in items:
        told = _place_of(result, before, filed) == "/principal"
        return told or result.rule == "people.legal_representative"
    return place == "people" and bool(items & {"registered_capital_fen", "owners"})


def _told_here(result: RuleResult, before: EnterpriseFile, filed: Alteration) -> RuleResult:
    """The result at the place where the alteration says it."""
    first, *rest = result.pointer.split("/")[1:] or [""]
    if first == "people":
        at = _place_of(result, before, filed)
        tail = "".join(f"/{each}" for each in rest[1:])
        return replace(result, pointer=f"{at}{tail}" if at != "/people" else at)
    if first in ("enterprise_kind", "variant"):
        return replace(result, pointer=f"/new_kind/{first}" if filed.new_kind else "/uscc")
    if first in ("name", "branch_of") and filed.branch_name is not None:
        tail = "".join(f"/{each}" for each in rest if each != "name")
        return replace(result, pointer=f"/branch_name{tail}")
    return result


def _place_of(result: RuleResult, before: EnterpriseFile, filed: Alteration) -> str:
    """Where the filing tells of the person; `/people` for who is on file."""
    _, _, *rest = result.pointer.split("/")
    if rest and rest[0].isdecimal():
        return people_after(before, filed)[int(rest[0])].pointer or "/people"
    return "/owners" if filed.owners is not None else "/people"

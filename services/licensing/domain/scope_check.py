"""Whether an activity lies in what an enterprise registered and may do (经营范围与许可核查): by rule, deciding nothing.

Source: 国发〔2021〕7号; 青海省“证照分离”改革 (REG-23): who does business outside the registered scope that needs no
permit is not punished by the market regulator; who lacks a permit that the business needs is another matter.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.licensing.domain.rules import Mode, PermitRule, Wording


class ScopeResult(StrEnum):
    """What the rules come to."""

    WITHIN_SCOPE = "within_scope"
    NO_PENALTY = "no_penalty"
    PERMIT_MISSING = "permit_missing"
    SCOPE_TO_BE_ALTERED = "scope_to_be_altered"
    NOT_IN_BUSINESS = "not_in_business"
    UNDETERMINED = "undetermined"


STATEMENTS: Final = {
    ScopeResult.WITHIN_SCOPE: Wording(
        "该活动在登记的经营范围内，所需许可齐备。",
        "The activity lies within the registered scope, and the permits that it needs are held.",
    ),
    ScopeResult.NO_PENALTY: Wording(
        "该活动不在登记的经营范围内，但无需许可：超经营范围开展非许可类经营活动，市场监管部门不予处罚。",
        "The activity is outside the registered scope, but needs no permit: the market regulator does not punish it.",
    ),
    ScopeResult.PERMIT_MISSING: Wording(
        "该活动需要许可，本系统内没有该企业的有效许可；是否另持有外部系统核发的许可，由执法机关核实。",
        "The activity needs a permit, and this suite holds none in force; whether another system issued one is for the "
        "agency to look up.",
    ),
    ScopeResult.SCOPE_TO_BE_ALTERED: Wording(
        "该活动不在登记的经营范围内，所需许可已持有：应当办理经营范围变更登记。",
        "The activity is not within the registered scope, and its permits are held: the scope is to be altered.",
    ),
    ScopeResult.NOT_IN_BUSINESS: Wording(
        "该企业不处于正常经营状态，不予处罚的规则不适用。",
        "The enterprise is not in business by its state: the rule of no penalty does not apply.",
    ),
    ScopeResult.UNDETERMINED: Wording(
        "规范表述中没有该活动，或者该行业下各项经营项目所需许可不同，请以经营范围规范条目查询。",
        "The standard wording has no such activity, or entries of the industry need different permits: ask by entry.",
    ),
}


class RuleOutcome(StrEnum):
    """What one rule says."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class RuleFinding:
    """What a rule found, on which legal basis; `items` are the permit items that it is about."""

    rule: str
    legal_basis: str
    outcome: RuleOutcome
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Activity:
    """A standard entry of business scope, or a class of GB/T 4754."""

    scope_code: str | None
    industry_class: str | None


@dataclass(frozen=True)
class EntryRules:
    """A standard entry of business scope with its industry, its permits, and whether one comes before registration."""

    code: str
    industry_class: str
    permits: tuple[PermitRule, ...]


@dataclass(frozen=True)
class Facts:
    """What is known of the enterprise at that moment."""

    is_in_business: bool
    scope_codes: tuple[str, ...]
    works_in_industry: bool
    held_items: frozenset[str]


@dataclass(frozen=True)
class ScopeCheck:
    """A question of an enforcement agency and its answer, as they were."""

    id: UUID
    uscc: str
    activity: Activity
    case_number: str
    agency_uscc: str
    asked_by: str
    asked_at: datetime
    checked_on: date
    result: ScopeResult
    findings: tuple[RuleFinding, ...]
    pack_version: str


def check_scope(entries: Iterable[EntryRules], facts: Facts) -> tuple[ScopeResult, tuple[RuleFinding, ...]]:
    """Apply the rules; `entries` are those that the activity stands for, none where it is in no standard wording."""
    entries = tuple(entries)
    needs = {_needed(entry) for entry in entries}
    registered = any(entry.code in facts.scope_codes for entry in entries) or (
        facts.works_in_industry and len(needs) == 1
    )
    needed = needs.pop() if len(needs) == 1 else None
    missing = tuple(item for item in needed or () if item not in facts.held_items)
    findings = (
        _finding("scope.in_business", "市场主体登记管理条例 arts. 30, 46", facts.is_in_business),
        _finding("scope.registered", "公司法 art. 9; 市场主体登记管理条例 art. 14", registered),
        _finding(
            "scope.permit_needed", "国发〔2021〕7号", None if needed is None else bool(needed), needed or ()
        ),
        _finding("scope.permit_held", "行政许可法 art. 81", None if needed is None else not missing, missing),
    )
    return _result(facts.is_in_business, registered, needed, missing), findings


def _needed(entry: EntryRules) -> tuple[str, ...]:
    """The permits proper: what is only filed (备案) or abolished is no permit."""
    return tuple(rule.item for rule in entry.permits if rule.mode not in (Mode.FILING, Mode.CANCEL))


def _result(
    in_business: bool, registered: bool, needed: tuple[str, ...] | None, missing: tuple[str, ...]
) -> ScopeResult:
    if not in_business:
        return ScopeResult.NOT_IN_BUSINESS
    if needed is None:
        return ScopeResult.UNDETERMINED
    if missing:
        return ScopeResult.PERMIT_MISSING
    if registered:
        return ScopeResult.WITHIN_SCOPE
    return ScopeResult.SCOPE_TO_BE_ALTERED if needed else ScopeResult.NO_PENALTY


def _finding(rule: str, basis: str, says: bool | None, items: tuple[str, ...] = ()) -> RuleFinding:
    outcome = RuleOutcome.UNKNOWN if says is None else RuleOutcome.YES if says else RuleOutcome.NO
    return RuleFinding(rule, basis, outcome, items)


@dataclass(eq=False)
class EnterpriseNotRegistered(Exception):
    """The register told of no such enterprise, or of none in the caller's region."""

    uscc: str


@dataclass(eq=False)
class ScopeCheckNotFound(Exception):
    """There is no such check, or it is another agency's."""

"""Rules on the name of an enterprise. Source: 企业名称登记管理规定 (2020 revision, in force 2021-03-01)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from services.registration.domain.establishment import Establishment
from services.registration.domain.names import is_han, trade_key
from services.registration.domain.policy import KindPolicy, NamePolicy, RegistryPolicy, Wording
from services.registration.domain.rule import Rule, RuleResult, fault, passed, referred


def _basis(article: str) -> Wording:
    return Wording(
        f"《企业名称登记管理规定》第{article}条",
        f"Provisions on the Administration of Enterprise Name Registration, art. {article}",
    )


REGION: Final = Rule(
    "name.region",
    _basis("七"),
    Wording("行政区划名称属于本地区", "the region in the name is this one"),
)
DISTINCTIVE: Final = Rule(
    "name.distinctive",
    _basis("八"),
    Wording("字号由两个以上汉字组成", "the distinctive part has two or more Chinese characters"),
)
TRADE: Final = Rule(
    "name.trade",
    _basis("九"),
    Wording("行业表述与主营业务相符", "the trade in the name fits the business scope"),
)
FORM: Final = Rule(
    "name.form",
    _basis("十"),
    Wording("组织形式与企业类型相符", "the form of organisation fits the kind of enterprise"),
)
FORBIDDEN: Final = Rule(
    "name.forbidden_words", _basis("十一"), Wording("不含禁用字词", "no forbidden word is used")
)
SAME: Final = Rule(
    "name.same", _basis("十七"), Wording("未与他人名称相同", "nobody else has or reserves the same name")
)
ALIKE: Final = Rule(
    "name.alike",
    _basis("十七"),
    Wording("同行业中字号未被他人使用", "nobody in the trade has the same distinctive part"),
)


@dataclass(frozen=True)
class NameConflicts:
    """What the register holds against a name: never whose name it is."""

    same: bool = False
    alike: bool = False
    similar: bool = False


def review_name(
    filed: Establishment, kind: KindPolicy | None, policy: RegistryPolicy, conflicts: NameConflicts
) -> Iterator[RuleResult]:
    """Apply every rule on the name."""
    names = policy.names
    yield _region(filed, names)
    yield from _distinctive(filed, names)
    yield _trade(filed, policy)
    yield _form(filed, kind)
    yield from _forbidden(filed, names)
    yield from _conflicts(conflicts)


def _region(filed: Establishment, names: NamePolicy) -> RuleResult:
    if filed.name.division in names.region_prefixes:
        return passed(REGION, "/name/division")
    listed = "、".join(names.region_prefixes)
    return fault(
        REGION,
        "/name/division",
        f"行政区划名称应为：{listed}",
        f"the region in the name must be one of: {listed}",
    )


def _distinctive(filed: Establishment, names: NamePolicy) -> Iterator[RuleResult]:
    text, at = filed.name.distinctive, "/name/distinctive"
    if not is_han(text) or len(text) < names.minimum_length:
        yield fault(
            DISTINCTIVE,
            at,
            f"字号应由 {names.minimum_length} 个以上汉字组成",
            f"the distinctive part must be {names.minimum_length} or more Chinese characters",
        )
    elif len(text) > names.maximum_length:
        yield fault(
            DISTINCTIVE,
            at,
            f"字号至多 {names.maximum_length} 个汉字",
            f"the distinctive part has at most {names.maximum_length} characters",
        )
    elif text in names.division_names or text in names.region_prefixes or text in names.trades:
        yield fault(
            DISTINCTIVE,
            at,
            "行政区划名称、行业或者经营特点不得作为字号",
            "a region or a trade cannot be the distinctive part",
        )
    else:
        yield passed(DISTINCTIVE, at)


def _trade(filed: Establishment, policy: RegistryPolicy) -> RuleResult:
    at = "/name/trade"
    if not is_han(filed.name.trade):
        return fault(TRADE, at, "行业表述应为汉字", "the trade must be in Chinese characters")
    classes = policy.names.trades.get(trade_key(filed.name.trade, policy.names))
    if classes is None:
        return referred(
            TRADE,
            at,
            "行业表述不在常用词表中，由登记人员判断",
            "the trade is not in the list of known trades: a registrar looks at it",
        )
    chosen = {policy.scope[code].industry_code for code in filed.scope if code in policy.scope}
    if chosen and not classes & chosen:
        return fault(
            TRADE,
            at,
            "行业表述与所选经营范围不符",
            "the trade in the name fits none of the chosen scope entries",
        )
    return passed(TRADE, at)


def _form(filed: Establishment, kind: KindPolicy | None) -> RuleResult:
    if kind is None or filed.name.form in kind.forms:
        return passed(FORM, "/name/form")
    listed = "、".join(kind.forms)
    return fault(FORM, "/name/form", f"组织形式应为：{listed}", f"the form must be one of: {listed}")


def _forbidden(filed: Establishment, names: NamePolicy) -> Iterator[RuleResult]:
    found = False
    for part, text in (("distinctive", filed.name.distinctive), ("trade", filed.name.trade)):
        for word, reason in names.forbidden.items():
            if word in text:
                found = True
                yield fault(FORBIDDEN, f"/name/{part}", f"“{word}”：{reason.zh}", f"“{word}”: {reason.en}")
    across = filed.name.distinctive + filed.name.trade
    if not found:
        for word, reason in names.forbidden.items():
            if word in across:
                found = True
                yield fault(FORBIDDEN, "/name", f"“{word}”：{reason.zh}", f"“{word}”: {reason.en}")
    if not found:
        yield passed(FORBIDDEN, "/name")


def _conflicts(conflicts: NameConflicts) -> Iterator[RuleResult]:
    if conflicts.same:
        yield fault(
            SAME,
            "/name",
            "该名称已登记、在保留期内或注销未满一年",
            "the name is registered, reserved, or was given up less than a year ago",
        )
    else:
        yield passed(SAME, "/name")
    if conflicts.alike:
        yield fault(
            ALIKE,
            "/name/distinctive",
            "同一登记机关同行业中已有相同字号",
            "the distinctive part is already used in this trade with this registrar",
        )
    elif conflicts.similar:
        yield referred(
            ALIKE,
            "/name/distinctive",
            "相近行业中已有相同字号，由登记人员判断是否近似",
            "a neighbouring trade has the same distinctive part: a registrar judges whether it misleads",
        )
    else:
        yield passed(ALIKE, "/name/distinctive")

"""Rules on the name of an enterprise. Source: 企业名称登记管理规定 (2020 revision, in force 2021-03-01)."""

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from services.registration.domain.name_conflicts import SAME as SAME
from services.registration.domain.name_conflicts import NameConflicts as NameConflicts
from services.registration.domain.name_conflicts import conflict_results
from services.registration.domain.names import (
    BranchName,
    NameParts,
    is_han,
    name_key,
    trade_key,
)
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
USED: Final = Rule(
    "name.used",
    Wording(
        "《市场主体登记管理条例实施细则》第六条",
        "Implementing Rules on the Registration of Market Entities, art. 6",
    ),
    Wording("有名称，或者个体工商户不使用名称", "there is a name, or an individual business that uses none"),
)
BRANCH: Final = Rule(
    "name.branch",
    _basis("十三"),
    Wording(
        "冠以所从属企业名称并缀以分公司等字词", "it is its enterprise's name with a place and what it is"
    ),
)


def review_proposed(
    name: NameParts,
    scope: Collection[str],
    kind: KindPolicy | None,
    policy: RegistryPolicy,
    conflicts: NameConflicts,
) -> Iterator[RuleResult]:
    """Apply every rule on a name, whoever asks for it; `scope` is what the enterprise does or will do, by code."""
    names = policy.names
    yield _region(name, names)
    yield from _distinctive(name, names)
    yield _trade(name, scope, policy)
    yield _form(name, kind)
    yield from _forbidden(name, names)
    yield from conflict_results(conflicts, names.likeness)


def review_branch_name(
    name: BranchName, enterprise_name: str, policy: NamePolicy, conflicts: NameConflicts
) -> Iterator[RuleResult]:
    """Apply every rule on the name of a branch of the enterprise with this name."""
    if name_key(name.enterprise) != name_key(enterprise_name):
        zh, en = f"应冠以所从属企业名称：{enterprise_name}", f"it must begin with {enterprise_name}"
        yield fault(BRANCH, "/name/enterprise", zh, en)
    elif not is_han(name.place):
        zh, en = "所在地应为汉字", "the place must be in Chinese characters"
        yield fault(BRANCH, "/name/place", zh, en)
    elif name.ending not in policy.branch_endings:
        listed = "、".join(policy.branch_endings)
        yield fault(BRANCH, "/name/ending", f"应缀以：{listed}", f"it must end with one of: {listed}")
    else:
        yield passed(BRANCH, "/name")
    yield from _without(policy, {"place": name.place})
    yield from conflict_results(conflicts, policy.likeness)


def _region(name: NameParts, names: NamePolicy) -> RuleResult:
    if name.division in names.region_prefixes:
        return passed(REGION, "/name/division")
    listed = "、".join(names.region_prefixes)
    return fault(
        REGION,
        "/name/division",
        f"行政区划名称应为：{listed}",
        f"the region in the name must be one of: {listed}",
    )


def _distinctive(name: NameParts, names: NamePolicy) -> Iterator[RuleResult]:
    text, at = name.distinctive, "/name/distinctive"
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


def _trade(name: NameParts, scope: Collection[str], policy: RegistryPolicy) -> RuleResult:
    at = "/name/trade"
    if not is_han(name.trade):
        return fault(TRADE, at, "行业表述应为汉字", "the trade must be in Chinese characters")
    classes = policy.names.trades.get(trade_key(name.trade, policy.names))
    if classes is None:
        return referred(
            TRADE,
            at,
            "行业表述不在常用词表中，由登记人员判断",
            "the trade is not in the list of known trades: a registrar looks at it",
        )
    chosen = {policy.scope[code].industry_code for code in scope if code in policy.scope}
    if chosen and not classes & chosen:
        return fault(
            TRADE,
            at,
            "行业表述与所选经营范围不符",
            "the trade in the name fits none of the chosen scope entries",
        )
    return passed(TRADE, at)


def _form(name: NameParts, kind: KindPolicy | None) -> RuleResult:
    if kind is None or name.form in kind.forms:
        return passed(FORM, "/name/form")
    listed = "、".join(kind.forms)
    return fault(FORM, "/name/form", f"组织形式应为：{listed}", f"the form must be one of: {listed}")


def _forbidden(name: NameParts, names: NamePolicy) -> Iterator[RuleResult]:
    return _without(names, {"distinctive": name.distinctive, "trade": name.trade})


def _without(names: NamePolicy, parts: Mapping[str, str]) -> Iterator[RuleResult]:
    """Forbidden words in the parts, or across two of them; written in whatever form."""
    keys = {f"/name/{part}": name_key(text) for part, text in parts.items()}
    found = [(at, word) for at, text in keys.items() for word in names.forbidden if word in text]
    if not found:
        across = "".join(keys.values())
        found = [("/name", word) for word in names.forbidden if word in across]
    for at, word in found:
        reason = names.forbidden[word]
        yield fault(FORBIDDEN, at, f"“{word}”：{reason.zh}", f"“{word}”: {reason.en}")
    if not found:
        yield passed(FORBIDDEN, "/name")

"""What the register holds against a name: the same, and alike by the stated measure; what follows from each.

Source: 企业名称登记管理规定 art. 17 for what bars a name; 企业名称相同相近比对规则 (工商企注字〔2017〕133号) arts. 4, 5
for what resembles it, of which the applicant is told and bears the risk.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from services.registration.domain.name_likeness import Likeness, likeness
from services.registration.domain.name_policy import LikenessPolicy, NamePolicy
from services.registration.domain.names import NameKeys, trades_touch
from services.registration.domain.rule import Outcome, Rule, RuleResult, fault, noted, passed, referred
from services.registration.domain.wording import Wording

_ARTICLE_17: Final = Wording(
    "《企业名称登记管理规定》第十七条",
    "Provisions on the Administration of Enterprise Name Registration, art. 17",
)
SAME: Final = Rule(
    "name.same", _ARTICLE_17, Wording("未与他人名称相同", "nobody else has or reserves the same name")
)
ALIKE: Final = Rule(
    "name.alike",
    _ARTICLE_17,
    Wording("同行业中字号未被他人使用", "nobody in the trade has the same distinctive part"),
)
RELATED: Final = Rule(
    "name.related",
    _ARTICLE_17,
    Wording("有投资关系的除外", "but for enterprises that have invested in one another"),
)
RESEMBLING: Final = Rule(
    "name.resembling",
    Wording(
        "《企业名称相同相近比对规则》（工商企注字〔2017〕133号）第四条",
        "Rules for Comparing Enterprise Names (2017, no. 133), art. 4",
    ),
    Wording("未与同行业名称相近", "no name of the trade resembles it"),
)
WORDS: Final = {
    Likeness.IDENTICAL: Wording("字号相同", "the same distinctive part"),
    Likeness.REORDERED: Wording("字号用字相同、字序不同", "the same characters in another order"),
    Likeness.SAME_SOUND: Wording("字号字音相同", "the same sound"),
    Likeness.CONTAINED: Wording("字号包含或者被包含", "one distinctive part inside the other"),
    Likeness.ONE_APART: Wording("字号仅一字不同", "one character apart"),
    Likeness.SIMILAR: Wording("字号近似", "much in common"),
}


@dataclass(frozen=True, order=True)
class Resemblance:
    """How a held name resembles the proposed one, and whether it is of the same trade or a neighbouring one."""

    likeness: Likeness
    is_in_trade: bool


@dataclass(frozen=True)
class NameConflicts:
    """What the register holds against a name: never whose name it is.

    `alike` is the same distinctive part in the trade, `similar` the same in a neighbouring trade. `invested` and
    `agreed` say that somebody has a like name who is tied to the applicant by investment, or agrees to it.
    """

    same: bool = False
    alike: bool = False
    similar: bool = False
    resembling: frozenset[Resemblance] = frozenset()
    invested: bool = False
    agreed: bool = False

    @property
    def is_like(self) -> bool:
        """Whether anything is like it at all."""
        return self.alike or self.similar or bool(self.resembling)


def conflicts_of(proposed: NameKeys, held: Iterable[NameKeys], policy: NamePolicy) -> NameConflicts:
    """Compare a name with those held in the division; a name without trade stands against every trade (art. 17)."""
    same = False
    found: set[Resemblance] = set()
    for other in held:
        same = same or other.name == proposed.name
        in_trade = other.trade == proposed.trade or not other.trade or not proposed.trade
        if not in_trade and not trades_touch(other.trade, proposed.trade, policy):
            continue
        like = likeness(proposed.distinctive, other.distinctive, policy.likeness.similar_from)
        if like is not None:
            found.add(Resemblance(like, in_trade))
    alike, similar = (Resemblance(Likeness.IDENTICAL, in_trade) in found for in_trade in (True, False))
    others = frozenset(each for each in found if each.likeness is not Likeness.IDENTICAL)
    return NameConflicts(same, alike, similar, others)


def with_related(others: NameConflicts, invested: NameConflicts, agreed: NameConflicts) -> NameConflicts:
    """The same name bars whoever has it; a like one of related enterprises is told apart (规定 art. 17)."""
    return replace(
        others,
        same=others.same or invested.same or agreed.same,
        invested=invested.is_like,
        agreed=agreed.is_like,
    )


def conflict_results(conflicts: NameConflicts, policy: LikenessPolicy) -> Iterator[RuleResult]:
    """What follows: a fault, a registrar's look, a word of warning, or nothing."""
    yield _same(conflicts)
    yield _alike(conflicts, policy)
    yield from _resembling(conflicts, policy)
    yield from _related(conflicts)


def is_referred(conflicts: NameConflicts, policy: LikenessPolicy) -> bool:
    """Whether a registrar would look at the name."""
    results = (_alike(conflicts, policy), *_resembling(conflicts, policy))
    return any(result.outcome is Outcome.REFERRED for result in results)


def _same(conflicts: NameConflicts) -> RuleResult:
    if not conflicts.same:
        return passed(SAME, "/name")
    return fault(
        SAME,
        "/name",
        "该名称已登记、在保留期内或注销未满一年",
        "the name is registered, reserved, or was given up less than a year ago",
    )


def _alike(conflicts: NameConflicts, policy: LikenessPolicy) -> RuleResult:
    at = "/name/distinctive"
    if conflicts.alike:
        return fault(
            ALIKE,
            at,
            "同一登记机关同行业中已有相同字号",
            "the distinctive part is already used in this trade with this registrar",
        )
    if not conflicts.similar:
        return passed(ALIKE, at)
    if Likeness.IDENTICAL in policy.neighbouring_trade.referred:
        return referred(
            ALIKE,
            at,
            "相近行业中已有相同字号，由登记人员判断是否近似",
            "a neighbouring trade has the same distinctive part: a registrar judges whether it misleads",
        )
    if Likeness.IDENTICAL in policy.neighbouring_trade.noted:
        zh, en = "相近行业中已有相同字号", "a neighbouring trade has the same distinctive part"
        return noted(ALIKE, at, zh, en)
    return passed(ALIKE, at)


def _related(conflicts: NameConflicts) -> Iterator[RuleResult]:
    at = "/name/distinctive"
    if conflicts.invested:
        yield noted(
            RELATED,
            at,
            "与有投资关系的企业字号相同或者相近，可以使用",
            "an enterprise tied to it by investment has a like name: it can be had",
        )
    if conflicts.agreed:
        yield referred(
            RELATED,
            at,
            "与书面同意的企业字号相同或者相近，但未见投资关系，由登记人员判断",
            "an enterprise that agrees has a like name, without investment: a registrar judges whether it misleads",
        )


def _resembling(conflicts: NameConflicts, policy: LikenessPolicy) -> Iterator[RuleResult]:
    at = "/name/distinctive"
    looked_at, told = _weighed(conflicts, policy)
    if looked_at:
        zh, en = _named(looked_at)
        yield referred(
            RESEMBLING,
            at,
            f"与已有名称相近（{zh}），由登记人员判断是否足以造成误认",
            f"a name that is held resembles it ({en}): a registrar judges whether it misleads",
        )
    if told:
        zh, en = _named(told)
        yield noted(
            RESEMBLING,
            at,
            f"与已有名称相近（{zh}）：可以继续申请，使用中如侵犯他人名称权益，可能被认定停止使用",
            f"a name that is held resembles it ({en}): it can be had, at the risk of being told to stop its use",
        )
    if not looked_at and not told:
        yield passed(RESEMBLING, at)


def _weighed(
    conflicts: NameConflicts, policy: LikenessPolicy
) -> tuple[frozenset[Likeness], frozenset[Likeness]]:
    looked_at, told = set(), set()
    for each in conflicts.resembling:
        weighing = policy.same_trade if each.is_in_trade else policy.neighbouring_trade
        if each.likeness in weighing.referred:
            looked_at.add(each.likeness)
        elif each.likeness in weighing.noted:
            told.add(each.likeness)
    return frozenset(looked_at), frozenset(told - looked_at)


def _named(found: frozenset[Likeness]) -> tuple[str, str]:
    words = [WORDS[like] for like in Likeness if like in found]
    return "、".join(word.zh for word in words), ", ".join(word.en for word in words)

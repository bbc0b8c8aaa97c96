"""Rules on enterprises that leave by the simple way: commitments of all investors, and bars; all faults at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from services.registration.domain.court_ruling import Proceedings
from services.registration.domain.enterprise import EnterpriseFile
from services.registration.domain.exit_bars import (
    ABNORMAL_LIST,
    BRANCHES,
    COMMITMENT,
    RULES,
    WORDS,
    BarKind,
    ExitBar,
)
from services.registration.domain.exit_notice import Commitment
from services.registration.domain.kinds import OWNER_ROLES, EnterpriseKind, Role
from services.registration.domain.policy import RegistryPolicy
from services.registration.domain.rule import Rule, RuleResult, fault, passed, referred
from services.registration.domain.wording import Wording

NOTICE: Final = Rule(
    "exit.notice",
    Wording(
        "《市场主体登记管理条例》第三十三条；《公司法》第二百四十条",
        "Regulations on the Registration of Market Entities, art. 33; Company Law, art. 240",
    ),
    Wording("公告期届满无异议", "the notice has ended without objection"),
)
HEARD: Final = Rule(
    "exit.departments_heard",
    Wording(
        "《市场主体登记管理条例》第三十三条", "Regulations on the Registration of Market Entities, art. 33"
    ),
    Wording("税务等部门在规定期限内未提出异议", "tax and other departments did not object in time"),
)
PARENT: Final = 0
"""The place at which the enterprise signs that a branch belongs to."""


@dataclass(frozen=True)
class Standing:
    """What the register and the agencies know of an enterprise that wants to leave."""

    bars: tuple[ExitBar, ...]
    is_listed_abnormal: bool
    branches: tuple[str, ...]
    invests_in: tuple[str, ...]
    proceedings: Proceedings

    @property
    def is_before_court(self) -> bool:
        """Whether a bankruptcy, reorganisation or compulsory liquidation runs."""
        return self.proceedings not in (Proceedings.NONE, Proceedings.ENDED)


def committing_places(file: EnterpriseFile) -> tuple[int, ...]:
    """Whose commitment is needed: every investor's, an individual business's operator's, a branch's enterprise's."""
    if file.enterprise.enterprise_kind is EnterpriseKind.BRANCH:
        return (PARENT,)
    roles = OWNER_ROLES | {Role.OPERATOR}
    return tuple(place for place, person in enumerate(file.people, 1) if roles & set(person.roles))


def signers(file: EnterpriseFile) -> tuple[tuple[int, str | None], ...]:
    """Who commits at which place, by the number that names them: others are not bound by what these signed."""
    one = file.enterprise
    return tuple(
        (place, one.parent_uscc if place == PARENT else file.people[place - 1].id_number)
        for place in committing_places(file)
    )


def review_commitments(
    file: EnterpriseFile, commitments: Sequence[Commitment], today: date
) -> Iterator[RuleResult]:
    """All investors signed, none in the future; a missing one is named by its place in the register only."""
    needed = committing_places(file)
    signed = {one.place for one in commitments}
    if not needed:
        yield referred(
            COMMITMENT,
            "/commitments",
            "登记簿中没有投资人信息，需人工核对承诺书",
            "the register knows no investors: the commitments are looked at by a person",
        )
    for place in needed:
        if place in signed:
            yield passed(COMMITMENT, f"/commitments/{place}")
        elif place == PARENT:
            yield fault(
                COMMITMENT,
                f"/commitments/{place}",
                "隶属企业尚未作出书面承诺",
                "the enterprise that it belongs to has not committed in writing",
            )
        else:
            yield fault(
                COMMITMENT,
                f"/commitments/{place}",
                f"登记簿中第 {place} 位人员（投资人）尚未作出书面承诺",
                f"the investor at place {place} of the register has not committed in writing",
            )
    for at, one in enumerate(commitments):
        if one.signed_on > today:
            yield fault(
                COMMITMENT,
                f"/commitments/{at}/signed_on",
                "签署日期晚于今天",
                "the signature is dated after today",
            )
        if needed and one.place not in needed:
            yield fault(
                COMMITMENT,
                f"/commitments/{at}/place",
                "登记簿中此位置不是投资人",
                "no investor stands at this place",
            )


def review_bars(file: EnterpriseFile, standing: Standing, policy: RegistryPolicy) -> Iterator[RuleResult]:
    """Everything that closes the simple way, one result for each rule of the list."""
    told = {bar.kind: bar for bar in standing.bars}
    for kind, rule in RULES.items():
        because = _because(kind, told.get(kind), file, standing, policy)
        if because is None:
            yield passed(rule, "/uscc")
        else:
            yield fault(rule, "/uscc", f"{WORDS[kind].zh}（{because}）", f"{WORDS[kind].en} ({because})")
    if standing.is_listed_abnormal:
        yield fault(ABNORMAL_LIST, "/uscc", "在经营异常名录中", "it is on the list of abnormal operations")
    else:
        yield passed(ABNORMAL_LIST, "/uscc")
    yield review_branches(standing)


def review_branches(standing: Standing) -> RuleResult:
    """Branches go first. Source: 市场主体登记管理条例 art. 32."""
    if not standing.branches:
        return passed(BRANCHES, "/uscc")
    listed = "、".join(standing.branches)
    return fault(
        BRANCHES, "/uscc", f"请先注销分支机构：{listed}", f"its branches are deregistered first: {listed}"
    )


def needs_approval(file: EnterpriseFile, policy: RegistryPolicy) -> str | None:
    """The permit that came before its registration, whose agency approves its end too (依法须经批准)."""
    for entry in file.enterprise.scope:
        known = policy.scope.get(entry.code or "")
        if known is not None and known.permit_first is not None:
            return known.permit_first.zh
    return None


def _because(
    kind: BarKind, told: ExitBar | None, file: EnterpriseFile, standing: Standing, policy: RegistryPolicy
) -> str | None:
    if told is not None:
        return told.reference
    if kind is BarKind.APPROVAL_NEEDED:
        return needs_approval(file, policy)
    if kind is BarKind.LAWSUIT and standing.is_before_court:
        return standing.proceedings.value
    if kind is BarKind.INVESTS_ELSEWHERE and standing.invests_in:
        return "、".join(standing.invests_in)
    return None

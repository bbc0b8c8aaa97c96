"""Rules on a liquidation: its group, its report, and what an ordinary deregistration needs of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from services.registration.domain.acts.deregistration import Deregistration
from services.registration.domain.court_ruling import Proceedings
from services.registration.domain.enterprise import EnterpriseFile
from services.registration.domain.exit_bars import RULES, WORDS
from services.registration.domain.exit_rules import (
    Standing,
    committing_places,
    needs_approval,
    review_branches,
)
from services.registration.domain.liquidation import (
    SIGNED_BY_ALL,
    WITHOUT_LIQUIDATION,
    ExitReason,
    Liquidation,
    LiquidationGroup,
    LiquidationReport,
    LiquidationState,
)
from services.registration.domain.policy import RegistryPolicy
from services.registration.domain.rule import Rule, RuleResult, fault, noted, passed, referred
from services.registration.domain.wording import Wording
from shared.calendar import DueDate, local_date

_ART_31: Final = Wording(
    "《市场主体登记管理条例》第三十一条", "Regulations on the Registration of Market Entities, art. 31"
)
_ART_32: Final = Wording(
    "《市场主体登记管理条例》第三十二条", "Regulations on the Registration of Market Entities, art. 32"
)
GROUP: Final = Rule(
    "liquidation.group",
    Wording(
        "《公司法》第二百三十二条；《市场主体登记管理条例》第三十二条",
        "Company Law, art. 232; Regulations, art. 32",
    ),
    Wording("清算组成员、负责人已备案公告", "the group with its head is on record and published"),
)
REPORT: Final = Rule(
    "liquidation.report",
    Wording(
        "《公司法》第二百三十九条；《合伙企业法》第九十条", "Company Law, art. 239; Partnership Law, art. 90"
    ),
    Wording("清算报告已经确认", "the liquidation report is confirmed"),
)
DEBTS: Final = Rule(
    "liquidation.debts",
    Wording("《公司法》第二百三十六条、第二百三十七条", "Company Law, arts. 236 and 237"),
    Wording("债务、职工工资、社会保险费已清偿", "debts, wages and social insurance are paid"),
)
IN_TIME: Final = Rule(
    "exit.in_time", _ART_32, Wording("清算结束后按期申请注销", "applied for in time after the liquidation")
)
TAX: Final = Rule(
    "exit.tax_clearance",
    Wording("《市场主体登记管理条例实施细则》第四十六条", "Implementing Rules (总局令52), art. 46"),
    Wording("税务部门已反馈清税结果", "the tax agency has said that taxes are cleared"),
)
COURT: Final = Rule(
    "exit.court_ruling",
    Wording(
        "《市场主体登记管理条例》第三十四条", "Regulations on the Registration of Market Entities, art. 34"
    ),
    Wording(
        "人民法院已裁定终结破产程序或者强制清算程序", "a court ended the bankruptcy or compulsory liquidation"
    ),
)
APPROVAL: Final = Rule("exit.approval", _ART_31, Wording("注销无须批准", "its end needs no approval"))
DECISION: Final = Rule(
    "exit.decision", _ART_31, Wording("已作出终止的决议或者决定", "its end was resolved or decided")
)


class ClearanceOutcome(StrEnum):
    """What the tax agency said: cleared (清税), or on a commitment to settle the rest (承诺制容缺办理)."""

    CLEARED = "cleared"
    CLEARED_ON_COMMITMENT = "cleared_on_commitment"


@dataclass(frozen=True)
class Clearance:
    """What the tax agency said, and when."""

    outcome: ClearanceOutcome
    told_at: datetime


@dataclass(frozen=True)
class OrdinaryStanding:
    """What is known of an enterprise that asks for ordinary deregistration."""

    liquidation: Liquidation | None
    application_due: DueDate | None
    clearance: Clearance | None
    others: Standing


def review_group(group: LiquidationGroup, decided_on: date, today: date) -> Iterator[RuleResult]:
    """Exactly one head; formed after the decision, and not in the future."""
    if sum(member.is_head for member in group.members) == 1:
        yield passed(GROUP, "/group/members")
    else:
        yield fault(GROUP, "/group/members", "清算组应当有且只有一名负责人", "a group has exactly one head")
    if not decided_on <= group.formed_on <= today:
        yield fault(
            GROUP,
            "/group/formed_on",
            "清算组成立日期应在解散决定之后、不晚于今天",
            "a group is formed after the decision, and not after today",
        )


def review_report(
    report: LiquidationReport, liquidation: Liquidation, file: EnterpriseFile, today: date
) -> Iterator[RuleResult]:
    """Confirmed by those whose it is, in order of days, with nothing owed."""
    if not liquidation.group.formed_on <= report.ended_on <= report.confirmed_on <= today:
        yield fault(
            REPORT,
            "/confirmed_on",
            "日期应依次为清算组成立、清算结束、确认，且不晚于今天",
            "formation, end and confirmation follow one another, none after today",
        )
    if liquidation.enterprise_kind in SIGNED_BY_ALL:
        for place in committing_places(file):
            if place not in report.signed_places:
                yield fault(
                    REPORT,
                    f"/signed_places/{place}",
                    f"登记簿中第 {place} 位人员（出资人）尚未签名",
                    f"the owner at place {place} of the register has not signed",
                )
    if report.debts_unpaid_fen:
        yield fault(
            DEBTS,
            "/debts_unpaid_fen",
            "财产不足清偿债务的，应当向人民法院申请破产清算",
            "what cannot pay its debts goes to the court for bankruptcy",
        )
    if not report.wages_settled:
        yield fault(DEBTS, "/wages_settled", "职工工资未结清", "wages are owed")
    if not report.insurance_settled:
        yield fault(DEBTS, "/insurance_settled", "社会保险费未结清", "social insurance is owed")


def review_ordinary(
    file: EnterpriseFile, asked: Deregistration, known: OrdinaryStanding, policy: RegistryPolicy, today: date
) -> Iterator[RuleResult]:
    """What an ordinary deregistration is decided by; a bar that an agency holds is looked at by a person."""
    if asked.decided_on > today:
        yield fault(DECISION, "/decided_on", "决定日期晚于今天", "the decision is dated after today")
    else:
        yield passed(DECISION, "/decided_on")
    yield from _liquidated(file, asked, known, today)
    yield _cleared(file, asked, known)
    yield review_branches(known.others)
    permit = needs_approval(file, policy)
    if permit is None:
        yield passed(APPROVAL, "/uscc")
    else:
        yield referred(
            APPROVAL,
            "/uscc",
            f"注销前须经批准：{permit}",
            f"its end needs the approval of whoever gave: {permit}",
        )
    for bar in known.others.bars:
        words = WORDS[bar.kind]
        yield referred(
            RULES[bar.kind], "/uscc", f"{words.zh}（{bar.reference}）", f"{words.en} ({bar.reference})"
        )


def _liquidated(
    file: EnterpriseFile, asked: Deregistration, known: OrdinaryStanding, today: date
) -> Iterator[RuleResult]:
    if file.enterprise.enterprise_kind in WITHOUT_LIQUIDATION:
        if asked.reason is ExitReason.BANKRUPTCY_ENDED:
            yield fault(
                COURT,
                "/reason",
                "个体工商户、分支机构不适用破产或者强制清算程序",
                "an individual business or a branch goes through no bankruptcy or compulsory liquidation",
            )
        return
    if asked.reason is ExitReason.BANKRUPTCY_ENDED:
        yield _ended_by_court(asked.court_ruling, known.others.proceedings)
        return
    if known.others.is_before_court:
        yield fault(
            COURT,
            "/reason",
            "破产、重整或者强制清算程序尚未终结",
            "its bankruptcy, reorganisation or compulsory liquidation has not ended",
        )
        return
    found = known.liquidation
    if asked.reason is ExitReason.MERGED_OR_DIVIDED and found is None:
        yield referred(
            REPORT,
            "/reason",
            "因合并、分立注销，无须清算，需人工核对合并、分立文件",
            "merged or divided, it needs no liquidation: the agreement is looked at by a person",
        )
        return
    if found is None or found.state is not LiquidationState.CONCLUDED or found.report is None:
        yield fault(
            REPORT,
            "/uscc",
            "清算尚未完成：请先备案清算组、公告债权人、确认清算报告",
            "the liquidation is not concluded: record the group, notify creditors, confirm the report",
        )
        return
    yield passed(GROUP, "/uscc")
    yield passed(REPORT, "/uscc")
    yield passed(DEBTS, "/uscc")
    late = (today - known.application_due.on).days if known.application_due else 0
    if late > 0:
        yield noted(IN_TIME, "/uscc", f"逾期 {late} 日申请注销", f"applied for {late} days late")
    else:
        yield passed(IN_TIME, "/uscc")


def _ended_by_court(ruling: str | None, proceedings: Proceedings) -> RuleResult:
    """Told by the court itself; or the ruling of a court that tells the register nothing is shown to a person."""
    at = "/court_ruling"
    if proceedings is Proceedings.ENDED:
        return passed(COURT, at)
    if ruling is None:
        return fault(
            COURT,
            at,
            "请填写人民法院终结破产程序或者强制清算程序的裁定文号",
            "name the ruling by which the court ended the procedure",
        )
    return referred(COURT, at, f"需人工核对裁定：{ruling}", f"the ruling is looked at by a person: {ruling}")


def _cleared(file: EnterpriseFile, asked: Deregistration, known: OrdinaryStanding) -> RuleResult:
    """After a bankruptcy the tax agency's claims were the court's to settle: once it is known that it ended."""
    goes_to_court = file.enterprise.enterprise_kind not in WITHOUT_LIQUIDATION
    if asked.reason is ExitReason.BANKRUPTCY_ENDED and goes_to_court:
        if known.others.proceedings is Proceedings.ENDED:
            return passed(TAX, "/uscc")
        return referred(
            TAX,
            "/uscc",
            "税款由人民法院在程序中处理，随裁定人工核对",
            "taxes were the court's to settle: looked at together with the ruling",
        )
    outcome = _outcome_for_this_exit(asked, known)
    if outcome is ClearanceOutcome.CLEARED:
        return passed(TAX, "/uscc")
    if outcome is ClearanceOutcome.CLEARED_ON_COMMITMENT:
        return noted(
            TAX,
            "/uscc",
            "税务部门以承诺制容缺方式办结",
            "taxes are cleared on a commitment to settle the rest",
        )
    return fault(
        TAX,
        "/uscc",
        "尚未收到税务部门的清税结果；无需提交清税证明，结果由税务部门推送",
        "the tax agency has not said so yet; it tells the register itself, no proof is handed in",
    )


def _outcome_for_this_exit(asked: Deregistration, known: OrdinaryStanding) -> ClearanceOutcome | None:
    """What was cleared before this liquidation opened, or before the end was decided, is about other taxes."""
    told, winding_up = known.clearance, known.liquidation
    if told is None:
        return None
    if winding_up is not None:
        counts = told.told_at >= winding_up.opened_at
    else:
        counts = local_date(told.told_at) >= asked.decided_on
    return told.outcome if counts else None

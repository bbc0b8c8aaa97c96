"""Refusals of exits and the problems that they are told as."""

from http import HTTPStatus
from typing import Final

from services.registration.domain import exit_errors as errors
from shared.web.problems import ProblemTable, ProblemType

EXIT_PROBLEMS: Final[ProblemTable] = {
    errors.NoticeNotFound: ProblemType(
        HTTPStatus.NOT_FOUND, "exit-notice-not-found", "没有此公告", "There is no such notice"
    ),
    errors.ObjectionNotFound: ProblemType(
        HTTPStatus.NOT_FOUND, "objection-not-found", "没有此异议", "There is no such objection"
    ),
    errors.ExitBarNotFound: ProblemType(
        HTTPStatus.NOT_FOUND, "exit-bar-not-found", "没有此限制事项", "There is no such bar"
    ),
    errors.LiquidationNotFound: ProblemType(
        HTTPStatus.NOT_FOUND, "liquidation-not-found", "没有此清算备案", "There is no such liquidation"
    ),
    errors.NoticeMoveNotAllowed: ProblemType(
        HTTPStatus.CONFLICT,
        "exit-notice-state-forbids",
        "公告当前状态不允许此操作",
        "The notice's state does not allow this",
        "公告状态为 {notice_state}，不能执行 {move}。",
        "The notice is {notice_state}; {move} is not possible.",
    ),
    errors.LiquidationMoveNotAllowed: ProblemType(
        HTTPStatus.CONFLICT,
        "liquidation-state-forbids",
        "清算当前状态不允许此操作",
        "The liquidation's state does not allow this",
        "清算状态为 {liquidation_state}，不能执行 {move}。",
        "The liquidation is {liquidation_state}; {move} is not possible.",
    ),
    errors.SimpleExitBarred: ProblemType(
        HTTPStatus.CONFLICT,
        "simple-exit-barred",
        "不适用简易注销",
        "The simple way out is not open",
        "请逐项消除所列情形，或者办理普通注销。",
        "Clear what is listed, or leave by ordinary deregistration.",
    ),
    errors.NoticeMissing: ProblemType(
        HTTPStatus.CONFLICT,
        "exit-notice-missing",
        "尚未进行简易注销公告",
        "Notice of the simple deregistration was not given",
        "请先通过 POST /registration/v1/notices 公告。",
        "Give notice first: POST /registration/v1/notices.",
    ),
    errors.NoticeNotNeeded: ProblemType(
        HTTPStatus.CONFLICT,
        "exit-notice-not-needed",
        "个体工商户简易注销无需公告",
        "An individual business leaves without public notice",
        "请直接提交 simple_deregistration 申请。",
        "File a simple_deregistration at once.",
    ),
    errors.NoticeRunning: ProblemType(
        HTTPStatus.CONFLICT,
        "exit-notice-running",
        "已有简易注销公告或者推送正在进行",
        "A notice of the enterprise is under way",
        "公告期至 {ends_on}；如需改办，请先撤回。",
        "It runs until {ends_on}; to go another way, withdraw it first.",
    ),
    errors.NoticeNotOver: ProblemType(
        HTTPStatus.CONFLICT,
        "exit-notice-not-over",
        "异议期未满",
        "The time for objections is not over",
        "异议期至 {ends_on}（含当日），次日起可以申请。",
        "It runs until {ends_on} included; apply from the day after.",
    ),
    errors.NoticeLapsed: ProblemType(
        HTTPStatus.CONFLICT,
        "exit-notice-lapsed",
        "公告期满后未按期申请，公告已失效",
        "Nobody applied in time after the notice",
        "应于 {apply_until} 前申请；请重新公告。",
        "It served until {apply_until}; give notice anew.",
    ),
    errors.SimpleWayClosed: ProblemType(
        HTTPStatus.CONFLICT,
        "simple-way-closed",
        "因异议终止简易注销",
        "An objection closed the simple way",
        "有关部门撤回异议后可以重新公告一次；否则请办理普通注销。",
        "Once departments have withdrawn theirs, give notice again; otherwise leave by ordinary deregistration.",
    ),
    errors.LiquidationRunning: ProblemType(
        HTTPStatus.CONFLICT, "liquidation-running", "企业正在清算", "The enterprise is being liquidated"
    ),
    errors.BeforeCourt: ProblemType(
        HTTPStatus.CONFLICT,
        "before-the-court",
        "破产、重整或者强制清算由人民法院处理",
        "A court has the bankruptcy, reorganisation or liquidation in hand",
        "程序状态为 {proceedings}：不得自行清算，也不得终止清算。",
        "It stands at {proceedings}: its own liquidation is neither opened nor given up.",
    ),
    errors.LiquidationGoesOn: ProblemType(
        HTTPStatus.CONFLICT,
        "liquidation-goes-on",
        "此清算不得终止",
        "This liquidation is not given up",
        "解散原因为 {reason}；仅营业期限届满或者决议解散的，可以存续。",
        "The reason is {reason}; only what its members or its term ended may go on.",
    ),
    errors.NoLiquidationNeeded: ProblemType(
        HTTPStatus.CONFLICT,
        "no-liquidation-needed",
        "此类主体注销无需清算备案",
        "Enterprises of this kind leave without liquidation",
        "{enterprise_kind} 请直接申请注销登记。",
        "A {enterprise_kind} files its deregistration at once.",
    ),
    errors.ClaimsStillOpen: ProblemType(
        HTTPStatus.CONFLICT,
        "claims-still-open",
        "债权申报期未满",
        "Creditors may still state their claims",
        "债权申报期至 {until}（含当日）。",
        "They may until {until} included.",
    ),
    errors.LiquidationUnsound: ProblemType(
        HTTPStatus.CONFLICT,
        "liquidation-unsound",
        "清算备案内容不符合规定",
        "What is told of the liquidation breaks rules",
    ),
    errors.NotAnAgency: ProblemType(
        HTTPStatus.FORBIDDEN, "not-an-agency", "仅限有关部门", "Only agencies may do this"
    ),
    errors.NotTheTaxAgency: ProblemType(
        HTTPStatus.FORBIDDEN, "not-the-tax-agency", "仅限税务部门", "Only the tax agency may do this"
    ),
}

EXIT_CONFLICTS: Final[tuple[type[Exception], ...]] = (
    errors.SimpleExitBarred,
    errors.NoticeMissing,
    errors.NoticeRunning,
    errors.NoticeNotOver,
    errors.NoticeLapsed,
    errors.SimpleWayClosed,
)
"""What a filing for deregistration may meet."""

"""Refusals about bars on persons, checks after registration and appeals, and the problems that they are told as."""

from http import HTTPStatus

from services.registration.domain import errors
from shared.web.problems import ProblemTable, ProblemType

ESTABLISHMENT_PROBLEMS: ProblemTable = {
    errors.BarNotFound: ProblemType(
        HTTPStatus.NOT_FOUND, "person-bar-not-found", "没有此任职限制", "There is no such bar"
    ),
    errors.BarLifted: ProblemType(
        HTTPStatus.CONFLICT, "person-bar-lifted", "任职限制已解除", "The bar was lifted before"
    ),
    errors.FollowUpNotFound: ProblemType(
        HTTPStatus.NOT_FOUND, "address-check-not-found", "没有此核查事项", "There is no such check"
    ),
    errors.FollowUpConcluded: ProblemType(
        HTTPStatus.CONFLICT, "address-check-concluded", "核查已有结果", "The check was concluded before"
    ),
    errors.AppealNotFound: ProblemType(
        HTTPStatus.NOT_FOUND, "appeal-not-found", "没有此申诉", "There is no such appeal"
    ),
    errors.AppealActionNotAllowed: ProblemType(
        HTTPStatus.CONFLICT,
        "appeal-action-not-allowed",
        "申诉当前状态不允许此操作",
        "The appeal's status does not allow this",
        "当前状态为 {appeal_status}，不能执行 {action}。",
        "The appeal is {appeal_status}; {action} is not possible.",
    ),
    errors.AppealInProgress: ProblemType(
        HTTPStatus.CONFLICT,
        "appeal-in-progress",
        "该申请已有申诉待答复",
        "The refusal is appealed already",
        "请等待登记机关书面答复。",
        "Wait for the registrar's written answer.",
    ),
    errors.FilingForgotten: ProblemType(
        HTTPStatus.CONFLICT,
        "filing-forgotten",
        "该申请的内容已按保存期限清除",
        "What the filing said is erased",
        "请重新提交申请。",
        "File anew.",
    ),
    errors.NotRefused: ProblemType(
        HTTPStatus.CONFLICT,
        "filing-not-refused",
        "只有不予登记的申请可以申诉",
        "Only a refusal can be appealed",
        "申请当前状态为 {filing_status}。",
        "The filing is {filing_status}.",
    ),
}

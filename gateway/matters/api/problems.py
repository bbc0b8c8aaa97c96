"""Refusals of this part and the problems that they are told as."""

from http import HTTPStatus

from gateway.matters.domain.life_cycles import ActionNotAllowed
from gateway.matters.store.cases import MatterIsOpen, MatterNotFound, TaskNotFound
from gateway.matters.use_cases.form_checks import FormNotAccepted
from gateway.matters.use_cases.themes import ThemeNotFound
from shared.web.problems import ProblemTable, ProblemType

PROBLEMS: ProblemTable = {
    ThemeNotFound: ProblemType(
        HTTPStatus.NOT_FOUND,
        "theme-not-found",
        "没有此“一件事”主题",
        "No such theme",
    ),
    MatterNotFound: ProblemType(HTTPStatus.NOT_FOUND, "matter-not-found", "未找到此事项", "No such matter"),
    MatterIsOpen: ProblemType(
        HTTPStatus.CONFLICT,
        "matter-is-open",
        "此授权所办的事项已开办",
        "The matter of this mandate is open already",
    ),
    TaskNotFound: ProblemType(HTTPStatus.NOT_FOUND, "task-not-found", "未找到此任务", "No such task"),
    FormNotAccepted: ProblemType(
        HTTPStatus.BAD_REQUEST,
        "form-not-accepted",
        "表单需要补正",
        "The form needs to be corrected",
        "所有需要补正之处均已列出。",
        "All that has to be corrected is listed.",
    ),
    ActionNotAllowed: ProblemType(
        HTTPStatus.CONFLICT,
        "matter-action-not-allowed",
        "当前状态不允许此操作",
        "This is not possible in the present state",
        "状态为 {state}，不能 {action}。",
        "In state {state}, {action} is not possible.",
    ),
}

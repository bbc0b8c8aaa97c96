"""Refusals about mandates and the problems that they are told as."""

from http import HTTPStatus
from typing import Final

from gateway.identity.domain.mandates import (
    InvitationNotFound,
    MandateActionNotAllowed,
    MandateNotFound,
    MatterHasHelper,
    RepresentativeOnly,
)
from gateway.identity.use_cases.give_mandate import MandateNotPossible
from shared.web.problems import ProblemTable, ProblemType

MANDATE_PROBLEMS: Final[ProblemTable] = {
    MandateNotFound: ProblemType(
        HTTPStatus.NOT_FOUND, "mandate-not-found", "未找到此授权", "No such mandate"
    ),
    InvitationNotFound: ProblemType(
        HTTPStatus.NOT_FOUND,
        "invitation-not-found",
        "邀请码无效",
        "The invitation code is not good",
        "邀请码不存在、已使用或已过期。",
        "No such code, or it was used or has lapsed.",
    ),
    RepresentativeOnly: ProblemType(
        HTTPStatus.FORBIDDEN,
        "representative-only",
        "仅限法定代表人办理",
        "For the legal representative only",
    ),
    MandateNotPossible: ProblemType(
        HTTPStatus.BAD_REQUEST,
        "mandate-not-possible",
        "不能这样授权",
        "Such a mandate cannot be given",
        "所有不符合之处均已列出。",
        "All that stands against it is listed.",
    ),
    MatterHasHelper: ProblemType(
        HTTPStatus.CONFLICT,
        "matter-has-helper",
        "该事项已有专办人员",
        "The matter has a responsible helper already",
    ),
    MandateActionNotAllowed: ProblemType(
        HTTPStatus.CONFLICT,
        "mandate-action-not-allowed",
        "当前状态不允许此操作",
        "This is not possible in the present state",
        "状态为 {state}，不能 {action}。",
        "In state {state}, {action} is not possible.",
    ),
}

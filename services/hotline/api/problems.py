"""Domain errors and the problems that they are told as."""

from http import HTTPStatus

from services.hotline.domain.access import NotYourPart, RatingIsTheRequesters, TicketNotFound
from services.hotline.domain.emergency import EmergencyTransfer
from services.hotline.domain.handling import (
    AlreadyRated,
    LevelTooLate,
    RatingStillOpen,
    ReplyMissing,
    ReturnNotAllowed,
)
from services.hotline.domain.lifecycle import ActionNotAllowed
from services.hotline.use_cases.count_tickets import FiguresAreForAgencies
from services.hotline.use_cases.dispatch_ticket import CategoryNeeded
from shared.sharing.refusals import SHARING_PROBLEMS
from shared.web.problems import ProblemTable, ProblemType

PROBLEMS: ProblemTable = {
    **SHARING_PROBLEMS,
    TicketNotFound: ProblemType(HTTPStatus.NOT_FOUND, "ticket-not-found", "工单不存在", "No such ticket"),
    NotYourPart: ProblemType(
        HTTPStatus.FORBIDDEN,
        "not-your-part",
        "此操作应由他方办理",
        "This is another's to do",
        "应由 {allowed} 办理。",
        "It is for the {allowed} to do.",
    ),
    RatingIsTheRequesters: ProblemType(
        HTTPStatus.FORBIDDEN,
        "rating-is-the-requesters",
        "评价只能由诉求人本人作出",
        "Only the requester rates",
    ),
    FiguresAreForAgencies: ProblemType(
        HTTPStatus.FORBIDDEN, "figures-are-for-agencies", "统计仅供承办单位查看", "Figures are for agencies"
    ),
    EmergencyTransfer: ProblemType(
        HTTPStatus.CONFLICT,
        "emergency-transfer",
        "紧急情况请直接拨打紧急热线",
        "Call the emergency line",
        "请立即拨打 {lines}（110 报警、119 火警、120 急救、122 交通事故）；"
        "如当前无人身危险，请以 no_emergency 再次提交。",
        "Call {lines} now (110 police, 119 fire, 120 ambulance, 122 traffic accidents);"
        " if nobody is in danger now, send it again with no_emergency.",
    ),
    ActionNotAllowed: ProblemType(
        HTTPStatus.CONFLICT,
        "action-not-allowed",
        "工单当前状态不允许此操作",
        "The ticket's state does not allow this",
        "工单状态为 {ticket_state}，不能 {action}。",
        "The ticket is {ticket_state}: {action} is not possible.",
    ),
    ReturnNotAllowed: ProblemType(
        HTTPStatus.CONFLICT,
        "return-not-allowed",
        "指定承办的工单不得再退",
        "The ticket may not be returned again",
    ),
    CategoryNeeded: ProblemType(
        HTTPStatus.CONFLICT,
        "category-needed",
        "请指定诉求类别",
        "Name a category",
        "未能自动分类，派单时请指定 category。",
        "No category was found: name one with the dispatch.",
    ),
    ReplyMissing: ProblemType(
        HTTPStatus.CONFLICT, "reply-missing", "未答复的工单不能办结", "A ticket is not closed without a reply"
    ),
    AlreadyRated: ProblemType(
        HTTPStatus.CONFLICT, "already-rated", "该工单已评价", "The ticket was rated already"
    ),
    RatingStillOpen: ProblemType(
        HTTPStatus.CONFLICT,
        "rating-still-open",
        "评价期未满，暂不能办结",
        "The requester may still rate",
        "诉求人可在 {until} 前评价。",
        "The requester may rate until {until}.",
    ),
    LevelTooLate: ProblemType(
        HTTPStatus.CONFLICT,
        "level-too-late",
        "已逾期的工单不能再改难度",
        "The ticket is overdue: its level stays",
        "办理期限为 {due_at}。",
        "It was due at {due_at}.",
    ),
}

"""Where a case stands by its service's own word: in the common vocabulary, with the present and the next step."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from gateway.progress.domain.case import CaseKind, CaseState, Title

_K = CaseKind
_S = CaseState


@dataclass(frozen=True)
class Standing:
    """The common state, what is being done now and what comes after."""

    state: CaseState
    now: Title
    then: Title


def _standing(state: CaseState, now_zh: str, now_en: str, then_zh: str, then_en: str) -> Standing:
    return Standing(state, Title(now_zh, now_en), Title(then_zh, then_en))


_DONE: Final = ("无需再办", "Nothing more to do")
_DECISION: Final = ("作出决定", "Decision")
_REVIEW: Final = ("审核", "Review")
_CORRECT: Final = ("请按清单补正后重新提交", "Correct what is listed and submit again")
_COMPLETION: Final = ("全部办结", "Completion of all parts")
_AGAIN: Final = ("可以重新申请", "You may apply again")

STANDINGS: Final[Mapping[tuple[CaseKind, str], Standing]] = {
    (_K.EXTERNAL, "submitted"): _standing(_S.SUBMITTED, "已提交", "Submitted", *_REVIEW),
    (_K.EXTERNAL, "in_progress"): _standing(_S.IN_PROGRESS, "办理中", "In progress", "办结", "Completion"),
    (_K.EXTERNAL, "returned"): _standing(_S.RETURNED, "已退回补正", "Sent back to you", *_CORRECT),
    (_K.EXTERNAL, "completed"): _standing(_S.COMPLETED, "已办结", "Done", *_DONE),
    (_K.EXTERNAL, "refused"): _standing(_S.REFUSED, "不予办理", "Refused", *_AGAIN),
    (_K.EXTERNAL, "withdrawn"): _standing(_S.WITHDRAWN, "已撤回", "Withdrawn", *_DONE),
    (_K.MATTER, "in_progress"): _standing(
        _S.IN_PROGRESS, "各部门办理中", "With the departments", *_COMPLETION
    ),
    (_K.MATTER, "returned"): _standing(_S.RETURNED, "已退回补正", "Sent back to you", *_CORRECT),
    (_K.MATTER, "awaiting_choice"): _standing(
        _S.RETURNED, "有环节不予办理", "A part was refused", "请选择如何继续", "Say how to go on"
    ),
    (_K.MATTER, "partly_completed"): _standing(_S.COMPLETED, "部分办结", "A part of it is done", *_DONE),
    (_K.MATTER, "completed"): _standing(_S.COMPLETED, "已全部办结", "All is done", *_DONE),
    (_K.MATTER, "withdrawn"): _standing(_S.WITHDRAWN, "已撤回", "Withdrawn", *_DONE),
    (_K.FILING, "submitted"): _standing(_S.SUBMITTED, "登记机关审核", "Review by the registrar", *_DECISION),
    (_K.FILING, "returned"): _standing(_S.RETURNED, "已退回补正", "Sent back to you", *_CORRECT),
    (_K.FILING, "approved"): _standing(
        _S.COMPLETED, "准予登记", "Registered", "领取电子营业执照", "Collect the business licence"
    ),
    (_K.FILING, "refused"): _standing(_S.REFUSED, "不予登记", "Refused", *_AGAIN),
    (_K.FILING, "withdrawn"): _standing(_S.WITHDRAWN, "已撤回", "Withdrawn", *_DONE),
    (_K.APPLICATION, "under_review"): _standing(
        _S.IN_PROGRESS, "各许可部门并联审批", "Review by the permit agencies, in parallel", *_DECISION
    ),
    (_K.APPLICATION, "returned"): _standing(_S.RETURNED, "已退回补正", "Sent back to you", *_CORRECT),
    (_K.APPLICATION, "approved"): _standing(
        _S.COMPLETED, "准予许可", "Granted", "领取行业综合许可证", "Collect the comprehensive permit"
    ),
    (_K.APPLICATION, "refused"): _standing(_S.REFUSED, "不予许可", "Refused", *_AGAIN),
    (_K.TICKET, "received"): _standing(
        _S.SUBMITTED, "已受理", "Received", "派往责任单位", "Dispatch to the unit"
    ),
    (_K.TICKET, "dispatched"): _standing(
        _S.IN_PROGRESS, "责任单位处理", "With the responsible unit", "与您联系", "The unit contacts you"
    ),
    (_K.TICKET, "sent_back"): _standing(
        _S.IN_PROGRESS,
        "热线中心重新派单",
        "The hotline looks for the right unit",
        "派往责任单位",
        "Dispatch again",
    ),
    (_K.TICKET, "contacted"): _standing(
        _S.IN_PROGRESS, "责任单位处理", "With the responsible unit", "答复", "Answer"
    ),
    (_K.TICKET, "replied"): _standing(
        _S.RETURNED, "已答复，请评价", "Answered; please rate the answer", "办结", "Closing"
    ),
    (_K.TICKET, "rated"): _standing(_S.IN_PROGRESS, "已评价", "Rated", "办结", "Closing"),
    (_K.TICKET, "closed"): _standing(_S.COMPLETED, "已办结", "Closed", *_DONE),
    (_K.TASK, "assigned"): _standing(_S.SUBMITTED, "待部门接收", "Waits in the department's queue", *_REVIEW),
    (_K.TASK, "taken"): _standing(_S.IN_PROGRESS, "部门办理中", "With the department", "办结", "Completion"),
    (_K.TASK, "returned"): _standing(_S.RETURNED, "部门退回", "Sent back by the department", *_CORRECT),
    (_K.TASK, "visit_requested"): _standing(
        _S.RETURNED, "部门请您到场", "The department asks you to come", "请到场办理", "Come to the department"
    ),
    (_K.TASK, "refused"): _standing(_S.REFUSED, "不予办理", "Refused", *_AGAIN),
    (_K.TASK, "completed"): _standing(_S.COMPLETED, "已办结", "Done", *_DONE),
    (_K.TASK, "cancelled"): _standing(_S.WITHDRAWN, "已取消", "Cancelled", *_DONE),
    (_K.PAYMENT, "requested"): _standing(_S.RETURNED, "待缴费", "To be paid", "请缴费", "Please pay"),
    (_K.PAYMENT, "paid"): _standing(_S.COMPLETED, "已缴费", "Paid", *_DONE),
    (_K.PAYMENT, "voided"): _standing(_S.WITHDRAWN, "无需缴费", "Void", *_DONE),
    (_K.PAYMENT, "refunded"): _standing(_S.WITHDRAWN, "已退费", "Refunded", *_DONE),
    (_K.DELIVERY, "prepared"): _standing(
        _S.SUBMITTED, "待寄送或领取", "Ready to be sent or collected", "送达", "Delivery"
    ),
    (_K.DELIVERY, "ordered"): _standing(
        _S.IN_PROGRESS, "已下单", "Ordered from the courier", "送达", "Delivery"
    ),
    (_K.DELIVERY, "shipped"): _standing(_S.IN_PROGRESS, "寄送中", "On its way", "签收", "Receipt"),
    (_K.DELIVERY, "delivered"): _standing(_S.COMPLETED, "已送达", "Delivered", *_DONE),
    (_K.DELIVERY, "failed"): _standing(
        _S.RETURNED,
        "投递失败",
        "Could not be delivered",
        "请核对地址后重新寄送",
        "Check the address and send again",
    ),
}

FIRST: Final[Mapping[CaseKind, str]] = {
    CaseKind.MATTER: "in_progress",
    CaseKind.FILING: "submitted",
    CaseKind.APPLICATION: "under_review",
    CaseKind.TICKET: "received",
    CaseKind.TASK: "assigned",
    CaseKind.PAYMENT: "requested",
    CaseKind.DELIVERY: "prepared",
    CaseKind.EXTERNAL: "submitted",
}
"""Where a case stands before any event has said so."""

DUTIES: Final[Mapping[CaseKind, str]] = {
    CaseKind.FILING: "register_enterprises",
    CaseKind.APPLICATION: "issue_comprehensive_permits",
    CaseKind.TICKET: "answer_requests",
}
"""Whose duty a case is while no event has named its unit: duties of the region pack."""


def standing_of(kind: CaseKind, own_state: str) -> Standing:
    """Where a case stands; a word that is not known here yet counts as in progress."""
    found = STANDINGS.get((kind, own_state))
    return found or _standing(_S.IN_PROGRESS, "办理中", "In progress", *_COMPLETION)

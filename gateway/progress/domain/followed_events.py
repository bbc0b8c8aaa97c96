"""Which event moves which case, and how: one table. What another part publishes later is one more line."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from gateway.progress.domain.case import CaseKind, Title


@dataclass(frozen=True)
class Told:
    """What an event type tells: of which kind of case, under which field its id stands, what becomes of it.

    `becomes` is the service's own word for the new state, None for an event that changes none.
    """

    kind: CaseKind
    key: str
    becomes: str | None
    text: Title
    is_overdue: bool | None = None
    leaves_unit: bool = False
    names_unit: bool = True


def _filing(becomes: str, zh: str, en: str) -> Told:
    return Told(CaseKind.FILING, "filing_id", becomes, Title(zh, en))


def _application(becomes: str | None, zh: str, en: str, *, is_overdue: bool | None = None) -> Told:
    # An agency's decision on its component does not make it the handler of the whole application.
    return Told(CaseKind.APPLICATION, "application_id", becomes, Title(zh, en), is_overdue, names_unit=False)


def _ticket(becomes: str | None, zh: str, en: str, *, is_overdue: bool | None = None) -> Told:
    return Told(CaseKind.TICKET, "ticket_number", becomes, Title(zh, en), is_overdue)


def _matter(becomes: str | None, zh: str, en: str, *, is_overdue: bool | None = None) -> Told:
    return Told(CaseKind.MATTER, "matter_id", becomes, Title(zh, en), is_overdue)


def _task(becomes: str | None, zh: str, en: str, *, is_overdue: bool | None = None) -> Told:
    return Told(CaseKind.TASK, "task_id", becomes, Title(zh, en), is_overdue)


def _payment(becomes: str, zh: str, en: str) -> Told:
    return Told(CaseKind.PAYMENT, "payment_id", becomes, Title(zh, en))


def _delivery(becomes: str, zh: str, en: str) -> Told:
    return Told(CaseKind.DELIVERY, "delivery_id", becomes, Title(zh, en))


EVENTS: Final[Mapping[str, Told]] = {
    "registration.filing.submitted": _filing("submitted", "提交登记申请", "Filing submitted"),
    "registration.filing.returned": _filing("returned", "退回补正", "Sent back for correction"),
    "registration.filing.approved": _filing("approved", "准予登记", "Registration granted"),
    "registration.filing.refused": _filing("refused", "不予登记", "Registration refused"),
    "registration.filing.reopened": Told(
        CaseKind.FILING,
        "filing_id",
        "submitted",
        Title("撤销不予登记决定，重新审查", "Refusal set aside, under review again"),
        is_overdue=False,
    ),
    "registration.filing.withdrawn": _filing("withdrawn", "申请撤回", "Withdrawn"),
    "registration.filing.overdue": Told(
        CaseKind.FILING, "filing_id", None, Title("超过时限", "Past its time limit"), is_overdue=True
    ),
    "licensing.application.submitted": _application("under_review", "受理许可申请", "Application accepted"),
    "licensing.application.component_decided": _application(
        None, "作出单项许可决定", "Component permit decided"
    ),
    "licensing.application.component_overdue": _application(
        None, "单项许可超期", "Component permit overdue", is_overdue=True
    ),
    "licensing.application.returned": _application("returned", "退回补正", "Sent back for correction"),
    "licensing.application.approved": _application("approved", "准予许可", "Permit granted"),
    "licensing.application.refused": _application("refused", "不予许可", "Permit refused"),
    "hotline.ticket.received": _ticket("received", "受理诉求", "Request received"),
    "hotline.ticket.dispatched": _ticket(
        "dispatched", "派往责任单位", "Dispatched to a unit", is_overdue=False
    ),
    "hotline.ticket.returned": Told(
        CaseKind.TICKET,
        "ticket_number",
        "sent_back",
        Title("单位退单", "Returned by the unit"),
        leaves_unit=True,
    ),
    "hotline.ticket.contacted": _ticket("contacted", "单位已联系诉求人", "The unit made contact"),
    "hotline.ticket.replied": _ticket("replied", "单位答复", "Answered by the unit"),
    "hotline.ticket.rated": _ticket("rated", "诉求人评价", "Rated by the requester"),
    "hotline.ticket.closed": _ticket("closed", "办结", "Closed"),
    "hotline.ticket.overdue": _ticket(None, "超过时限", "Past its time limit", is_overdue=True),
    "gateway.matter.opened": _matter(
        "in_progress", "集中受理、自动分送", "Accepted once, sent to all who take part"
    ),
    "gateway.matter.step_completed": _matter(None, "环节办结", "A step is done"),
    "gateway.matter.returned": _matter("returned", "退回补正", "Sent back for correction"),
    "gateway.matter.resubmitted": _matter("in_progress", "补正后重新提交", "Corrected and submitted again"),
    "gateway.matter.handed_over": _matter(None, "转属地办理单位", "Handed over to the unit that handles it"),
    "gateway.matter.filing_merged": _matter(
        None, "多证合一备案推送部门", "A filing that the licence takes in was sent to its agency"
    ),
    "gateway.matter.step_refused": _matter(None, "环节不予办理", "A step was refused"),
    "gateway.matter.choice_asked": _matter(
        "awaiting_choice", "请申请人选择", "The applicant is asked how to go on"
    ),
    "gateway.matter.partly_completed": _matter("partly_completed", "部分办结", "A part of it is done"),
    "gateway.matter.warned": _matter(None, "临近时限提醒", "The time limit is near"),
    "gateway.matter.escalated": _matter(None, "超时上报", "Reported to a superior as late", is_overdue=True),
    "gateway.matter.completed": _matter("completed", "全部办结", "All is done"),
    "gateway.matter.withdrawn": _matter("withdrawn", "申请人撤回", "Withdrawn by the applicant"),
    "gateway.matter.overdue": _matter(None, "超过时限", "Past its time limit", is_overdue=True),
    "gateway.task.assigned": _task("assigned", "分送部门", "Sent to the department", is_overdue=False),
    "gateway.task.taken": _task("taken", "部门接收", "Taken by the department"),
    "gateway.task.released": _task("assigned", "部门重新安排经办人", "Put back in the department's queue"),
    "gateway.task.visit_requested": _task(
        "visit_requested", "部门请申请人到场", "The applicant is asked to come"
    ),
    "gateway.task.returned": _task("returned", "部门退回", "Sent back by the department"),
    "gateway.task.completed": _task("completed", "部门办结", "Done by the department"),
    "gateway.task.overdue": _task(None, "超过时限", "Past its time limit", is_overdue=True),
    "gateway.task.refused": _task("refused", "部门不予办理", "Refused by the department"),
    "gateway.task.cancelled": _task("cancelled", "取消", "Cancelled"),
    "gateway.task.warned": _task(None, "临近时限提醒", "The time limit is near"),
    "gateway.task.escalated": _task(None, "超时上报", "Reported to a superior as late", is_overdue=True),
    "gateway.payment.requested": _payment("requested", "通知缴费", "Payment asked for"),
    "gateway.payment.paid": _payment("paid", "已缴费", "Paid"),
    "gateway.payment.voided": _payment("voided", "无需缴费", "Payment void"),
    "gateway.payment.refunded": _payment("refunded", "已退费", "Refunded"),
    "gateway.delivery.prepared": _delivery("prepared", "准备送达结果", "Results ready"),
    "gateway.delivery.ordered": _delivery("ordered", "已下单寄送", "Ordered from the courier"),
    "gateway.delivery.shipped": _delivery("shipped", "已寄出", "On its way"),
    "gateway.delivery.delivered": _delivery("delivered", "已送达", "Delivered"),
    "gateway.delivery.failed": _delivery("failed", "投递失败", "Could not be delivered"),
}


OUTSIDE: Final = "gateway.external.received"
"""What systems outside send; one whose type ends so tells where a case of theirs stands."""
PROGRESSED: Final = ".progressed.v1"
_OUTSIDE_TEXT: Final = Title("外部系统办件进度", "Progress in an outside system")


def text_of(what: str) -> Title:
    """What an entry of the history says."""
    if what == OUTSIDE:
        return _OUTSIDE_TEXT
    told = EVENTS.get(what)
    return told.text if told else Title(what, what)

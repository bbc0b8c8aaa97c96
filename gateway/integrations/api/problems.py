"""Refusals of the integrations part as problems."""

from http import HTTPStatus
from typing import Final

from gateway.integrations.domain.errors import (
    AnotherEventOfThisId,
    EventNotAccepted,
    EventNotInContract,
    NotAnAgencyHere,
    NotYourSystem,
    SystemNotFound,
)
from shared.web.problems import ProblemTable, ProblemType

PROBLEMS: Final[ProblemTable] = {
    SystemNotFound: ProblemType(
        HTTPStatus.NOT_FOUND, "outside-system-not-found", "未找到该外部系统", "No such outside system"
    ),
    EventNotInContract: ProblemType(
        HTTPStatus.BAD_REQUEST,
        "event-not-in-contract",
        "对接约定中没有此类事件",
        "No contract knows this type of event",
        "可发送的事件见 /integrations/v1/systems。",
        "What may be sent is listed at /integrations/v1/systems.",
    ),
    NotYourSystem: ProblemType(
        HTTPStatus.FORBIDDEN,
        "not-your-system",
        "仅该系统的主管部门可以发送其事件",
        "Only the agency that answers for a system sends its events",
    ),
    EventNotAccepted: ProblemType(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "outside-event-not-accepted",
        "事件内容不符合对接约定",
        "The event is not what its contract says",
    ),
    AnotherEventOfThisId: ProblemType(
        HTTPStatus.CONFLICT,
        "another-event-of-this-id",
        "该事件编号已用于其他内容",
        "The event's id came before with other content",
    ),
    NotAnAgencyHere: ProblemType(
        HTTPStatus.FORBIDDEN,
        "agency-of-the-region-only",
        "仅本地区部门可以查看回流数据",
        "Only agencies of the region read what came back to it",
    ),
}

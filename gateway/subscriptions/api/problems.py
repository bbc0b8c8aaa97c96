"""Refusals of the subscriptions part as problems."""

from http import HTTPStatus
from typing import Final

from gateway.subscriptions.domain.errors import (
    AlreadyEnded,
    EventTypeNotOpen,
    EventTypesUnavailable,
    EventTypeUnknown,
    NotAnAgency,
    PositionUnknown,
    SubscriptionNotFound,
)
from shared.web.problems import ProblemTable, ProblemType

PROBLEMS: Final[ProblemTable] = {
    SubscriptionNotFound: ProblemType(
        HTTPStatus.NOT_FOUND, "subscription-not-found", "未找到该订阅", "No such subscription"
    ),
    NotAnAgency: ProblemType(
        HTTPStatus.FORBIDDEN,
        "agencies-only",
        "仅本地区部门可以订阅事件",
        "Only agencies of the region follow events",
    ),
    EventTypeUnknown: ProblemType(
        HTTPStatus.BAD_REQUEST,
        "event-type-unknown",
        "没有此类事件",
        "No such type of event",
        "可订阅的类型见 /subscriptions/v1/event-types。",
        "The types are listed at /subscriptions/v1/event-types.",
    ),
    EventTypeNotOpen: ProblemType(
        HTTPStatus.FORBIDDEN,
        "event-type-not-open",
        "该类事件不向本部门开放",
        "This type of event is not open to your agency",
    ),
    EventTypesUnavailable: ProblemType(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "event-types-unavailable",
        "暂时无法核对事件类型，请稍后重试",
        "The types of events cannot be checked right now; try again",
        "暂时无法访问：{services}。",
        "Not reachable right now: {services}.",
    ),
    AlreadyEnded: ProblemType(
        HTTPStatus.CONFLICT, "subscription-ended", "订阅已结束", "The subscription has ended"
    ),
    PositionUnknown: ProblemType(
        HTTPStatus.CONFLICT,
        "position-unknown",
        "事件日志尚未到达该位置",
        "The event log has not come to this position",
    ),
}

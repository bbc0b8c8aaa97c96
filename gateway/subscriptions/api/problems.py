"""Refusals of the subscriptions part as problems."""

from http import HTTPStatus
from typing import Final

from gateway.subscriptions.domain.destination import DestinationActionNotAllowed
from gateway.subscriptions.domain.errors import (
    AlreadyEnded,
    DestinationNotFound,
    EventTypeNotOpen,
    EventTypesUnavailable,
    EventTypeUnknown,
    NotAnAgency,
    PositionTooOld,
    PositionUnknown,
    SubscriptionNotFound,
    TargetRefused,
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
    PositionTooOld: ProblemType(
        HTTPStatus.GONE,
        "position-too-old",
        "该位置之后的事件已不完整",
        "The log is not complete after this position any more",
        "请先取快照 {snapshot}，再从快照所示位置继续；{oldest} 之后的事件仍完整。",
        "Begin with the snapshot at {snapshot} and go on from its position; after {oldest} the log is complete.",
    ),
    DestinationNotFound: ProblemType(
        HTTPStatus.NOT_FOUND,
        "destination-not-found",
        "该订阅没有推送地址，或没有此待处理的推送",
        "The subscription has no destination, or no such outstanding delivery",
    ),
    DestinationActionNotAllowed: ProblemType(
        HTTPStatus.CONFLICT,
        "destination-action-not-allowed",
        "推送地址的当前状态不允许此操作",
        "The destination's state does not allow this",
        "推送地址状态为 {destination_state}。",
        "The destination is {destination_state}.",
    ),
    TargetRefused: ProblemType(
        HTTPStatus.BAD_REQUEST,
        "webhook-target-refused",
        "不能推送到该地址",
        "Webhooks may not go there",
        "推送地址须为公网 https 地址（端口 443 或 8443），或运维指定的部门网络内的地址。",
        "A target is an https address on the Internet (port 443 or 8443), or one in a network that the operator named.",
    ),
}

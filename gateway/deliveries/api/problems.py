"""Refusals of the deliveries part as problems."""

from http import HTTPStatus
from typing import Final

from gateway.deliveries.domain.errors import (
    AddressNeeded,
    CallbackNotAuthentic,
    ChoiceClosed,
    ChoiceNotFound,
    CourierUnknown,
    DeliveryActionNotAllowed,
    DeliveryNotFound,
    NoLocalCourier,
    NothingToHandOver,
    OrderNotSettled,
    WindowOnly,
)
from shared.web.problems import ProblemTable, ProblemType

PROBLEMS: Final[ProblemTable] = {
    AddressNeeded: ProblemType(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "delivery-address-needed",
        "邮寄需要收件人、电话和地址",
        "Delivery by courier needs a name, a telephone number and an address",
        "选择 ems 时必须填写 address，其他方式不得填写。",
        "Give `address` with the method ems, and with no other.",
    ),
    ChoiceNotFound: ProblemType(
        HTTPStatus.NOT_FOUND, "delivery-choice-not-found", "没有该办件", "There is no such case"
    ),
    ChoiceClosed: ProblemType(
        HTTPStatus.CONFLICT,
        "delivery-choice-closed",
        "结果已开始送达，不能再更改领取方式",
        "The results are on their way; the way cannot be changed any more",
    ),
    DeliveryNotFound: ProblemType(
        HTTPStatus.NOT_FOUND, "delivery-not-found", "没有该送达记录", "There is no such delivery"
    ),
    DeliveryActionNotAllowed: ProblemType(
        HTTPStatus.CONFLICT,
        "delivery-action-not-allowed",
        "该送达记录当前不能执行此操作",
        "The delivery does not allow this now",
        "当前状态：{delivery_state}。",
        "It is {delivery_state}.",
    ),
    OrderNotSettled: ProblemType(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "courier-order-not-settled",
        "订单尚在登记，请稍后重发",
        "The order is not settled yet; send this again in a moment",
    ),
    NothingToHandOver: ProblemType(
        HTTPStatus.NOT_FOUND,
        "nothing-to-hand-over",
        "受理编号或取件码不正确，或已领取",
        "The case number or the code is not right, or the results were collected",
    ),
    WindowOnly: ProblemType(
        HTTPStatus.FORBIDDEN,
        "window-only",
        "仅窗口工作人员可以发放办理结果",
        "Only an officer hands results over",
    ),
    CourierUnknown: ProblemType(
        HTTPStatus.NOT_FOUND,
        "courier-not-connected",
        "未接入该寄递企业",
        "No courier of this name is connected",
    ),
    NoLocalCourier: ProblemType(
        HTTPStatus.CONFLICT,
        "no-local-courier",
        "本地寄递仅在本地模式且未接入寄递企业时可用",
        "The local courier is there in local mode only, while none outside is connected",
    ),
    CallbackNotAuthentic: ProblemType(
        HTTPStatus.FORBIDDEN,
        "courier-callback-not-authentic",
        "回调签名或时间不正确",
        "The callback's signature or time is not right",
        "原因：{reason}。",
        "Reason: {reason}.",
    ),
}

"""Refusals of the payments part as problems."""

from http import HTTPStatus
from typing import Final

from gateway.payments.domain.errors import (
    CallbackContradicts,
    CallbackNotAuthentic,
    NoLocalCashier,
    NotPaidYet,
    PaymentActionNotAllowed,
    PaymentNotFound,
    PaymentsAuthorityOnly,
    ProviderUnknown,
)
from shared.web.problems import ProblemTable, ProblemType

PROBLEMS: Final[ProblemTable] = {
    PaymentNotFound: ProblemType(
        HTTPStatus.NOT_FOUND, "payment-not-found", "没有该缴费单", "There is no such payment"
    ),
    PaymentActionNotAllowed: ProblemType(
        HTTPStatus.CONFLICT,
        "payment-action-not-allowed",
        "该缴费单当前不能执行此操作",
        "The payment does not allow this now",
        "当前状态：{payment_state}。",
        "It is {payment_state}.",
    ),
    NotPaidYet: ProblemType(
        HTTPStatus.CONFLICT,
        "not-paid-yet",
        "尚未缴费，没有收据",
        "Not paid, so there is no receipt",
        "当前状态：{payment_state}。",
        "It is {payment_state}.",
    ),
    ProviderUnknown: ProblemType(
        HTTPStatus.NOT_FOUND,
        "payment-provider-not-connected",
        "未接入该支付渠道",
        "No payment provider of this name is connected",
    ),
    CallbackNotAuthentic: ProblemType(
        HTTPStatus.FORBIDDEN,
        "payment-callback-not-authentic",
        "回调签名或时间不正确",
        "The callback's signature or time is not right",
        "原因：{reason}。",
        "Reason: {reason}.",
    ),
    CallbackContradicts: ProblemType(
        HTTPStatus.CONFLICT,
        "payment-callback-contradicts",
        "回调内容与缴费单不符，已记录待核对",
        "The callback contradicts the payment; it is kept for reconciliation",
        "原因：{verdict}。",
        "Reason: {verdict}.",
    ),
    NoLocalCashier: ProblemType(
        HTTPStatus.CONFLICT,
        "no-local-cashier",
        "本地收银台仅在本地模式且未接入支付渠道时可用",
        "The local cashier is there in local mode only, while no provider is connected",
    ),
    PaymentsAuthorityOnly: ProblemType(
        HTTPStatus.FORBIDDEN,
        "payments-authority-only",
        "仅数据主管部门可以对账",
        "Only the data bureau reconciles payments",
    ),
}

"""Events of payments: ids and amounts, never how somebody paid."""

from typing import Final

from gateway.payments.domain.payment import Payment
from shared.messaging.contracts import Published
from shared.messaging.events import Announcement, EventType, Payload


class PaymentEventV1(Payload):
    """What is said of a payment whatever happens to it."""

    payment_id: str
    case_id: str
    case_no: str
    part: str
    payer: str
    amount_fen: int
    title_zh: str
    title_en: str


class PaymentRequestedV1(PaymentEventV1):
    """A part of a case costs something and waits for it."""

    basis: str


class PaymentPaidV1(PaymentEventV1):
    """The money came in."""

    receipt_number: str


class PaymentVoidedV1(PaymentEventV1):
    """Nothing has to be paid any more."""

    reason: str


class PaymentRefundedV1(PaymentEventV1):
    """The money is back."""

    reason: str


def _type(verb: str) -> EventType:
    return EventType("gateway", "payment", verb)


def payment_requested(payment: Payment) -> Announcement:
    """Say what is to be paid."""
    return _announced(
        payment,
        "requested",
        PaymentRequestedV1.model_validate({**_common(payment), "basis": payment.ask.basis}),
    )


def payment_paid(payment: Payment) -> Announcement:
    """Say that it was paid; raises ValueError for one that was not."""
    if payment.settlement is None:
        raise ValueError("not paid")
    payload = PaymentPaidV1.model_validate(
        {**_common(payment), "receipt_number": payment.settlement.receipt_number}
    )
    return _announced(payment, "paid", payload)


def payment_voided(payment: Payment) -> Announcement:
    """Say that nothing has to be paid."""
    return _announced(
        payment,
        "voided",
        PaymentVoidedV1.model_validate({**_common(payment), "reason": payment.ended_because or ""}),
    )


def payment_refunded(payment: Payment) -> Announcement:
    """Say that the money is back."""
    return _announced(
        payment,
        "refunded",
        PaymentRefundedV1.model_validate({**_common(payment), "reason": payment.ended_because or ""}),
    )


def _announced(payment: Payment, verb: str, payload: Payload) -> Announcement:
    return Announcement(_type(verb), str(payment.payment_id), payload)


def _common(payment: Payment) -> dict[str, object]:
    ask = payment.ask
    return {
        "payment_id": str(ask.payment_id),
        "case_id": ask.case_id,
        "case_no": ask.case_no,
        "part": ask.part,
        "payer": ask.payer,
        "amount_fen": ask.amount_fen,
        "title_zh": ask.title_zh,
        "title_en": ask.title_en,
    }


_EXAMPLE: Final[dict[str, object]] = {
    "payment_id": "01938f0e-7c1a-7a52-9a53-0b6f0a4be101",
    "case_id": "01938f0e-7c1a-7a52-9a53-0b6f0a4be001",
    "case_no": "YJS-140881-20261123-000001-H",
    "part": "food_operation",
    "payer": "p-7c1f",
    "amount_fen": 12000,
    "title_zh": "检验费",
    "title_en": "Inspection fee",
}

PUBLISHED: tuple[Published, ...] = (
    Published(
        _type("requested"),
        PaymentRequestedV1,
        PaymentRequestedV1.model_validate({**_EXAMPLE, "basis": "收费目录清单第12项"}),
        "A part of a case waits for a payment (缴费通知)",
    ),
    Published(
        _type("paid"),
        PaymentPaidV1,
        PaymentPaidV1.model_validate({**_EXAMPLE, "receipt_number": "PJ-140881-20261123-000001-X"}),
        "A payment came in (缴费成功)",
    ),
    Published(
        _type("voided"),
        PaymentVoidedV1,
        PaymentVoidedV1.model_validate({**_EXAMPLE, "reason": "申请人撤回"}),
        "A payment is not due any more (缴费取消)",
    ),
    Published(
        _type("refunded"),
        PaymentRefundedV1,
        PaymentRefundedV1.model_validate({**_EXAMPLE, "reason": "申请人撤回"}),
        "The money was given back (已退费)",
    ),
)

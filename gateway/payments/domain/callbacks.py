"""What a payment provider reports, and what is to be thought of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from gateway.payments.domain.payment import Payment, PaymentState


class Reported(StrEnum):
    """What happened at the provider."""

    PAID = "paid"
    REFUNDED = "refunded"


class Verdict(StrEnum):
    """What an authentic report comes to."""

    TAKEN = "taken"
    REPEATED = "repeated"
    UNKNOWN_ORDER = "unknown_order"
    WRONG_AMOUNT = "wrong_amount"
    SECOND_TRANSACTION = "second_transaction"
    OUT_OF_TURN = "out_of_turn"


REFUSING = frozenset(
    {Verdict.UNKNOWN_ORDER, Verdict.WRONG_AMOUNT, Verdict.SECOND_TRANSACTION, Verdict.OUT_OF_TURN}
)


@dataclass(frozen=True)
class Report:
    """An authentic message of the provider; `message_id` is the same whenever it is sent again."""

    provider: str
    message_id: str
    payment_id: UUID
    reported: Reported
    amount_fen: int
    transaction_id: str
    at: datetime


def verdict_on(report: Report, payment: Payment | None) -> Verdict:
    """Judge a report by the payment as it stands; only one that is TAKEN changes anything."""
    if payment is None:
        return Verdict.UNKNOWN_ORDER
    if report.amount_fen != payment.ask.amount_fen:
        return Verdict.WRONG_AMOUNT
    return _on_payment(report, payment) if report.reported is Reported.PAID else _on_refund(payment)


def _on_payment(report: Report, payment: Payment) -> Verdict:
    if payment.settlement is None:
        return Verdict.TAKEN
    is_same = payment.settlement.transaction_id == report.transaction_id
    return Verdict.REPEATED if is_same else Verdict.SECOND_TRANSACTION


def _on_refund(payment: Payment) -> Verdict:
    if payment.state is PaymentState.REFUNDED:
        return Verdict.REPEATED
    return Verdict.TAKEN if payment.state is PaymentState.REFUNDING else Verdict.OUT_OF_TURN

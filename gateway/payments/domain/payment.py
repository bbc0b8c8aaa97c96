"""A payment (缴费): what one part of a case costs, and how far it is paid, voided or given back."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from gateway.payments.domain.errors import NotPaidYet, PaymentActionNotAllowed


class PaymentState(StrEnum):
    """Where a payment stands."""

    UNPAID = "unpaid"
    PAID = "paid"
    REFUNDING = "refunding"
    REFUNDED = "refunded"
    VOID = "void"


class PaymentAction(StrEnum):
    """What happens to a payment."""

    PAY = "pay"
    VOID = "void"
    GIVE_BACK = "give_back"
    CONFIRM_REFUND = "confirm_refund"


# Money that comes in for what was voided a moment before goes back.
TRANSITIONS: Final = {
    (PaymentState.UNPAID, PaymentAction.PAY): PaymentState.PAID,
    (PaymentState.UNPAID, PaymentAction.VOID): PaymentState.VOID,
    (PaymentState.PAID, PaymentAction.GIVE_BACK): PaymentState.REFUNDING,
    (PaymentState.VOID, PaymentAction.PAY): PaymentState.REFUNDING,
    (PaymentState.REFUNDING, PaymentAction.CONFIRM_REFUND): PaymentState.REFUNDED,
}


class ProviderCall(StrEnum):
    """What the payment provider still has to be told."""

    ORDER = "order"
    CLOSE = "close"
    REFUND = "refund"


@dataclass(frozen=True)
class PaymentAsk:
    """What a part of a case costs; `basis` is the legal basis of the fee (收费依据), `payer` an opaque subject.

    The same `payment_id` asked for again is the same payment.
    """

    payment_id: UUID
    case_id: str
    case_no: str
    part: str
    payer: str
    title_zh: str
    title_en: str
    amount_fen: int
    basis: str


@dataclass(frozen=True)
class ProviderOrder:
    """The order at the provider: its number there, and where the person pays."""

    provider: str
    reference: str
    pay_url: str | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True)
class Settlement:
    """That the money came in: through which provider, its transaction, when, and the receipt for it."""

    provider: str
    transaction_id: str
    paid_at: datetime
    receipt_number: str


@dataclass(frozen=True)
class Errand:
    """When the provider is called next, how often in a row that failed, and what it said last."""

    next_attempt_at: datetime | None = None
    attempts: int = 0
    last_fault: str | None = None


@dataclass(frozen=True)
class Payment:
    """A payment and its life so far; `ended_because` says why it was voided or given back."""

    ask: PaymentAsk
    asked_at: datetime
    state: PaymentState = PaymentState.UNPAID
    order: ProviderOrder | None = None
    settlement: Settlement | None = None
    ended_because: str | None = None
    refunded_at: datetime | None = None
    errand: Errand = Errand()
    version: int = 1

    @property
    def payment_id(self) -> UUID:
        """Its id, which is also the number of the order that the provider gets."""
        return self.ask.payment_id

    @property
    def pending_call(self) -> ProviderCall | None:
        """What the provider still has to be told."""
        if self.state is PaymentState.UNPAID and self.order is None:
            return ProviderCall.ORDER
        if self.state is PaymentState.VOID and self.order is not None and self.order.closed_at is None:
            return ProviderCall.CLOSE
        return ProviderCall.REFUND if self.state is PaymentState.REFUNDING else None


def ask_for(ask: PaymentAsk, now: datetime) -> Payment:
    """Begin a payment. Raises: ValueError for an amount that is none."""
    if ask.amount_fen <= 0:
        raise ValueError("a part without fee has no payment")
    return Payment(ask, now, errand=Errand(now))


def pay(payment: Payment, settlement: Settlement) -> Payment:
    """Take in that the money came. Raises: PaymentActionNotAllowed."""
    paid = _advance(payment, PaymentAction.PAY, settlement.paid_at)
    return replace(paid, settlement=settlement)


def end(payment: Payment, reason: str, now: datetime) -> Payment:
    """Void what is unpaid, give back what is paid; what has ended stays. Source: the case was withdrawn."""
    if payment.state not in (PaymentState.UNPAID, PaymentState.PAID):
        return payment
    is_unpaid = payment.state is PaymentState.UNPAID
    ended = _advance(payment, PaymentAction.VOID if is_unpaid else PaymentAction.GIVE_BACK, now)
    return replace(ended, ended_because=reason)


def confirm_refund(payment: Payment, now: datetime) -> Payment:
    """Take in that the money is back. Raises: PaymentActionNotAllowed."""
    return replace(_advance(payment, PaymentAction.CONFIRM_REFUND, now), refunded_at=now)


def take_order(payment: Payment, order: ProviderOrder, now: datetime) -> Payment:
    """Take in that the provider has the order, also for what was voided or paid in the meantime."""
    return _scheduled(replace(payment, order=order, version=payment.version + 1), now)


def take_closing(payment: Payment, now: datetime) -> Payment:
    """Take in that nobody can pay the order any more."""
    if payment.order is None:
        return payment
    closed = replace(payment.order, closed_at=now)
    return _scheduled(replace(payment, order=closed, version=payment.version + 1), now)


def postpone(payment: Payment, fault: str | None, delay: timedelta, now: datetime) -> Payment:
    """Take in that the call is to be made again, because it failed or because the provider is not done."""
    failed = Errand(now + delay, payment.errand.attempts + 1, fault)
    return replace(payment, errand=failed, version=payment.version + 1)


def settlement_of(payment: Payment) -> Settlement:
    """Return how it was paid. Raises: NotPaidYet."""
    if payment.settlement is None:
        raise NotPaidYet(payment.state.value)
    return payment.settlement


def _advance(payment: Payment, action: PaymentAction, now: datetime) -> Payment:
    target = TRANSITIONS.get((payment.state, action))
    if target is None:
        raise PaymentActionNotAllowed(payment.state.value, action.value)
    return _scheduled(replace(payment, state=target, version=payment.version + 1), now)


def _scheduled(payment: Payment, now: datetime) -> Payment:
    """Whoever still has something to be told is called at once."""
    return replace(payment, errand=Errand(now if payment.pending_call else None))

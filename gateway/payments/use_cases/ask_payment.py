"""Asks for what a part of a case costs, and takes it back where the case ends without it."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from gateway.payments.domain.payment import PaymentAsk, PaymentState, ask_for, end
from gateway.payments.published import payment_requested, payment_voided
from gateway.payments.store.payments import PaymentStore
from shared.database.unit_of_work import UnitOfWork


async def ask_payment(ask: PaymentAsk, uow: UnitOfWork, now: datetime) -> UUID:
    """Ask once: the same `payment_id` again changes nothing. Raises: ValueError for an amount that is none."""
    payment = ask_for(ask, now)
    if await PaymentStore(uow.session).add(payment):
        uow.announce(payment_requested(payment))
    return ask.payment_id


async def void_payments(
    case_id: str, reason: str, uow: UnitOfWork, now: datetime, *, parts: Collection[str] | None = None
) -> None:
    """Void what is unpaid of a case, of the `parts` named or of all, and give back what is paid; may be said again."""
    store = PaymentStore(uow.session)
    for payment in await store.lock_of_case(case_id):
        if parts is not None and payment.ask.part not in parts:
            continue
        ended = end(payment, reason, now)
        if ended is payment:
            continue
        await store.save(ended)
        if ended.state is PaymentState.VOID:
            uow.announce(payment_voided(ended))

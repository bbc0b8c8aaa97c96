"""Tells the payment provider what it has to know: orders, orders that nobody may pay any more, refunds.

Nothing is held open while it is called. Every call is made again until it is answered; the provider knows a repeated
one by its id, so that a worker that dies anywhere orders and refunds once.
"""

from datetime import timedelta
from typing import Final

from gateway.payments.clients import provider_from, provider_name
from gateway.payments.domain.answers import Answer, Closed, Ordered, PaymentProvider, Refunded, Unsettled
from gateway.payments.domain.payment import (
    Payment,
    PaymentState,
    ProviderCall,
    postpone,
    take_closing,
    take_order,
)
from gateway.payments.store.payments import PaymentStore
from gateway.payments.use_cases.settle_report import take_refund
from gateway.settings import GatewaySettings
from shared.database.unit_of_work import UnitOfWork, UnitOfWorkFactory
from shared.outbound import outbound_client
from shared.web.signed_calls import delay_after

BATCH: Final = 50
FIRST_DELAY: Final = timedelta(seconds=5)
LONGEST_DELAY: Final = timedelta(hours=1)


class CallProvider:
    """The errand."""

    def __init__(self, settings: GatewaySettings) -> None:
        self._settings = settings

    async def __call__(self, transactions: UnitOfWorkFactory) -> int:
        """Return how many calls were made; without a provider fees wait."""
        now = transactions.clock()

        async def due(uow: UnitOfWork) -> list[Payment]:
            return await PaymentStore(uow.session).due(now, BATCH)

        name = provider_name(self._settings)
        if name is None:
            return 0
        found = await transactions.run(due)
        async with outbound_client() as http:
            provider = provider_from(self._settings, http)
            for payment in found if provider is not None else ():
                await _call(payment, provider, name, transactions)
        return len(found)


async def _call(
    payment: Payment, provider: PaymentProvider | None, name: str, transactions: UnitOfWorkFactory
) -> None:
    answer = await _asked(payment, provider, name, transactions)

    async def settle(uow: UnitOfWork) -> None:
        await _settle(payment, answer, uow)

    await transactions.run(settle)


async def _asked(
    payment: Payment, provider: PaymentProvider | None, name: str, transactions: UnitOfWorkFactory
) -> Answer:
    now = transactions.clock()
    if provider is None or (payment.order is not None and payment.order.provider != name):
        return Unsettled("the provider that has the order is not connected")
    match payment.pending_call:
        case ProviderCall.ORDER:
            return await provider.order(payment, now)
        case ProviderCall.CLOSE:
            return await provider.close(payment, now)
        case ProviderCall.REFUND:
            return await provider.refund(payment, now)
        case _:
            return Unsettled()


async def _settle(called: Payment, answer: Answer, uow: UnitOfWork) -> None:
    """Take the answer in; what a callback changed in the meantime counts."""
    store = PaymentStore(uow.session)
    payment = await store.read(called.payment_id, lock=True)
    match answer:
        case Ordered(order) if payment.order is None:
            await store.save(take_order(payment, order, uow.now))
        case Closed():
            await store.save(take_closing(payment, uow.now))
        case Refunded() if payment.state is PaymentState.REFUNDING:
            await take_refund(payment, uow, uow.now)
        case Unsettled(fault) if payment.version == called.version:
            delay = delay_after(payment.errand.attempts + 1, FIRST_DELAY, LONGEST_DELAY)
            await store.save(postpone(payment, fault, delay, uow.now))
        case _:
            pass  # a callback was faster; what is still to be told is due already

"""The local cashier: whoever owes a fee says that it is paid, on a machine where no money is."""

from datetime import datetime
from uuid import UUID

from gateway.payments.clients import LOCAL
from gateway.payments.domain.callbacks import Report, Reported
from gateway.payments.domain.errors import NoLocalCashier, PaymentActionNotAllowed, PaymentNotFound
from gateway.payments.domain.payment import Payment, PaymentAction, PaymentState
from gateway.payments.store.payments import PaymentStore
from gateway.payments.use_cases.settle_report import settle_report
from shared.database.unit_of_work import UnitOfWork


async def pay_locally(
    payment_id: UUID, payer: str, provider: str | None, region_code: str, uow: UnitOfWork, now: datetime
) -> Payment:
    """Raises: PaymentNotFound, also for another's; NoLocalCashier; PaymentActionNotAllowed."""
    store = PaymentStore(uow.session)
    payment = await store.read(payment_id, lock=True)
    if payment.ask.payer != payer:
        raise PaymentNotFound(str(payment_id))
    if provider != LOCAL:
        raise NoLocalCashier
    if payment.state is not PaymentState.UNPAID:
        raise PaymentActionNotAllowed(payment.state.value, PaymentAction.PAY.value)
    number = f"LOCAL-{payment_id}"
    report = Report(LOCAL, number, payment_id, Reported.PAID, payment.ask.amount_fen, number, now)
    await settle_report(report, region_code, uow, now)
    return await store.read(payment_id)

"""Takes in what a provider reports: once, and only what can be."""

from datetime import datetime
from typing import Final

from gateway.payments.domain.callbacks import Report, Reported, Verdict, verdict_on
from gateway.payments.domain.payment import Payment, PaymentState, Settlement, confirm_refund, pay
from gateway.payments.published import payment_paid, payment_refunded
from gateway.payments.store.books import BookStore
from gateway.payments.store.payments import PaymentStore
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import CaseNumberParts, compose_case_number

RECEIPT_PREFIX: Final = "PJ"


async def settle_report(report: Report, region_code: str, uow: UnitOfWork, now: datetime) -> Verdict:
    """Return the verdict; a report that was there before gets the one that it got."""
    books, store = BookStore(uow.session), PaymentStore(uow.session)
    payment = await store.find(report.payment_id, lock=True)
    verdict = await books.verdict_on(report.provider, report.message_id)
    if verdict is not None:
        return Verdict.REPEATED if verdict is Verdict.TAKEN else verdict
    verdict = verdict_on(report, payment)
    await books.keep(report, verdict, now)
    if payment is None or verdict is not Verdict.TAKEN:
        return verdict
    if report.reported is Reported.PAID:
        number = await _receipt_number(store, region_code, now)
        await take_payment(payment, Settlement(report.provider, report.transaction_id, now, number), uow)
    else:
        await take_refund(payment, uow, now)
    return verdict


async def take_payment(payment: Payment, settlement: Settlement, uow: UnitOfWork) -> Payment:
    """Money came for a locked payment; what was voided before goes back without being announced as paid."""
    paid = pay(payment, settlement)
    await PaymentStore(uow.session).save(paid)
    if paid.state is PaymentState.PAID:
        uow.announce(payment_paid(paid))
    return paid


async def take_refund(payment: Payment, uow: UnitOfWork, now: datetime) -> Payment:
    """The money of a locked payment is back."""
    refunded = confirm_refund(payment, now)
    await PaymentStore(uow.session).save(refunded)
    uow.announce(payment_refunded(refunded))
    return refunded


async def _receipt_number(store: PaymentStore, region_code: str, now: datetime) -> str:
    day = local_date(now)
    serial = await store.next_receipt_serial(day)
    return compose_case_number(CaseNumberParts(RECEIPT_PREFIX, region_code, day, serial))

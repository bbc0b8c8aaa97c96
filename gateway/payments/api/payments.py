"""Payments (缴费单): what one owes, where to pay it, and the receipt (收据)."""

from datetime import UTC, datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field

from gateway.payments.api.dependencies import IssuerInUse, RegionInUse, SettingsInUse
from gateway.payments.clients import provider_name
from gateway.payments.domain.errors import (
    NoLocalCashier,
    NotPaidYet,
    PaymentActionNotAllowed,
    PaymentNotFound,
)
from gateway.payments.domain.payment import Payment, PaymentState, settlement_of
from gateway.payments.store.payments import PaymentFilters, PaymentStore
from gateway.payments.use_cases.pay_locally import pay_locally
from gateway.payments.use_cases.read_payments import read_payment
from shared.security.access import requires
from shared.web.conditional import set_etag
from shared.web.fields import ResponseModel
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/payments/v1/payments", route_class=ServiceRoute, tags=["payments"])

READ = requires("payments.payment.read")
PAY = requires("payments.payment.pay")
NOT_FISCAL_ZH = "本收据由通办平台签发，不是财政电子票据。"
NOT_FISCAL_EN = "Issued by this platform; not a fiscal electronic bill (财政电子票据)."


class TitleOut(ResponseModel):
    """What the fee is for, in both languages."""

    zh: str = Field(examples=["检验费"])
    en: str = Field(examples=["Inspection fee"])


class PaymentOut(ResponseModel):
    """A payment as its payer sees it."""

    payment_id: UUID
    case_id: str
    case_no: str = Field(examples=["YJS-140881-20261123-000001-H"])
    part: str = Field(examples=["food_operation"])
    title: TitleOut
    amount_fen: int = Field(examples=[12000], description="Amount in fen (分)")
    basis: str = Field(description="Legal basis of the fee (收费依据)")
    state: PaymentState
    asked_at: datetime
    pay_url: str | None = Field(description="Where to pay, once the provider has the order")
    paid_at: datetime | None
    receipt_number: str | None
    ended_because: str | None = Field(description="Why it was voided or given back")
    refunded_at: datetime | None
    version: int

    @classmethod
    def of(cls, payment: Payment) -> Self:
        """Shape a payment."""
        ask, settlement = payment.ask, payment.settlement
        can_pay = payment.state is PaymentState.UNPAID and payment.order is not None
        return cls(
            payment_id=ask.payment_id,
            case_id=ask.case_id,
            case_no=ask.case_no,
            part=ask.part,
            title=TitleOut(zh=ask.title_zh, en=ask.title_en),
            amount_fen=ask.amount_fen,
            basis=ask.basis,
            state=payment.state,
            asked_at=payment.asked_at.astimezone(UTC),
            pay_url=payment.order.pay_url if can_pay and payment.order else None,
            paid_at=settlement.paid_at.astimezone(UTC) if settlement else None,
            receipt_number=settlement.receipt_number if settlement else None,
            ended_because=payment.ended_because,
            refunded_at=payment.refunded_at.astimezone(UTC) if payment.refunded_at else None,
            version=payment.version,
        )


class ReceiptOut(ResponseModel):
    """A receipt; `jws` says the same, signed with a key of `/.well-known/jwks.json`."""

    receipt_number: str = Field(examples=["PJ-140881-20261123-000001-X"])
    payment_id: UUID
    case_no: str
    title: TitleOut
    amount_fen: int
    basis: str
    provider: str
    transaction_id: str
    paid_at: datetime
    state: PaymentState
    remark: TitleOut
    jws: str


@router.get("", summary="My payments (我的缴费单)", dependencies=[READ])
async def list_payments(
    caller: Caller,
    paged: Paged,
    uow: InTransaction,
    response: Response,
    state: Annotated[PaymentState | None, Query()] = None,
    case_id: Annotated[str | None, Query(min_length=1, max_length=64, pattern=r"^[0-9A-Za-z-]+$")] = None,
) -> Page[PaymentOut]:
    """What the caller, or the enterprise in whose name the caller acts, owes and paid."""
    before = UUID(str(paged.after[0])) if paged.after else None
    filters = PaymentFilters(caller.subject, state, case_id)
    found = await PaymentStore(uow.session).page(filters, before, paged.fetch)
    return paged.page([PaymentOut.of(each) for each in found], lambda each: (each.payment_id,), response)


@router.get("/{payment_id}", summary="Read a payment (缴费单)", dependencies=[READ])
@refuses(PaymentNotFound)
async def show_payment(
    payment_id: UUID, caller: Caller, region: RegionInUse, uow: InTransaction, response: Response
) -> PaymentOut:
    """Of the payer; the data bureau sees all."""
    payment = await read_payment(payment_id, caller, region, uow)
    set_etag(response, payment.version)
    return PaymentOut.of(payment)


@router.post(
    "/{payment_id}/local-payment", summary="Pay at the local cashier (本地收银台)", dependencies=[PAY]
)
@refuses(PaymentNotFound, NoLocalCashier, PaymentActionNotAllowed)
async def pay_at_local_cashier(
    payment_id: UUID,
    caller: Caller,
    region: RegionInUse,
    settings: SettingsInUse,
    uow: InTransaction,
    now: Now,
    response: Response,
) -> PaymentOut:
    """On a machine in local mode, where no money is: the payer says that it is paid."""
    provider = provider_name(settings)
    payment = await pay_locally(payment_id, caller.subject, provider, region.region.code, uow, now)
    set_etag(response, payment.version)
    return PaymentOut.of(payment)


@router.get("/{payment_id}/receipt", summary="Receipt of a payment (收据)", dependencies=[READ])
@refuses(PaymentNotFound, NotPaidYet)
async def show_receipt(
    payment_id: UUID, caller: Caller, region: RegionInUse, issuer: IssuerInUse, uow: InTransaction, now: Now
) -> ReceiptOut:
    """Signed anew each time with the key that signs now; it says itself that it is no fiscal bill."""
    payment = await read_payment(payment_id, caller, region, uow)
    settlement = settlement_of(payment)
    ask = payment.ask
    receipt = {
        "receipt_number": settlement.receipt_number,
        "payment_id": str(ask.payment_id),
        "case_no": ask.case_no,
        "title": {"zh": ask.title_zh, "en": ask.title_en},
        "amount_fen": ask.amount_fen,
        "basis": ask.basis,
        "provider": settlement.provider,
        "transaction_id": settlement.transaction_id,
        "paid_at": settlement.paid_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "state": payment.state.value,
        "remark": {"zh": NOT_FISCAL_ZH, "en": NOT_FISCAL_EN},
    }
    return ReceiptOut.model_validate(
        {**receipt, "jws": issuer.signed_document(receipt, "receipt+jwt", now=now)}
    )

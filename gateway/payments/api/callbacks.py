"""Callbacks (支付回调) of the payment provider: signed with the shared secret, taken once."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request
from pydantic import Field, StringConstraints

from gateway.payments.api.dependencies import RegionInUse, SettingsInUse
from gateway.payments.clients import OUTSIDE, provider_secret
from gateway.payments.domain.callbacks import REFUSING, Report, Reported, Verdict
from gateway.payments.domain.errors import (
    CallbackContradicts,
    CallbackNotAuthentic,
    PaymentNotFound,
    ProviderUnknown,
)
from gateway.payments.store.books import BookStore
from gateway.payments.use_cases.settle_report import settle_report
from shared.calendar import local_date
from shared.security.access import public
from shared.security.signed_messages import SignatureRefused, verify_signed
from shared.web.backend import backend_of
from shared.web.fields import Fen, Instant, RequestModel, ResponseModel
from shared.web.openapi import refuses
from shared.web.routes import ServiceRoute

router = APIRouter(prefix="/payments/v1/callbacks", route_class=ServiceRoute, tags=["payments"])

SIGNED = public("the provider signs each message with the shared secret")
ProviderName = Annotated[str, Path(min_length=1, max_length=32, pattern=r"^[a-z][a-z0-9-]*$")]
TransactionId = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[\x21-\x7e]+$")]


class CallbackIn(RequestModel):
    """What happened to an order."""

    order_id: Annotated[
        UUID,
        Field(
            examples=["01938f0e-7c1a-7a52-9a53-0b6f0a4be201"],
            description="`order_id` of the order: the payment's id",
        ),
    ]
    event: Annotated[Reported, Field(examples=["paid"])]
    amount_fen: Annotated[Fen, Field(examples=[12000])]
    transaction_id: Annotated[
        TransactionId, Field(examples=["4200002026112300001"], description="The provider's own number")
    ]
    at: Annotated[Instant, Field(examples=["2026-11-23T01:30:00Z"])]


class CallbackOut(ResponseModel):
    """`repeated` means that it was known before and changed nothing."""

    verdict: Verdict


@router.post(
    "/{provider}",
    summary="Take a callback of the provider (支付回调)",
    dependencies=[SIGNED],
    openapi_extra={"x-idempotent": True},
)
@refuses(ProviderUnknown, CallbackNotAuthentic, PaymentNotFound, CallbackContradicts)
async def take_callback(
    provider: ProviderName,
    body: CallbackIn,
    request: Request,
    settings: SettingsInUse,
    region: RegionInUse,
) -> CallbackOut:
    """Known by its `webhook-id` when it comes again. What is refused is kept for reconciliation."""
    secret = provider_secret(settings) if provider == OUTSIDE else None
    if secret is None:
        raise ProviderUnknown(provider)
    transactions = backend_of(request).transactions
    now = transactions.clock()
    try:
        message_id = verify_signed(secret, request.headers, await request.body(), now)
    except SignatureRefused as refused:
        reason = refused.reason.value
        await transactions.run(
            lambda uow: BookStore(uow.session).count_refused(provider, reason, local_date(now), now)
        )
        raise CallbackNotAuthentic(reason) from refused
    report = Report(
        provider, message_id, body.order_id, body.event, body.amount_fen, body.transaction_id, body.at
    )
    code = region.region.code
    verdict = await transactions.run(lambda uow: settle_report(report, code, uow, now))
    if verdict is Verdict.UNKNOWN_ORDER:
        raise PaymentNotFound(str(body.order_id))
    if verdict in REFUSING:
        raise CallbackContradicts(verdict.value)
    return CallbackOut(verdict=verdict)

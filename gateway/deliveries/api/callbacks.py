"""Callbacks (物流回调) of the courier: signed with the shared secret, taken once."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request
from pydantic import Field, StringConstraints

from gateway.deliveries.api.dependencies import SettingsInUse
from gateway.deliveries.clients import OUTSIDE, courier_secret
from gateway.deliveries.domain.courier import Report, Tracking, Verdict
from gateway.deliveries.domain.errors import (
    CallbackNotAuthentic,
    CourierUnknown,
    DeliveryNotFound,
    OrderNotSettled,
)
from gateway.deliveries.use_cases.move_delivery import take_report
from shared.security.access import public
from shared.security.signed_messages import SignatureRefused, verify_signed
from shared.web.fields import Instant, RequestModel, ResponseModel
from shared.web.openapi import refuses
from shared.web.routes import InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/deliveries/v1/callbacks", route_class=ServiceRoute, tags=["deliveries"])

SIGNED = public("the courier signs each message with the shared secret")
CourierName = Annotated[str, Path(min_length=1, max_length=32, pattern=r"^[a-z][a-z0-9-]*$")]
ORDER_ID = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}-[0-9]{1,4}$"
OrderId = Annotated[str, StringConstraints(min_length=38, max_length=41, pattern=ORDER_ID)]


class TrackingIn(RequestModel):
    """Where a parcel is."""

    order_id: Annotated[
        OrderId,
        Field(examples=["01938f0e-7c1a-7a52-9a53-0b6f0a4be201-1"], description="`order_id` of the order"),
    ]
    state: Annotated[Tracking, Field(examples=["shipped"])]
    at: Annotated[Instant, Field(examples=["2026-11-23T01:30:00Z"])]


class TrackingOut(ResponseModel):
    """`unchanged` means that it was known, or came too late to matter."""

    verdict: Verdict


@router.post(
    "/{courier}",
    summary="Take a callback of the courier (物流回调)",
    dependencies=[SIGNED],
    openapi_extra={"x-idempotent": True},
)
@refuses(CourierUnknown, CallbackNotAuthentic, DeliveryNotFound, OrderNotSettled)
async def take_callback(
    courier: CourierName,
    body: TrackingIn,
    request: Request,
    settings: SettingsInUse,
    uow: InTransaction,
    now: Now,
) -> TrackingOut:
    """Known by its `webhook-id` when it comes again."""
    secret = courier_secret(settings) if courier == OUTSIDE else None
    if secret is None:
        raise CourierUnknown(courier)
    try:
        message_id = verify_signed(secret, request.headers, await request.body(), now)
    except SignatureRefused as refused:
        raise CallbackNotAuthentic(refused.reason.value) from refused
    delivery_id, _, trip = body.order_id.rpartition("-")
    report = Report(courier, message_id, UUID(delivery_id), int(trip), body.state)
    return TrackingOut(verdict=await take_report(report, uow, now))

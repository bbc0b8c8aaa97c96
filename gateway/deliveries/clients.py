"""Couriers: one outside, over signed HTTP, and a local one that carries nothing."""

from datetime import datetime
from typing import Final

import httpx

from gateway.deliveries.domain.choice import Address
from gateway.deliveries.domain.courier import Courier, NotOrdered
from gateway.deliveries.domain.delivery import CourierOrder, Delivery
from gateway.settings import GatewaySettings
from shared.security.signed_messages import secret_bytes
from shared.settings import Mode
from shared.web.signed_calls import NotTaken, OutsideSystem, post_signed, short_text

OUTSIDE: Final = "http"
LOCAL: Final = "local"
_LONGEST_NUMBER: Final = 64


class OutsideCourier:
    """A courier, or a small bridge to one, that speaks docs/notices-payments-deliveries.md."""

    def __init__(self, http: httpx.AsyncClient, system: OutsideSystem, callback_url: str) -> None:
        self._http = http
        self._system = system
        self._callback_url = callback_url

    async def order(self, delivery: Delivery, address: Address, now: datetime) -> CourierOrder | NotOrdered:
        """Give it a parcel with the results of a case."""
        told = {
            "order_id": delivery.order_id,
            "case_no": delivery.case_no,
            "recipient": {"name": address.name, "phone": address.phone, "address": address.address},
            "callback_url": self._callback_url,
        }
        taken = await post_signed(
            self._http, self._system, "/orders", told, message_id=f"{delivery.order_id}-order", now=now
        )
        if isinstance(taken, NotTaken):
            return NotOrdered(taken.fault)
        reference = short_text(taken.told, "order_reference")
        number = short_text(taken.told, "tracking_number", _LONGEST_NUMBER)
        if reference is None or number is None:
            return NotOrdered("the answer has no order_reference or tracking_number")
        return CourierOrder(OUTSIDE, reference, number)


class LocalCourier:
    """Carries nothing: where a parcel is, is said through the API, in local mode only."""

    async def order(self, delivery: Delivery, address: Address, now: datetime) -> CourierOrder | NotOrdered:
        """The order is the delivery itself."""
        return CourierOrder(
            LOCAL, f"LOCAL-{delivery.order_id}", f"LOCAL{delivery.delivery_id.hex[-10:].upper()}"
        )


def courier_name(settings: GatewaySettings) -> str | None:
    """Who carries parcels here: a courier outside, the local one in local mode, or nobody."""
    if settings.courier_url is not None:
        return OUTSIDE
    return LOCAL if settings.mode is Mode.LOCAL else None


def courier_secret(settings: GatewaySettings) -> bytes | None:
    """The secret shared with the courier outside; None while there is none."""
    secret = settings.courier_secret
    return secret_bytes(secret.get_secret_value()) if secret is not None else None


def courier_from(settings: GatewaySettings, http: httpx.AsyncClient) -> Courier | None:
    """Return who carries parcels by the settings; None means that they wait, prepared."""
    secret = courier_secret(settings)
    if settings.courier_url is not None and secret is not None:
        system = OutsideSystem(settings.courier_url, secret)
        return OutsideCourier(http, system, f"{settings.issuer}/deliveries/v1/callbacks/{OUTSIDE}")
    return LocalCourier() if courier_name(settings) == LOCAL else None

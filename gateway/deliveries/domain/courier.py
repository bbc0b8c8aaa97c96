"""What a courier reports and answers, and what a courier is."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol
from uuid import UUID

from gateway.deliveries.domain.choice import Address
from gateway.deliveries.domain.delivery import CourierOrder, Delivery, DeliveryAction


class Tracking(StrEnum):
    """What a courier reports of a parcel."""

    SHIPPED = "shipped"
    DELIVERED = "delivered"
    FAILED = "failed"


ACTIONS: Final = {
    Tracking.SHIPPED: DeliveryAction.SHIP,
    Tracking.DELIVERED: DeliveryAction.DELIVER,
    Tracking.FAILED: DeliveryAction.FAIL,
}


class Verdict(StrEnum):
    """What a report comes to."""

    TAKEN = "taken"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Report:
    """An authentic message of the courier about one trip of a parcel."""

    courier: str
    message_id: str
    delivery_id: UUID
    trip: int
    tracking: Tracking


@dataclass(frozen=True)
class NotOrdered:
    """The courier did not take the order."""

    fault: str


class Courier(Protocol):
    """Takes parcels; an order may be offered again under its number and counts once."""

    async def order(
        self, delivery: Delivery, address: Address, now: datetime
    ) -> CourierOrder | NotOrdered: ...

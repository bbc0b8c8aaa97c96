"""A delivery (结果送达) from the end of the case until the person has the results."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from gateway.deliveries.domain.choice import Choice, DeliveryMethod
from gateway.deliveries.domain.errors import DeliveryActionNotAllowed


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    PREPARED = "prepared"
    ORDERED = "ordered"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    FAILED = "failed"


class DeliveryAction(StrEnum):
    """What happens to a delivery."""

    ORDER = "order"
    SHIP = "ship"
    DELIVER = "deliver"
    FAIL = "fail"
    WANT_ADDRESS = "want_address"
    """There is no address any more: the person is asked for one."""
    REORDER = "reorder"
    HAND_OVER = "hand_over"


TRANSITIONS: Final = {
    (DeliveryState.PREPARED, DeliveryAction.ORDER): DeliveryState.ORDERED,
    (DeliveryState.ORDERED, DeliveryAction.SHIP): DeliveryState.SHIPPED,
    (DeliveryState.ORDERED, DeliveryAction.DELIVER): DeliveryState.DELIVERED,
    (DeliveryState.SHIPPED, DeliveryAction.DELIVER): DeliveryState.DELIVERED,
    (DeliveryState.ORDERED, DeliveryAction.FAIL): DeliveryState.FAILED,
    (DeliveryState.SHIPPED, DeliveryAction.FAIL): DeliveryState.FAILED,
    (DeliveryState.PREPARED, DeliveryAction.WANT_ADDRESS): DeliveryState.FAILED,
    (DeliveryState.FAILED, DeliveryAction.REORDER): DeliveryState.PREPARED,
    (DeliveryState.PREPARED, DeliveryAction.HAND_OVER): DeliveryState.DELIVERED,
}


@dataclass(frozen=True)
class CourierOrder:
    """The order at the courier: its number there, and the number under which the parcel is tracked (运单号)."""

    courier: str
    reference: str
    tracking_number: str


@dataclass(frozen=True)
class Errand:
    """When the courier is called next, how often in a row that failed, and what it said last."""

    next_attempt_at: datetime | None = None
    attempts: int = 0
    last_fault: str | None = None


@dataclass(frozen=True)
class Delivery:
    """A delivery and its life so far; `trip` counts how often a parcel was given to a courier."""

    delivery_id: UUID
    case_id: str
    case_no: str
    recipient: str
    method: DeliveryMethod
    state: DeliveryState
    made_at: datetime
    order: CourierOrder | None = None
    pickup_code: str | None = None
    ended_at: datetime | None = None
    trip: int = 1
    errand: Errand = Errand()
    version: int = 1

    @property
    def order_id(self) -> str:
        """The number of the order that the courier gets: one for each trip."""
        return f"{self.delivery_id}-{self.trip}"


def make(delivery_id: UUID, choice: Choice, pickup_code: str, now: datetime) -> Delivery:
    """Begin the delivery of a case that has ended; what needs nobody's hand is there at once."""
    method = choice.method
    prepared = Delivery(
        delivery_id,
        choice.case_id,
        choice.case_no,
        choice.recipient,
        method,
        DeliveryState.PREPARED,
        now,
        pickup_code=pickup_code if method is DeliveryMethod.WINDOW else None,
        errand=Errand(now if method is DeliveryMethod.EMS else None),
    )
    if method in (DeliveryMethod.ELECTRONIC, DeliveryMethod.SELF_PRINT):
        return replace(hand_over(prepared, now), version=1)
    return prepared


def hand_over(delivery: Delivery, now: datetime) -> Delivery:
    """The person has the results, without a courier. Raises: DeliveryActionNotAllowed."""
    if delivery.method is DeliveryMethod.EMS:
        raise DeliveryActionNotAllowed(delivery.state.value, DeliveryAction.HAND_OVER.value)
    return _advance(delivery, DeliveryAction.HAND_OVER, now)


def take_order(delivery: Delivery, order: CourierOrder, now: datetime) -> Delivery:
    """The courier has the order. Raises: DeliveryActionNotAllowed."""
    return replace(_advance(delivery, DeliveryAction.ORDER, now), order=order, errand=Errand())


def move(delivery: Delivery, action: DeliveryAction, now: datetime) -> Delivery:
    """Take in what the courier reports. Raises: DeliveryActionNotAllowed."""
    return _advance(delivery, action, now)


def want_address(delivery: Delivery, now: datetime) -> Delivery:
    """Nobody can be given the parcel until its recipient says where it goes. Raises: DeliveryActionNotAllowed."""
    wanting = _advance(delivery, DeliveryAction.WANT_ADDRESS, now)
    return replace(wanting, errand=Errand(last_fault="no address"))


def reorder(delivery: Delivery, now: datetime) -> Delivery:
    """Send what did not arrive again, as a new order. Raises: DeliveryActionNotAllowed."""
    again = _advance(delivery, DeliveryAction.REORDER, now)
    return replace(again, order=None, trip=delivery.trip + 1, errand=Errand(now))


def postpone(delivery: Delivery, fault: str, delay: timedelta, now: datetime) -> Delivery:
    """The courier did not take the order; it is offered again."""
    errand = Errand(now + delay, delivery.errand.attempts + 1, fault)
    return replace(delivery, errand=errand, version=delivery.version + 1)


def _advance(delivery: Delivery, action: DeliveryAction, now: datetime) -> Delivery:
    target = TRANSITIONS.get((delivery.state, action))
    if target is None:
        raise DeliveryActionNotAllowed(delivery.state.value, action.value)
    ended = now if target is DeliveryState.DELIVERED else None
    return replace(delivery, state=target, ended_at=ended, version=delivery.version + 1)

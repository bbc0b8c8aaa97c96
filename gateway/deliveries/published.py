"""Events of deliveries: ids and numbers, never an address, a name or the code at the window."""

from typing import Final

from gateway.deliveries.domain.delivery import Delivery, DeliveryState
from shared.messaging.contracts import Published
from shared.messaging.events import Announcement, EventType, Payload


class DeliveryEventV1(Payload):
    """A delivery as it stands."""

    delivery_id: str
    case_id: str
    case_no: str
    recipient: str
    method: str
    tracking_number: str | None


class DeliveryPurgedV1(Payload):
    """Addresses were deleted because their time was over."""

    addresses: int
    kept_days: int


def _type(verb: str) -> EventType:
    return EventType("gateway", "delivery", verb)


PURGED: Final = EventType("gateway", "delivery_address", "purged")


def delivery_moved(delivery: Delivery) -> Announcement:
    """Say where a delivery stands now."""
    payload = DeliveryEventV1(
        delivery_id=str(delivery.delivery_id),
        case_id=delivery.case_id,
        case_no=delivery.case_no,
        recipient=delivery.recipient,
        method=delivery.method.value,
        tracking_number=delivery.order.tracking_number if delivery.order else None,
    )
    return Announcement(_type(delivery.state.value), str(delivery.delivery_id), payload)


def addresses_purged(addresses: int, kept_days: int) -> Announcement:
    """Say how many addresses were deleted."""
    return Announcement(
        PURGED, "delivery_address", DeliveryPurgedV1(addresses=addresses, kept_days=kept_days)
    )


_SUMMARIES: Final = {
    DeliveryState.PREPARED: "The results of a case are ready to be sent or collected (待寄送、待领取)",
    DeliveryState.ORDERED: "A courier has the order (已下单)",
    DeliveryState.SHIPPED: "The parcel is on its way (已寄出)",
    DeliveryState.DELIVERED: "The person has the results (已送达)",
    DeliveryState.FAILED: "The parcel did not arrive (投递失败)",
}
_EXAMPLE: Final = DeliveryEventV1(
    delivery_id="01938f0e-7c1a-7a52-9a53-0b6f0a4be201",
    case_id="01938f0e-7c1a-7a52-9a53-0b6f0a4be001",
    case_no="YJS-140881-20261123-000001-H",
    recipient="p-7c1f",
    method="ems",
    tracking_number="1234567890123",
)

PUBLISHED: tuple[Published, ...] = (
    *(
        Published(_type(state.value), DeliveryEventV1, _EXAMPLE, summary)
        for state, summary in _SUMMARIES.items()
    ),
    Published(
        PURGED,
        DeliveryPurgedV1,
        DeliveryPurgedV1(addresses=12, kept_days=30),
        "Addresses whose time was over were deleted (收件地址到期删除)",
    ),
)

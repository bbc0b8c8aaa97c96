"""Refusals of the deliveries part."""

from dataclasses import dataclass


@dataclass(eq=False)
class AddressNeeded(Exception):
    """By courier needs a name, a telephone number and an address; any other way needs none."""


@dataclass(eq=False)
class ChoiceNotFound(Exception):
    """There is no such case, or it is another's."""

    case_id: str


@dataclass(eq=False)
class ChoiceClosed(Exception):
    """The results are on their way already."""

    case_id: str


@dataclass(eq=False)
class DeliveryNotFound(Exception):
    """There is no such delivery, or it is another's."""

    delivery_id: str


@dataclass(eq=False)
class DeliveryActionNotAllowed(Exception):
    """The delivery is in another state, or goes another way."""

    delivery_state: str
    action: str


@dataclass(eq=False)
class OrderNotSettled(Exception):
    """The courier reports on an order before its answer to it was taken in."""

    delivery_id: str


@dataclass(eq=False)
class NothingToHandOver(Exception):
    """No delivery of this case waits at the window under this code."""


@dataclass(eq=False)
class WindowOnly(Exception):
    """Only an officer hands results over."""


@dataclass(eq=False)
class CourierUnknown(Exception):
    """No courier of this name is connected."""

    courier: str


@dataclass(eq=False)
class NoLocalCourier(Exception):
    """The local courier is there in local mode only, while none outside is connected."""


@dataclass(eq=False)
class CallbackNotAuthentic(Exception):
    """The callback is not the courier's, or not of now."""

    reason: str

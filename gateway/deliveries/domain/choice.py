"""How a person wants to have the results of a case. Source: GW-24 (所有事项办结结果均可通过EMS快递送达)."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from gateway.deliveries.domain.errors import AddressNeeded


class DeliveryMethod(StrEnum):
    """The ways in which results reach a person; each is open to every item."""

    ELECTRONIC = "electronic"
    """Electronic certificates (电子证照)."""
    EMS = "ems"
    """By courier (邮寄)."""
    SELF_PRINT = "self_print"
    """Printed by oneself (自助打印)."""
    WINDOW = "window"
    """Collected at a window (窗口领取)."""


@dataclass(frozen=True)
class Address:
    """Where a parcel goes; personal, and never shown whole nor published."""

    name: str = field(repr=False)
    phone: str = field(repr=False)
    address: str = field(repr=False)


@dataclass(frozen=True)
class Choice:
    """What was chosen for a case; `recipient` is the opaque subject of a person, or a credit code."""

    case_id: str
    case_no: str
    recipient: str
    method: DeliveryMethod
    chosen_at: datetime
    address: Address | None = None
    version: int = 1


def choose(
    case_id: str,
    case_no: str,
    recipient: str,
    method: DeliveryMethod,
    address: Address | None,
    now: datetime,
) -> Choice:
    """Raises: AddressNeeded where courier and address do not go together."""
    if (method is DeliveryMethod.EMS) != (address is not None):
        raise AddressNeeded
    return Choice(case_id, case_no, recipient, method, now, address)

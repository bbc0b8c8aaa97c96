"""What a payment provider answers when it is called, and what a provider is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from gateway.payments.domain.payment import Payment, ProviderOrder


@dataclass(frozen=True)
class Ordered:
    """It has the order."""

    order: ProviderOrder


@dataclass(frozen=True)
class Closed:
    """The order cannot be paid any more."""


@dataclass(frozen=True)
class Refunded:
    """The money is back."""


@dataclass(frozen=True)
class Unsettled:
    """It did not take it, or is not done; `fault` says what is wrong, if anything."""

    fault: str | None = None


Answer = Ordered | Closed | Refunded | Unsettled


class PaymentProvider(Protocol):
    """Takes orders and refunds; every call may be made again and counts once."""

    async def order(self, payment: Payment, now: datetime) -> Answer: ...

    async def close(self, payment: Payment, now: datetime) -> Answer: ...

    async def refund(self, payment: Payment, now: datetime) -> Answer: ...

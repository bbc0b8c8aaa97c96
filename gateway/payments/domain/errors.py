"""Refusals of the payments part."""

from dataclasses import dataclass


@dataclass(eq=False)
class PaymentNotFound(Exception):
    """There is no such payment, or it is another's."""

    payment_id: str


@dataclass(eq=False)
class PaymentActionNotAllowed(Exception):
    """The payment is in another state."""

    payment_state: str
    action: str


@dataclass(eq=False)
class NotPaidYet(Exception):
    """There is a receipt only for what was paid."""

    payment_state: str


@dataclass(eq=False)
class ProviderUnknown(Exception):
    """No provider of this name is connected."""

    provider: str


@dataclass(eq=False)
class CallbackNotAuthentic(Exception):
    """The callback is not the provider's, or not of now."""

    reason: str


@dataclass(eq=False)
class CallbackContradicts(Exception):
    """The provider says something that cannot be: another amount, a second transaction."""

    verdict: str


@dataclass(eq=False)
class NoLocalCashier(Exception):
    """The local cashier is there in local mode only, while no provider is connected."""


@dataclass(eq=False)
class PaymentsAuthorityOnly(Exception):
    """Only the data bureau (数据主管部门), which runs the suite, may do this."""


@dataclass(eq=False)
class FeeForFreeService(Exception):
    """The region pack takes money for what is free of charge (NFR-15)."""

    parts: tuple[str, ...]

    def __str__(self) -> str:
        return f"free of charge, and yet the region pack has a fee for: {', '.join(self.parts)}"

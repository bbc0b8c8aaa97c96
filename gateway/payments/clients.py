"""Payment providers: one outside, over signed HTTP, and the local cashier of a suite on somebody's machine."""

from datetime import datetime
from typing import Final

import httpx

from gateway.payments.domain.answers import Answer, Closed, Ordered, PaymentProvider, Refunded, Unsettled
from gateway.payments.domain.payment import Payment, ProviderOrder
from gateway.settings import GatewaySettings
from shared.security.signed_messages import secret_bytes
from shared.settings import Mode
from shared.web.signed_calls import NotTaken, OutsideSystem, Taken, post_signed, short_text

OUTSIDE: Final = "http"
LOCAL: Final = "local"
_LONGEST_URL: Final = 500


class OutsideProvider:
    """A payment platform, or a small bridge to one, that speaks docs/notices-payments-deliveries.md."""

    def __init__(self, http: httpx.AsyncClient, system: OutsideSystem, callback_url: str) -> None:
        self._http = http
        self._system = system
        self._callback_url = callback_url

    async def order(self, payment: Payment, now: datetime) -> Answer:
        """Create the order at which the person pays."""
        ask = payment.ask
        told = {
            "order_id": str(ask.payment_id),
            "case_no": ask.case_no,
            "title": {"zh": ask.title_zh, "en": ask.title_en},
            "amount_fen": ask.amount_fen,
            "callback_url": self._callback_url,
        }
        taken = await self._call("/orders", told, f"{ask.payment_id}-order", now)
        if isinstance(taken, NotTaken):
            return Unsettled(taken.fault)
        reference = short_text(taken.told, "order_reference")
        pay_url = short_text(taken.told, "pay_url", _LONGEST_URL)
        if reference is None or pay_url is None or not pay_url.startswith(("https://", "http://")):
            return Unsettled("the answer has no order_reference or pay_url")
        return Ordered(ProviderOrder(OUTSIDE, reference, pay_url))

    async def close(self, payment: Payment, now: datetime) -> Answer:
        """See to it that nobody can pay the order any more; one that was paid meanwhile is told by callback."""
        path = f"/orders/{payment.payment_id}/closing"
        taken = await self._call(path, {}, f"{payment.payment_id}-closing", now)
        return Unsettled(taken.fault) if isinstance(taken, NotTaken) else Closed()

    async def refund(self, payment: Payment, now: datetime) -> Answer:
        """Ask for the money to go back, until the provider says that it has."""
        told = {
            "order_id": str(payment.payment_id),
            "transaction_id": payment.settlement.transaction_id if payment.settlement else "",
            "amount_fen": payment.ask.amount_fen,
        }
        taken = await self._call("/refunds", told, f"{payment.payment_id}-refund", now)
        if isinstance(taken, NotTaken):
            return Unsettled(taken.fault)
        return Refunded() if taken.told.get("state") == "refunded" else Unsettled()

    async def _call(
        self, path: str, told: dict[str, object], message_id: str, now: datetime
    ) -> Taken | NotTaken:
        return await post_signed(self._http, self._system, path, told, message_id=message_id, now=now)


class LocalCashier:
    """Takes no money: whoever owes it says so through the API, in local mode only."""

    async def order(self, payment: Payment, now: datetime) -> Answer:
        """The order is the payment itself."""
        return Ordered(ProviderOrder(LOCAL, f"LOCAL-{payment.payment_id}"))

    async def close(self, payment: Payment, now: datetime) -> Answer:
        """What is void here cannot be paid here."""
        return Closed()

    async def refund(self, payment: Payment, now: datetime) -> Answer:
        """No money came, none goes."""
        return Refunded()


def provider_name(settings: GatewaySettings) -> str | None:
    """Who takes payments here: a provider outside, the local cashier in local mode, or nobody."""
    if settings.payment_provider_url is not None:
        return OUTSIDE
    return LOCAL if settings.mode is Mode.LOCAL else None


def provider_secret(settings: GatewaySettings) -> bytes | None:
    """The secret shared with the provider outside; None while there is none."""
    secret = settings.payment_provider_secret
    return secret_bytes(secret.get_secret_value()) if secret is not None else None


def provider_from(settings: GatewaySettings, http: httpx.AsyncClient) -> PaymentProvider | None:
    """Return who takes payments by the settings; None means that fees wait unpaid."""
    secret = provider_secret(settings)
    if settings.payment_provider_url is not None and secret is not None:
        system = OutsideSystem(settings.payment_provider_url, secret)
        return OutsideProvider(http, system, f"{settings.issuer}/payments/v1/callbacks/{OUTSIDE}")
    return LocalCashier() if provider_name(settings) == LOCAL else None

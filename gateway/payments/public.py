"""What the payments part declares to the gateway: routes, refusals, events, work by calling out.

A part whose case costs something calls `ask_payment` once and follows `gateway.payment.paid`; when the case ends
without it, it calls `void_payments`.
"""

from fastapi import APIRouter

from gateway.payments.api import callbacks, payments, reconciliation
from gateway.payments.api.problems import PROBLEMS
from gateway.payments.domain.payment import PaymentAsk
from gateway.payments.published import PUBLISHED
from gateway.payments.use_cases.ask_payment import ask_payment, void_payments
from gateway.payments.use_cases.call_provider import CallProvider
from gateway.payments.use_cases.free_of_charge import check_fees
from gateway.settings import GatewaySettings
from shared.messaging.topology import Consumer
from shared.region import RegionPack
from shared.worker import Errand, Sweep

__all__ = [
    "CONSUMERS",
    "PROBLEMS",
    "PUBLISHED",
    "ROUTERS",
    "PaymentAsk",
    "ask_payment",
    "errands",
    "sweeps",
    "void_payments",
]

ROUTERS: tuple[APIRouter, ...] = (payments.router, callbacks.router, reconciliation.router)
CONSUMERS: tuple[Consumer, ...] = ()


def sweeps(_settings: GatewaySettings, _region: RegionPack) -> tuple[Sweep, ...]:
    """What this part does by the clock."""
    return ()


def errands(settings: GatewaySettings, region: RegionPack) -> tuple[Errand, ...]:
    """What this part does by calling out. Raises: FeeForFreeService, and the worker does not start."""
    check_fees(region)
    return (Errand("payments_provider", 0.25, CallProvider(settings)),)

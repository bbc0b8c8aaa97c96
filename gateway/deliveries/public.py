"""What the deliveries part declares to the gateway: routes, refusals, events in and out, work by the clock.

A part that opens a case takes a `DeliveryChoice` with it and calls `choose_delivery`; its route refuses with
`AddressNeeded` (422).
"""

from datetime import datetime

from fastapi import APIRouter

from gateway.deliveries.api import callbacks, choices, deliveries, pages
from gateway.deliveries.api.problems import PROBLEMS
from gateway.deliveries.api.shapes import DeliveryChoice
from gateway.deliveries.consumers import CONSUMERS
from gateway.deliveries.domain.choice import DeliveryMethod, choose
from gateway.deliveries.domain.errors import AddressNeeded, ChoiceClosed
from gateway.deliveries.published import PUBLISHED
from gateway.deliveries.use_cases.call_courier import CallCourier
from gateway.deliveries.use_cases.choose_delivery import keep_choice
from gateway.deliveries.use_cases.purge_addresses import PurgeAddresses
from gateway.settings import GatewaySettings
from shared.database.unit_of_work import UnitOfWork
from shared.region import RegionPack
from shared.worker import Errand, Sweep

__all__ = [
    "CONSUMERS",
    "PROBLEMS",
    "PUBLISHED",
    "ROUTERS",
    "AddressNeeded",
    "ChoiceClosed",
    "DeliveryChoice",
    "DeliveryMethod",
    "choose_delivery",
    "errands",
    "sweeps",
]

ROUTERS: tuple[APIRouter, ...] = (deliveries.router, choices.router, callbacks.router, pages.router)


async def choose_delivery(
    case_id: str, case_no: str, recipient: str, choice: DeliveryChoice, uow: UnitOfWork, now: datetime
) -> None:
    """Keep how the results of a case are wanted. Raises: AddressNeeded; ChoiceClosed once they are on their way."""
    address = choice.address.as_address() if choice.address else None
    await keep_choice(choose(case_id, case_no, recipient, choice.method, address, now), uow)


def sweeps(_settings: GatewaySettings, region: RegionPack) -> tuple[Sweep, ...]:
    """What this part does by the clock."""
    return (Sweep("deliveries_addresses", 3600.0, PurgeAddresses(region)),)


def errands(settings: GatewaySettings, _region: RegionPack) -> tuple[Errand, ...]:
    """What this part does by calling out."""
    return (Errand("deliveries_courier", 0.25, CallCourier(settings)),)

"""What the subscriptions part declares to the gateway: routes, refusals, events, work by the clock."""

from fastapi import APIRouter

from gateway.settings import GatewaySettings
from gateway.subscriptions import contracts
from gateway.subscriptions.api import event_types, events, subscriptions
from gateway.subscriptions.api.problems import PROBLEMS
from gateway.subscriptions.consumers import CONSUMERS
from shared.messaging.contracts import Published
from shared.region import RegionPack
from shared.worker import Errand, Sweep

__all__ = ["CONSUMERS", "PROBLEMS", "PUBLISHED", "ROUTERS", "errands", "sweeps"]

ROUTERS: tuple[APIRouter, ...] = (
    event_types.router,
    subscriptions.opening,
    subscriptions.router,
    events.router,
    contracts.router,
)
PUBLISHED: tuple[Published, ...] = ()


def sweeps(_settings: GatewaySettings, _region: RegionPack) -> tuple[Sweep, ...]:
    """What this part does by the clock."""
    return ()


def errands(_settings: GatewaySettings, _region: RegionPack) -> tuple[Errand, ...]:
    """What this part does by calling out."""
    return ()

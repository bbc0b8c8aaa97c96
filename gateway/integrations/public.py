"""What the integrations part declares to the gateway: routes, refusals, events in and out, work by the clock."""

from fastapi import APIRouter

from gateway.integrations.api import events, systems
from gateway.integrations.api.events import FILES, OTHER_MEDIA
from gateway.integrations.api.problems import PROBLEMS
from gateway.integrations.published import PUBLISHED
from gateway.settings import GatewaySettings
from shared.messaging.topology import Consumer
from shared.region import RegionPack
from shared.worker import Errand, Sweep

__all__ = [
    "CONSUMERS",
    "FILES",
    "OTHER_MEDIA",
    "PROBLEMS",
    "PUBLISHED",
    "ROUTERS",
    "errands",
    "sweeps",
]

ROUTERS: tuple[APIRouter, ...] = (systems.router, events.router)
CONSUMERS: tuple[Consumer, ...] = ()


def sweeps(_settings: GatewaySettings, _region: RegionPack) -> tuple[Sweep, ...]:
    """What this part does by the clock."""
    return ()


def errands(_settings: GatewaySettings, _region: RegionPack) -> tuple[Errand, ...]:
    """What this part does by calling out."""
    return ()

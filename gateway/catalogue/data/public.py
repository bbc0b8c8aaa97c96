"""What the catalogue part declares to the gateway: routes, refusals, events, work by the clock."""

from fastapi import APIRouter

from gateway.catalogue.data.api import grants, resources
from gateway.catalogue.data.api.problems import PROBLEMS
from gateway.catalogue.data.published import PUBLISHED
from gateway.catalogue.data.sweeps import seed_sweep
from gateway.settings import GatewaySettings
from shared.messaging.topology import Consumer
from shared.region import RegionPack
from shared.worker import Errand, Sweep

__all__ = ["CONSUMERS", "PROBLEMS", "PUBLISHED", "ROUTERS", "errands", "sweeps"]

ROUTERS: tuple[APIRouter, ...] = (resources.router, grants.router)
CONSUMERS: tuple[Consumer, ...] = ()


def sweeps(_settings: GatewaySettings, region: RegionPack) -> tuple[Sweep, ...]:
    """What this part does by the clock."""
    return (seed_sweep(region),)


def errands(_settings: GatewaySettings, _region: RegionPack) -> tuple[Errand, ...]:
    """What this part does by calling out."""
    return ()

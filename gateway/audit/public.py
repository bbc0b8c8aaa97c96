"""What the audit part declares to the rest of the gateway: routes, refusals, events, work by the clock."""

from fastapi import APIRouter

from gateway.audit.api import entries
from gateway.audit.api.problems import PROBLEMS
from gateway.audit.consumers import CONSUMERS
from gateway.settings import GatewaySettings
from shared.messaging.contracts import Published
from shared.region import RegionPack
from shared.worker import Errand, Sweep

__all__ = ["CONSUMERS", "PROBLEMS", "PUBLISHED", "ROUTERS", "errands", "sweeps"]

ROUTERS: tuple[APIRouter, ...] = (entries.router,)
PUBLISHED: tuple[Published, ...] = ()


def sweeps(_settings: GatewaySettings, _region: RegionPack) -> tuple[Sweep, ...]:
    """What this part does by the clock."""
    return ()


def errands(_settings: GatewaySettings, _region: RegionPack) -> tuple[Errand, ...]:
    """What this part does by calling out."""
    return ()

"""What the powers part declares to the gateway: routes, refusals, events."""

from fastapi import APIRouter

from gateway.powers.api import delegations, powers
from gateway.powers.api.problems import PROBLEMS
from gateway.powers.published import PUBLISHED
from gateway.settings import GatewaySettings
from shared.messaging.topology import Consumer
from shared.region import RegionPack
from shared.worker import Errand, Sweep

__all__ = ["CONSUMERS", "PROBLEMS", "PUBLISHED", "ROUTERS", "errands", "sweeps"]

ROUTERS: tuple[APIRouter, ...] = (powers.router, delegations.router)
CONSUMERS: tuple[Consumer, ...] = ()


def sweeps(_settings: GatewaySettings, _region: RegionPack) -> tuple[Sweep, ...]:
    """What this part does by the clock."""
    return ()


def errands(_settings: GatewaySettings, _region: RegionPack) -> tuple[Errand, ...]:
    """What this part does by calling out."""
    return ()

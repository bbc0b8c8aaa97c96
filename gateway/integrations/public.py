"""What the integrations part declares to the gateway: routes, refusals, events in and out, work by the clock."""

from fastapi import APIRouter

from gateway.settings import GatewaySettings
from shared.messaging.contracts import Published
from shared.messaging.topology import Consumer
from shared.region import RegionPack
from shared.web.problems import ProblemTable
from shared.worker import Errand, Sweep

__all__ = ["CONSUMERS", "PROBLEMS", "PUBLISHED", "ROUTERS", "errands", "sweeps"]

ROUTERS: tuple[APIRouter, ...] = ()
PROBLEMS: ProblemTable = {}
PUBLISHED: tuple[Published, ...] = ()
CONSUMERS: tuple[Consumer, ...] = ()


def sweeps(_settings: GatewaySettings, _region: RegionPack) -> tuple[Sweep, ...]:
    """What this part does by the clock."""
    return ()


def errands(_settings: GatewaySettings, _region: RegionPack) -> tuple[Errand, ...]:
    """What this part does by calling out."""
    return ()

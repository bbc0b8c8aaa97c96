"""What the progress part declares to the gateway: routes, refusals, events in and out, work by the clock."""

from fastapi import APIRouter

from gateway.progress.api import mine, pages, records
from gateway.progress.api.problems import PROBLEMS
from gateway.progress.consumers import CONSUMERS
from gateway.progress.published import PUBLISHED
from gateway.progress.store.retention import HISTORIES
from gateway.settings import GatewaySettings
from shared.region import RegionPack
from shared.retention import purge_sweep
from shared.worker import Errand, Sweep

__all__ = ["CONSUMERS", "PROBLEMS", "PUBLISHED", "ROUTERS", "errands", "sweeps"]

ROUTERS: tuple[APIRouter, ...] = (mine.router, records.router, pages.router)


def sweeps(_settings: GatewaySettings, region: RegionPack) -> tuple[Sweep, ...]:
    """What this part does by the clock."""
    return tuple(purge_sweep(each, region) for each in HISTORIES)


def errands(_settings: GatewaySettings, _region: RegionPack) -> tuple[Errand, ...]:
    """What this part does by calling out."""
    return ()

"""What the audit part declares to the rest of the gateway: routes, refusals, events, work by the clock."""

from datetime import timedelta

from fastapi import APIRouter

from gateway.audit.api import entries, log
from gateway.audit.api.problems import PROBLEMS
from gateway.audit.consumers import CONSUMERS
from gateway.audit.measures import MeasureInterval
from gateway.audit.published import PUBLISHED
from gateway.audit.use_cases.close_interval import Closing
from gateway.audit.use_cases.signing import LogKey
from gateway.settings import GatewaySettings
from shared.region import RegionPack
from shared.worker import Errand, Sweep

__all__ = ["CONSUMERS", "PROBLEMS", "PUBLISHED", "ROUTERS", "MeasureInterval", "errands", "sweeps"]

ROUTERS: tuple[APIRouter, ...] = (entries.router, log.router)


def sweeps(settings: GatewaySettings, region: RegionPack) -> tuple[Sweep, ...]:
    """What this part does by the clock."""
    every = timedelta(seconds=settings.audit_interval_seconds)
    closing = Closing(region.region.code, LogKey.of(settings), every)
    return (Sweep("close_audit_interval", min(settings.audit_interval_seconds / 2, 15.0), closing),)


def errands(_settings: GatewaySettings, _region: RegionPack) -> tuple[Errand, ...]:
    """What this part does by calling out."""
    return ()

"""What the notices part declares to the gateway: routes, refusals, events in and out, errands."""

from fastapi import APIRouter

from gateway.notices.api import dispatches, notices
from gateway.notices.api.problems import PROBLEMS
from gateway.notices.consumers import CONSUMERS
from gateway.notices.published import PUBLISHED
from gateway.notices.use_cases.purge_notices import PurgeNotices
from gateway.notices.use_cases.read_templates import read_templates
from gateway.notices.use_cases.send_notices import SendNotices
from gateway.notices.use_cases.write_notices import WriteNotices, quiet_hours_of
from gateway.settings import GatewaySettings
from shared.region import RegionPack
from shared.worker import Errand, Sweep

__all__ = ["CONSUMERS", "PROBLEMS", "PUBLISHED", "ROUTERS", "errands", "sweeps"]

ROUTERS: tuple[APIRouter, ...] = (notices.router, dispatches.router)


def sweeps(settings: GatewaySettings, region: RegionPack) -> tuple[Sweep, ...]:
    """What this part does by the clock."""
    return (
        Sweep("notices_write", 0.25, WriteNotices(settings, region, read_templates())),
        Sweep("notices_purge", 3600.0, PurgeNotices(region)),
    )


def errands(settings: GatewaySettings, region: RegionPack) -> tuple[Errand, ...]:
    """What this part does by calling out."""
    return (Errand("notices_send", 0.25, SendNotices(settings, quiet_hours_of(region))),)

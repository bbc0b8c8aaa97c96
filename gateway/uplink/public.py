"""What the uplink part declares to the gateway: routes, refusals, events in, work by calling out."""

from fastapi import APIRouter

from gateway.settings import GatewaySettings
from gateway.uplink.api import records
from gateway.uplink.api.problems import PROBLEMS
from gateway.uplink.consumers import CONSUMERS
from gateway.uplink.use_cases.read_upstreams import read_upstreams
from gateway.uplink.use_cases.send_records import SendRecords
from shared.messaging.contracts import Published
from shared.region import RegionPack
from shared.worker import Errand, Sweep

__all__ = ["CONSUMERS", "PROBLEMS", "PUBLISHED", "ROUTERS", "errands", "sweeps"]

ROUTERS: tuple[APIRouter, ...] = (records.router,)
PUBLISHED: tuple[Published, ...] = ()


def sweeps(_settings: GatewaySettings, _region: RegionPack) -> tuple[Sweep, ...]:
    """What this part does by the clock."""
    return ()


def errands(settings: GatewaySettings, region: RegionPack) -> tuple[Errand, ...]:
    """What this part does by calling out."""
    upstreams = read_upstreams(settings.uplinks_file, region.region.code)
    return (Errand("uplink_records", 1.0, SendRecords(upstreams)),)

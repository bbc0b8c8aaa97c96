"""What the metrics page shows of webhooks: how many wait for somebody to settle them."""

from datetime import datetime
from typing import Final

from prometheus_client import Gauge
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.subscriptions.store.destinations import count_parked

PARKED: Final = Gauge("tongban_webhooks_parked", "Webhooks, and single events of them, that are parked")


async def measure_parked(connection: AsyncConnection, _now: datetime) -> None:
    """Set the gauge."""
    PARKED.set(await count_parked(connection))

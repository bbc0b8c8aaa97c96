"""What the metrics page shows of the log: whether its intervals are closed when they are due."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from prometheus_client import Gauge
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.audit.store.roots import open_since

OVERDUE: Final = Gauge(
    "tongban_audit_interval_overdue_seconds",
    "How long ago the open interval of the audit log was due to be closed",
)


@dataclass(frozen=True)
class MeasureInterval:
    """An interval lasts `every`, and is closed soon after."""

    every: timedelta

    async def __call__(self, connection: AsyncConnection, now: datetime) -> None:
        """Set the gauge."""
        since = await open_since(connection)
        overdue = timedelta() if since is None else max(now - since - self.every, timedelta())
        OVERDUE.set(overdue.total_seconds())

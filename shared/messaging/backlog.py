"""How a service's work behind the scenes goes: what waits in outbox and inbox, whether a worker leads, as gauges."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.database.leading import somebody_leads
from shared.telemetry import metrics

_UNSENT = text("SELECT count(*), min(recorded_at) FROM outbox WHERE stream_sequence IS NULL")
_OPEN = text("""
    SELECT durable, count(*) FILTER (WHERE state = 'waiting') AS waiting,
           count(*) FILTER (WHERE state = 'parked') AS parked
    FROM inbox WHERE state IN ('waiting', 'parked') GROUP BY durable
""")
_CLOCK = text("SELECT clock_timestamp()")


async def measure_backlog(service: str, connection: AsyncConnection, now: datetime) -> None:
    """Set the gauges; a consumer that waited once is shown with zero afterwards."""
    unsent, oldest = (await connection.execute(_UNSENT)).one()
    metrics.OUTBOX_UNSENT.labels(service).set(unsent)
    waited = (now - oldest).total_seconds() if oldest else 0.0
    metrics.OUTBOX_OLDEST_SECONDS.labels(service).set(max(waited, 0.0))
    metrics.EVENTS_WAITING.clear()
    metrics.EVENTS_PARKED.clear()
    for row in await connection.execute(_OPEN):
        metrics.EVENTS_WAITING.labels(service, row.durable).set(row.waiting)
        metrics.EVENTS_PARKED.labels(service, row.durable).set(row.parked)
    metrics.WORKER_LEADING.labels(service).set(await somebody_leads(connection))
    clock: datetime = (await connection.execute(_CLOCK)).scalar_one()
    metrics.CLOCK_SKEW_SECONDS.labels(service).set((now - clock).total_seconds())

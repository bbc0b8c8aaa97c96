"""How far behind a service is: what waits in its outbox and inbox, as gauges for the metrics page."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.telemetry import metrics

_UNSENT = text("SELECT count(*) FROM outbox WHERE stream_sequence IS NULL")
_OPEN = text("""
    SELECT durable, count(*) FILTER (WHERE state = 'waiting') AS waiting,
           count(*) FILTER (WHERE state = 'parked') AS parked
    FROM inbox WHERE state IN ('waiting', 'parked') GROUP BY durable
""")


async def measure_backlog(service: str, connection: AsyncConnection) -> None:
    """Set the gauges; a consumer that waited once is shown with zero afterwards."""
    metrics.OUTBOX_UNSENT.labels(service).set(await connection.scalar(_UNSENT) or 0)
    metrics.EVENTS_WAITING.clear()
    metrics.EVENTS_PARKED.clear()
    for row in await connection.execute(_OPEN):
        metrics.EVENTS_WAITING.labels(service, row.durable).set(row.waiting)
        metrics.EVENTS_PARKED.labels(service, row.durable).set(row.parked)

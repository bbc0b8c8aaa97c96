"""Liveness, readiness and metrics: alive says the process runs; ready names each part that it needs."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import cache

from fastapi import APIRouter
from nats.errors import Error as NatsError
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from shared.database.engine import is_unavailable
from shared.database.migrate import head
from shared.messaging.backlog import measure_backlog
from shared.messaging.durability import not_durable
from shared.messaging.topology import stream_of
from shared.security.access import public
from shared.telemetry import metrics
from shared.web.backend import Backend, backend_of
from shared.web.routes import ServiceRoute

log = logging.getLogger(__name__)

# Sets gauges from the service's database, as of a moment.
Measure = Callable[[AsyncConnection, datetime], Awaitable[None]]

_PROBE = "asked by the process supervisor and the load balancer, says nothing of the data"


def health_router(package: str, service: str, measures: Sequence[Measure] = ()) -> APIRouter:
    """Routes `/livez`, `/readyz` and `/metrics`, outside the published API; `measures` set gauges of its own."""
    router = APIRouter(route_class=_Plain, include_in_schema=False)
    expected = cache(head)

    @router.get("/livez", dependencies=[public(_PROBE)])
    async def livez() -> dict[str, str]:
        return {"status": "alive"}

    @router.get("/readyz", dependencies=[public(_PROBE)])
    async def readyz(request: Request) -> Response:
        parts = await _parts(backend_of(request), service, expected(package))
        ready = all(state == "ok" for state in parts.values())
        return JSONResponse(
            {"status": "ready" if ready else "not_ready", "parts": parts}, status_code=200 if ready else 503
        )

    @router.get("/metrics", dependencies=[public(_PROBE)])
    async def metrics_page(request: Request) -> Response:
        backend = backend_of(request)
        await asyncio.gather(_parts(backend, service, expected(package)), _measure(backend, measures))
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router


class _Plain(ServiceRoute):
    """A probe opens no transaction: it must answer while the database is away."""

    def get_route_handler(self):  # type: ignore[no-untyped-def]
        """Serve without authentication, transaction or idempotency."""
        return super(ServiceRoute, self).get_route_handler()


async def _parts(backend: Backend, service: str, expected: str) -> dict[str, str]:
    """Ask each part; what each says is shown as a metric too."""
    database, broker = await asyncio.gather(_database(backend, expected), _broker(backend, service))
    parts = {"database": database, "broker": broker}
    for name, state in parts.items():
        metrics.READY.labels(service, name).set(state == "ok")
    return parts


async def _database(backend: Backend, expected: str) -> str:
    try:
        async with asyncio.timeout(2.5), backend.transactions.engine.connect() as connection:
            found = await connection.scalar(text("SELECT version_num FROM alembic_version"))
    except Exception as error:  # noqa: BLE001 - whatever keeps the database from answering is the answer
        return f"unavailable: {type(error).__name__}"
    return "ok" if found == expected else f"migrations_pending: at {found}, expected {expected}"


async def _measure(backend: Backend, measures: Sequence[Measure]) -> None:
    """Look what waits; while the database is away the gauges stay as they were and readiness says why."""
    try:
        async with asyncio.timeout(2.5), backend.transactions.engine.connect() as connection:
            await measure_backlog(backend.service, connection, backend.clock())
            for measure in measures:
                await measure(connection, backend.clock())
    except Exception as error:
        if not is_unavailable(error):
            raise
        log.warning("backlog_not_measured", extra={"reason": type(error).__name__})


async def _broker(backend: Backend, service: str) -> str:
    client = backend.broker
    if client is None or not client.is_connected:
        return "unavailable: not connected"
    try:
        await client.jetstream(timeout=2).stream_info(stream_of(service))
    except (NatsError, TimeoutError) as error:
        return f"unavailable: {type(error).__name__}"
    if backend.broker_monitoring is None:
        return "ok"
    return await not_durable(backend.broker_monitoring) or "ok"

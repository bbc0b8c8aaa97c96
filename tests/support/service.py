"""A service under test: its real app and its real worker, on a database and a broker of the module's own."""

import asyncio
import importlib
import json
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from deploy.local.broker import Broker
from deploy.local.postgres import Cluster
from shared.identifiers.uuid7 import new_uuid7
from shared.security.tokens import KeySource
from shared.settings import Mode
from tests.support.broker import PASSWORDS, broker_for, publish
from tests.support.clock import SettableClock
from tests.support.databases import new_database
from tests.support.identities import ISSUER, KEYS, bearer
from tests.support.waiting import eventually

PERSON_REFERENCE_KEY = "test-run-person-reference-key"
REGION_PACK = Path(__file__).parents[2] / "deploy" / "regions" / "yongji"


@dataclass
class ServiceUnderTest:
    """What a test holds: the HTTP client, the clock, the broker, the database."""

    name: str
    package: str
    settings: Any
    app: FastAPI
    client: httpx.AsyncClient
    clock: SettableClock
    broker: Broker
    engine: AsyncEngine
    _worker: "asyncio.Task[None] | None" = None
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)
    _sequences: dict[tuple[str, str], int] = field(default_factory=dict)

    async def post(
        self, path: str, body: Mapping[str, Any] | None, token: str, *, key: str | None = None, **headers: str
    ) -> httpx.Response:
        """Send a command with an idempotency key of its own unless one is given."""
        sent = bearer(token, key=key or secrets.token_hex(16)) | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        return await self.client.post(path, json=body, headers=sent)

    async def get(self, path: str, token: str | None = None, **params: Any) -> httpx.Response:
        """Read, with or without a token."""
        return await self.client.get(path, params=params, headers=bearer(token) if token else {})

    async def start_worker(self) -> None:
        """Run the worker in this process."""
        self._stopping = asyncio.Event()
        module = importlib.import_module(f"{self.package}.worker")
        self._worker = asyncio.create_task(
            module.run(self.settings, clock=self.clock, stopping=self._stopping)
        )

    async def stop_worker(self) -> None:
        """Stop the worker and wait for it to drain."""
        if self._worker is not None:
            self._stopping.set()
            await asyncio.wait_for(self._worker, 20)
            self._worker = None

    async def events(self, type_name: str, subject: str | None = None) -> list[dict[str, Any]]:
        """Events announced so far, from the outbox, in order."""
        rows = await self.rows(
            "SELECT event::text AS event FROM outbox WHERE type = :type"
            " AND (CAST(:subject AS text) IS NULL OR subject = :subject) ORDER BY position",
            type=type_name,
            subject=subject,
        )
        return [json.loads(row["event"]) for row in rows]

    async def event(
        self, type_name: str, subject: str | None = None, *, within: float = 30.0
    ) -> dict[str, Any]:
        """Wait for an event and return the newest."""

        async def found() -> dict[str, Any] | None:
            events = await self.events(type_name, subject)
            return events[-1] if events else None

        result = await eventually(found, within=within)
        assert result is not None
        return result

    async def rows(self, query: str, **values: Any) -> list[dict[str, Any]]:
        """Look into the database."""
        async with self.engine.connect() as connection:
            return [dict(row) for row in (await connection.execute(text(query), values)).mappings()]

    async def rows_changed(self, statement: str, **values: Any) -> None:
        """Change the database behind the service's back, as an operator or a fault would."""
        async with self.engine.begin() as connection:
            await connection.execute(text(statement), values)

    async def hear(
        self,
        type_name: str,
        subject: str,
        data: Mapping[str, Any],
        *,
        at: datetime | None = None,
        traceparent: str | None = None,
    ) -> dict[str, Any]:
        """Let the service hear an event of another one, next in its subject's line; returns the envelope."""
        _, _, publisher, aggregate, *_ = type_name.split(".")
        key = (f"{publisher}.{aggregate}", subject)
        self._sequences[key] = self._sequences.get(key, 0) + 1
        envelope = {
            "specversion": "1.0",
            "id": str(new_uuid7()),
            "source": f"/140881/{publisher}",
            "type": type_name,
            "subject": subject,
            "time": (at or datetime.now(UTC)).isoformat(),
            "datacontenttype": "application/json",
            "sequence": str(self._sequences[key]),
            "sequencetype": "Integer",
            "data": dict(data),
        }
        if traceparent is not None:
            envelope["traceparent"] = traceparent
        await publish(self.broker, envelope)
        return envelope


@asynccontextmanager
async def service_under_test(
    name: str,
    cluster: Cluster,
    directory: Path,
    *,
    package: str | None = None,
    clock: SettableClock | None = None,
    settings: Mapping[str, Any] | None = None,
    worker: bool = True,
    keys: KeySource | None = KEYS,
) -> AsyncIterator[ServiceUnderTest]:
    """Start a service: `services.<name>` unless another package is named; extra settings as keywords.

    Without `keys` it asks the gateway for them, and for withdrawals, as it does in a city.
    """
    package = package or f"services.{name}"
    clock = clock or SettableClock()
    consumers = importlib.import_module(f"{package}.consumers").CONSUMERS
    settings_class = getattr(importlib.import_module(f"{package}.settings"), f"{name.capitalize()}Settings")
    app_module = importlib.import_module(f"{package}.app")
    async with AsyncExitStack() as stack:
        broker = await stack.enter_async_context(broker_for(directory, [c.follower for c in consumers]))
        url = await new_database(cluster, package)
        made = settings_class(
            **{
                "mode": Mode.LOCAL,
                "region_pack": REGION_PACK,
                "nats_url": broker.url,
                "public_url": ISSUER,
                "identity_url": ISSUER,
                "database_url": SecretStr(url),
                "nats_user": name,
                "nats_password": SecretStr(PASSWORDS[name]),
                "secret": SecretStr(secrets.token_hex(32)),
                "person_reference_key": SecretStr(PERSON_REFERENCE_KEY),
                **(settings or {}),
            }
        )
        app = app_module.create_app(made, clock=clock, keys=keys)
        await stack.enter_async_context(app.router.lifespan_context(app))
        client = await stack.enter_async_context(
            httpx.AsyncClient(
                transport=httpx.ASGITransport(app=app, raise_app_exceptions=False), base_url=ISSUER
            )
        )
        engine = create_async_engine(url)
        stack.push_async_callback(engine.dispose)
        service = ServiceUnderTest(name, package, made, app, client, clock, broker, engine)
        if worker:
            await service.start_worker()
            stack.push_async_callback(service.stop_worker)
        yield service

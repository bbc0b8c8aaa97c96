"""The probe as real processes, so that they can be killed: API, worker and broker, on a durable cluster."""

import asyncio
import http.server
import json
import os
import secrets
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from deploy.local.broker import Broker, configuration, is_healthy, write_configuration
from deploy.local.broker import start as start_broker
from deploy.local.layout import free_port
from deploy.local.postgres import ephemeral_cluster
from deploy.local.provision import BrokerAccess, provision
from deploy.local.secrets import PROVISIONER
from shared.messaging.topology import PUBLISHERS
from tests.probe.consumers import CONSUMERS
from tests.support.broker import PASSWORDS
from tests.support.databases import new_database
from tests.support.identities import SIGNING_KEY
from tests.support.service import REGION_PACK
from tests.support.waiting import eventually

FOLLOWERS = tuple(consumer.follower for consumer in CONSUMERS)


@contextmanager
def identity_server() -> Iterator[str]:
    """Serve the test run's public key, and no withdrawal, as the gateway would; yields its URL."""
    body = json.dumps({"keys": [SIGNING_KEY.public_jwk()], "withdrawals": []}).encode()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()


@dataclass
class ProbeProcesses:
    """The probe's processes, each startable and killable by name: `api`, `worker`, `broker`."""

    directory: Path
    port: int
    broker: Broker
    database_url: str
    engine: AsyncEngine
    identity_url: str
    environment: dict[str, str]
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where the API listens."""
        return f"http://127.0.0.1:{self.port}"

    def start(self, name: str, **extra: str) -> None:
        """Start one process; it need not be ready when this returns."""
        if name == "broker":
            self.running[name] = start_broker(self.broker, self.directory / "nats.log")
            return
        commands = {
            "api": [
                "-m", "uvicorn", "tests.probe.app:create_app", "--factory", "--port", str(self.port),
                "--http", "h11", "--no-access-log", "--log-level", "warning",
            ],
            "worker": ["-m", "tests.probe.worker"],
        }  # fmt: skip
        with (self.directory / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [sys.executable, *commands[name]],
                env=self.environment | extra,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def signal(self, name: str, number: signal.Signals) -> None:
        """Send a signal to one process."""
        self.running[name].send_signal(number)

    def kill(self, name: str) -> None:
        """SIGKILL, and wait until it is gone."""
        self.running[name].kill()
        self.running[name].wait(10)

    async def ready(self) -> None:
        """Wait until the API says that it is ready."""
        async with httpx.AsyncClient(timeout=20) as client:

            async def answers() -> bool:
                try:
                    return (await client.get(f"{self.url}/readyz")).status_code == 200
                except httpx.HTTPError:
                    return False

            await eventually(answers, within=30)

    async def broker_ready(self) -> None:
        """Wait until the broker's streams are recovered."""

        async def healthy() -> bool:
            return await asyncio.to_thread(is_healthy, self.broker)

        await eventually(healthy, within=30)

    async def provision(self) -> None:
        """Make streams and consumers as declared."""
        access = BrokerAccess(self.broker.url, PASSWORDS[PROVISIONER], ack_wait_seconds=3)
        await asyncio.wait_for(provision(access, PUBLISHERS, FOLLOWERS), 30)

    async def scalar(self, query: str, **values: object) -> int:
        """Count something in the database."""
        async with self.engine.connect() as connection:
            return int((await connection.execute(text(query), values)).scalar_one())

    async def quiet(self, *, within: float = 60.0) -> None:
        """Wait until nothing is under way: all sent, all applied (invariant I6)."""

        async def done() -> bool:
            unsent = await self.scalar("SELECT count(*) FROM outbox WHERE stream_sequence IS NULL")
            waiting = await self.scalar("SELECT count(*) FROM inbox WHERE state = 'waiting'")
            echoed = await self.scalar("SELECT count(*) FROM echo")
            announced = await self.scalar("SELECT count(*) FROM outbox")
            assert (unsent, waiting) == (0, 0), f"{unsent} unsent, {waiting} waiting"
            assert echoed == announced, f"{echoed} of {announced} applied"
            return True

        await eventually(done, within=within)

    def stop(self) -> None:
        """End what still runs."""
        for process in self.running.values():
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
                process.wait(10)


@asynccontextmanager
async def probe_processes(directory: Path, *, broker: bool = True) -> AsyncIterator[ProbeProcesses]:
    """Start broker, API and worker of the probe on a cluster with fsync on, as every test of faults needs."""
    with ephemeral_cluster(directory, durable=True) as cluster, identity_server() as identity_url:
        port = free_port()
        server = Broker(directory / "nats", free_port(), free_port())
        write_configuration(server, configuration(server, PASSWORDS, FOLLOWERS))
        url = await new_database(cluster, "tests.probe")
        engine = create_async_engine(url)
        environment = os.environ | {
            "TONGBAN_MODE": "local",
            "TONGBAN_REGION_PACK": str(REGION_PACK),
            "TONGBAN_NATS_URL": server.url,
            "TONGBAN_PUBLIC_URL": "http://127.0.0.1:8000",
            "TONGBAN_IDENTITY_URL": identity_url,
            "TONGBAN_PROBE_DATABASE_URL": url,
            "TONGBAN_PROBE_NATS_USER": "hotline",
            "TONGBAN_PROBE_NATS_PASSWORD": PASSWORDS["hotline"],
            "TONGBAN_PROBE_SECRET": secrets.token_hex(32),
        }
        probe = ProbeProcesses(directory, port, server, url, engine, identity_url, environment)
        try:
            if broker:
                probe.start("broker")
                await probe.broker_ready()
                await probe.provision()
            probe.start("api")
            probe.start("worker")
            if broker:
                await probe.ready()
            yield probe
        finally:
            probe.stop()
            await engine.dispose()

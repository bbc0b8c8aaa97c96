"""Which processes make up a suite, and with which commands."""

import asyncio
import json
import signal
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from deploy.local import broker, postgres
from deploy.local.broker import Broker
from deploy.local.environment import Surroundings, environment_of, inherited
from deploy.local.layout import GATEWAY, HOST, PARTS, Part
from deploy.local.postgres import Cluster
from deploy.local.refusals import Refused
from deploy.local.seed import SeedAgency
from deploy.local.supervisor import ChildSpec, last_line

if TYPE_CHECKING:
    from shared.messaging.topology import Follower

# Whoever uses another is stopped before it.
CALLERS, SERVICE_APIS, BROKER, DATABASE = range(4)


@dataclass(frozen=True)
class Blueprint:
    """What a suite is made of, apart from PostgreSQL and NATS, which every suite has."""

    agencies: Callable[[Path], tuple[SeedAgency, ...]]
    followers: Callable[[], tuple["Follower", ...]]
    migrate: Callable[[Surroundings], Awaitable[None]]
    processes: Callable[[Surroundings], list[ChildSpec]]


def tongban() -> Blueprint:
    """The suite itself; its code is imported here, so that commands which only ask start quickly."""
    from deploy.local.declared import agencies_of, declared_followers

    return Blueprint(agencies_of, declared_followers, migrate, processes)


def http_of(part: str) -> str:
    """Which protocol class uvicorn reads HTTP with: h11 is strict and slow, the gateway's has limits of its own."""
    return "gateway.proxy.protocol:GatewayProtocol" if part == GATEWAY.name else "h11"


def processes(around: Surroundings) -> list[ChildSpec]:
    return [spec for part in PARTS for spec in (api(part, around), worker(part, around))]


def api(part: Part, around: Surroundings) -> ChildSpec:
    port = around.ports.api(part)
    return ChildSpec(
        name=f"{part.name}.api",
        command=[
            *(sys.executable, "-P", "-m", "uvicorn", f"{part.package}.app:create_app", "--factory"),
            *("--host", HOST, "--port", str(port), "--http", http_of(part.name), "--ws", "none"),
            # Nobody in front of a local suite may speak for another address; the server does not name itself.
            *("--no-proxy-headers", "--no-server-header", "--no-access-log"),
            *("--timeout-keep-alive", "5", "--timeout-graceful-shutdown", "15", "--backlog", "512"),
        ],
        environment=environment_of(part, around),
        log=around.data.log(f"{part.name}.api"),
        stop_phase=CALLERS if part is GATEWAY else SERVICE_APIS,
    )


def worker(part: Part, around: Surroundings) -> ChildSpec:
    return ChildSpec(
        name=f"{part.name}.worker",
        command=[sys.executable, "-P", "-m", f"{part.package}.worker"],
        environment=environment_of(part, around),
        log=around.data.log(f"{part.name}.worker"),
        stop_phase=CALLERS,
    )


def database_server(cluster: Cluster, around: Surroundings) -> ChildSpec:
    return ChildSpec(
        name="postgres",
        command=cluster.command(),
        environment=postgres.server_environment(),
        log=around.data.log("postgres"),
        stop_phase=DATABASE,
        stop_signal=signal.SIGINT,  # "fast" shutdown; SIGTERM would wait for every client
        demotion=cluster.demotion(),
        before_start=lambda: postgres.heal(cluster),
    )


def broker_server(server: Broker, around: Surroundings) -> ChildSpec:
    return ChildSpec(
        name="nats",
        command=server.command(),
        environment=inherited(),
        log=around.data.log("nats"),
        stop_phase=BROKER,
    )


def cluster_of(around: Surroundings) -> Cluster:
    return Cluster(around.data.postgres, around.ports.postgres, around.secrets.postgres_superuser)


def broker_of(around: Surroundings) -> Broker:
    return broker.Broker(around.data.nats, around.ports.nats, around.ports.nats_monitoring)


async def migrate(around: Surroundings) -> None:
    """Raises: Refused with the last line that the migrations said."""
    urls = {part.package: around.database_url(part) for part in PARTS}
    log = around.data.log("migrations")
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "deploy.local.migrations"),
            env=inherited(),
            cwd=around.data.run,
            stdin=asyncio.subprocess.PIPE,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        try:
            await process.communicate(json.dumps(urls).encode())
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    if process.returncode:
        raise Refused(f"a migration failed: {last_line(log)}; see {log}")

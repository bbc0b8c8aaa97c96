"""The three-node broker of the compose file, run for real on this machine's loopback."""

import asyncio
import os
import re
import secrets
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from nats.errors import Error as NatsError

from deploy.compose import NODES, PARTS, nats_configuration
from deploy.local.broker import binary, monitoring_answer
from deploy.local.declared import declared_followers
from deploy.local.layout import free_port
from deploy.local.provision import BrokerAccess, provision
from shared.messaging.connection import connect
from tests.support.waiting import eventually


class Nodes:
    """Three servers with the compose file's configuration, on ports of their own."""

    def __init__(self, directory: Path) -> None:
        self.ports = {node: (free_port(), free_port(), free_port()) for node in NODES}
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        text = nats_configuration()
        named = set(re.findall(r"\$(TONGBAN_[A-Z0-9_]+PASSWORD)", text)) | {"TONGBAN_NATS_ROUTE_PASSWORD"}
        # NATS reads a value from the environment as its own syntax: a letter first keeps it a word.
        self.passwords = {name: f"p{secrets.token_hex(16)}" for name in named}
        routes = {
            f"TONGBAN_ROUTE_TO_{node.replace('-', '_').upper()}": "nats-route://route:"
            f"{self.passwords['TONGBAN_NATS_ROUTE_PASSWORD']}@127.0.0.1:{ports[2]}"
            for node, ports in self.ports.items()
        }
        for node, (client, monitoring, route) in self.ports.items():
            own = text.replace("0.0.0.0:4222", f"127.0.0.1:{client}")
            own = own.replace("0.0.0.0:8222", f"127.0.0.1:{monitoring}").replace(
                "0.0.0.0:6222", f"127.0.0.1:{route}"
            )
            (directory / f"{node}.conf").write_text(own.replace('"/data"', f'"{directory / node}"'))
            with (directory / f"{node}.log").open("ab") as log:
                self.running[node] = subprocess.Popen(
                    [binary(), "-c", directory / f"{node}.conf"],
                    env=os.environ | self.passwords | routes | {"NATS_SERVER_NAME": node},
                    stdout=log,
                    stderr=log,
                )

    @property
    def url(self) -> str:
        """All three, as the services are told."""
        return ",".join(f"nats://127.0.0.1:{ports[0]}" for ports in self.ports.values())

    async def ready(self) -> None:
        """Wait until a leader is elected and every node is healthy."""

        async def healthy() -> bool:
            for _, monitoring, _ in self.ports.values():
                try:
                    answer = await asyncio.to_thread(
                        monitoring_answer, f"http://127.0.0.1:{monitoring}", "/healthz?js-server-only=true"
                    )
                    leader = await asyncio.to_thread(
                        monitoring_answer, f"http://127.0.0.1:{monitoring}", "/jsz"
                    )
                except OSError:
                    return False
                meta = leader.get("meta_cluster")
                if answer.get("status") != "ok" or not isinstance(meta, dict) or not meta.get("leader"):
                    return False
            return True

        await eventually(healthy, within=30)


@pytest.fixture
def nodes(tmp_path: Path) -> Iterator[Nodes]:
    """Run the cluster for one test."""
    started = Nodes(tmp_path)
    try:
        yield started
    finally:
        for process in started.running.values():
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in started.running.values():
            process.wait(20)


async def test_streams_have_three_replicas_and_outlive_a_node(nodes: Nodes) -> None:
    await nodes.ready()
    access = BrokerAccess(nodes.url, nodes.passwords["TONGBAN_PROVISIONER_PASSWORD"], replicas=3)
    await asyncio.wait_for(provision(access, PARTS, declared_followers()), 60)
    client = await connect(
        nodes.url,
        user="registration",
        password=nodes.passwords["TONGBAN_REGISTRATION_NATS_PASSWORD"],
        name="test",
    )
    js = client.jetstream(timeout=10)
    assert (await js.stream_info("REGISTRATION")).config.num_replicas == 3
    await js.publish("events.registration.enterprise.registered.v1", b"1")

    nodes.running["nats-2"].kill()

    async def published() -> bool:
        try:
            await js.publish("events.registration.enterprise.registered.v1", b"2")
        except (TimeoutError, NatsError):
            return False  # while the others elect a leader
        return True

    await eventually(published, within=30)
    assert (await js.stream_info("REGISTRATION")).state.messages >= 2
    await client.close()

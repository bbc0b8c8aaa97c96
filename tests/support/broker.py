"""A NATS server per test module, with the permissions that the services declare."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import nats
from nats.aio.client import Client

from deploy.local.broker import Broker, ephemeral_broker
from deploy.local.provision import BrokerAccess, provision
from deploy.local.secrets import PROVISIONER
from shared.messaging.events import parse_event
from shared.messaging.topology import PUBLISHERS, Follower

PASSWORDS = {name: f"test-password-of-{name}-0123456789" for name in (*PUBLISHERS, PROVISIONER)}


@asynccontextmanager
async def broker_for(directory: Path, followers: Iterable[Follower]) -> AsyncIterator[Broker]:
    """Run a broker whose streams and consumers are made."""
    declared = tuple(followers)
    with ephemeral_broker(directory, PASSWORDS, declared) as broker:
        access = BrokerAccess(broker.url, PASSWORDS[PROVISIONER])
        await asyncio.wait_for(provision(access, PUBLISHERS, declared), 30)
        yield broker


@asynccontextmanager
async def client_of(broker: Broker, user: str = PROVISIONER) -> AsyncIterator[Client]:
    """Connect as one of the broker's users."""
    client = await nats.connect(
        broker.url, user=user, password=PASSWORDS[user], inbox_prefix=f"_INBOX_{user}".encode()
    )
    try:
        yield client
    finally:
        await client.close()


async def publish(broker: Broker, envelope: Mapping[str, Any], message_id: str | None = None) -> None:
    """Publish an event as the service that it comes from would."""
    body = json.dumps(envelope, ensure_ascii=False).encode()
    event = parse_event(body)
    service = event.type.split(".")[2]
    async with client_of(broker, service) as client:
        await client.jetstream().publish(
            f"events.{event.type.removeprefix('cn.tongban.')}",
            body,
            headers={"Nats-Msg-Id": message_id or event.id},
        )

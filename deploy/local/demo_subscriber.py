"""A tax subscriber outside the suite: it follows enterprises over NATS, is cut off, and resumes where it was."""

import asyncio
import json
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, Final

import nats
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.errors import TimeoutError as NatsTimeoutError
from nats.js.client import JetStreamContext

from deploy.local.environment import Surroundings
from deploy.local.layout import HOST
from deploy.local.refusals import Refused
from shared.messaging.subscribers import OUTSIDE

USER: Final = "tax"
REGISTERED: Final = "cn.tongban.registration.enterprise.registered.v1"


@dataclass
class TaxSubscriber:
    """Takes each event once, by its id; a position that comes twice or leaves one out is noticed."""

    around: Surroundings
    received: int = 0
    repeated: int = 0
    connections: int = 0
    newest: dict[str, Any] = field(default_factory=dict)
    _seen: set[str] = field(default_factory=set)
    _sequences: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    _client: Client | None = None

    async def connect(self) -> None:
        """With its own user; the broker lets it see the life of enterprises and nothing else."""
        self.connections += 1
        self._client = await nats.connect(
            f"nats://{HOST}:{self.around.ports.nats}",
            user=USER,
            password=self.around.secrets.nats[USER],
            inbox_prefix=f"_INBOX_{USER}".encode(),
            connect_timeout=5,
            allow_reconnect=False,
        )

    async def cut_off(self) -> None:
        """Lose the connection without a goodbye."""
        if self._client is not None:
            await self._client.close()
            self._client = None

    async def catch_up(self) -> int:
        """Take everything that waits; returns how much that was."""
        before = self.received
        while await self._take_batch():
            continue
        return self.received - before

    async def wait_for(self, uscc: str, *, within: float) -> dict[str, Any]:
        """Raises: Refused where the enterprise's registration does not come."""
        deadline = time.monotonic() + within
        while uscc not in self.newest:
            if time.monotonic() > deadline:
                raise Refused(f"the tax subscriber waited {within:.0f} s in vain for the event of {uscc}")
            await self._take_batch()
        event: dict[str, Any] = self.newest[uscc]
        return event

    async def _take_batch(self) -> int:
        """Take one batch; where the broker is away, come back to it with a new connection."""
        try:
            batch = await _fetch(await self._bind())
            for message in batch:
                self._take(json.loads(message.data))
                await message.ack()
        except (OSError, TimeoutError, NatsError):
            await self.cut_off()
            await asyncio.sleep(0.3)
            return 0
        return len(batch)

    def _take(self, event: dict[str, Any]) -> None:
        if event["id"] in self._seen:
            self.repeated += 1
            return
        subject, sequence = event["subject"], int(event["sequence"])
        known = self._sequences[subject]
        if known and sequence != known + 1:
            raise Refused(
                f"the tax subscriber missed something of {subject}: {known} is followed by {sequence}"
            )
        self._sequences[subject] = sequence
        self._seen.add(event["id"])
        self.received += 1
        if event["type"] == REGISTERED:
            self.newest[subject] = event

    async def _bind(self) -> JetStreamContext.PullSubscription:
        if self._client is None:
            await self.connect()
        follower = OUTSIDE[USER][0]
        assert self._client is not None  # noqa: S101 - connected above
        return await self._client.jetstream(timeout=5).pull_subscribe_bind(
            durable=follower.durable, stream=follower.stream, inbox_prefix=f"_INBOX_{USER}.".encode()
        )


async def _fetch(subscription: JetStreamContext.PullSubscription) -> list[Any]:
    try:
        return list(await subscription.fetch(100, timeout=1.0))
    except (TimeoutError, NatsTimeoutError):
        return []

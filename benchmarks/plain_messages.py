"""Messages published to a stream of the same broker and fetched from it: JetStream without the suite."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from typing import Final

import nats
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, StreamConfig

from deploy.local.broker_access import provisioner
from deploy.local.environment import Surroundings

STREAM: Final = "BENCHMARK"
SUBJECT: Final = "benchmark.round"


class PlainMessages:
    """Messages of one size, each with the instant at which it was sent."""

    def __init__(self, jetstream: JetStreamContext, size: int) -> None:
        self.delays: list[float] = []
        self._jetstream = jetstream
        self._size = size
        self._sent = 0

    async def send(self) -> None:
        """Publish one and wait for the acknowledgement, which comes after the fsync."""
        self._sent += 1
        stamp = f"{time.time_ns()} ".encode()
        await self._jetstream.publish(SUBJECT, stamp.ljust(self._size, b"x"), stream=STREAM)

    async def has_arrived(self) -> bool:
        """Tell whether as many were fetched as sent."""
        return len(self.delays) == self._sent

    async def fetch(self) -> None:
        """Fetch and acknowledge until cancelled, as a consumer does."""
        subscription = await self._jetstream.pull_subscribe_bind(durable=STREAM, stream=STREAM)
        while True:
            try:
                messages = await subscription.fetch(100, timeout=1)
            except (TimeoutError, nats.errors.TimeoutError):
                continue
            now = time.time_ns()
            self.delays += [(now - int(message.data.split(b" ", 1)[0])) / 1e9 for message in messages]
            for message in messages:
                await message.ack()


@contextlib.asynccontextmanager
async def messaging(around: Surroundings, size: int) -> AsyncIterator[PlainMessages]:
    """A stream of its own, gone after."""
    async with provisioner(around) as client:
        jetstream = client.jetstream()
        await jetstream.add_stream(StreamConfig(name=STREAM, subjects=[SUBJECT], max_bytes=2**26))
        messages = PlainMessages(jetstream, size)
        try:
            follower = ConsumerConfig(durable_name=STREAM, ack_policy=AckPolicy.EXPLICIT)
            await jetstream.add_consumer(STREAM, follower)
            fetching = asyncio.create_task(messages.fetch())
            try:
                yield messages
            finally:
                fetching.cancel()
                await asyncio.gather(fetching, return_exceptions=True)
        finally:
            await jetstream.delete_stream(STREAM)

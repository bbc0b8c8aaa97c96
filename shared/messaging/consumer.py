"""The consumer loop: fetches batches from a durable, hands them to the inbox, acknowledges after the commit."""

import asyncio
import logging

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js.client import JetStreamContext

from shared.database.unit_of_work import UnitOfWork, UnitOfWorkFactory
from shared.messaging import faultpoints
from shared.messaging.inbox import Inbox
from shared.messaging.topology import Consumer

log = logging.getLogger(__name__)

_BATCH = 100
_FETCH_SECONDS = 1.0
_QUIET_FETCH_SECONDS = 3.0  # while nothing waits in the inbox for another try; a message ends it at once
_LAST_FETCH_SECONDS = 0.05


class ConsumerLoop:
    """Runs one declared consumer until told to stop."""

    def __init__(self, consumer: Consumer, client: Client, transactions: UnitOfWorkFactory) -> None:
        self._follower = consumer.follower
        self._inbox = Inbox(consumer.key, consumer.handlers)
        self._client = client
        self._transactions = transactions
        self._may_wait = True

    async def run(self, stopping: asyncio.Event) -> None:
        """Fetch, apply, commit, acknowledge.

        What cannot be stored now is tried again before anything else is fetched; what is left when the process ends
        stays unacknowledged and comes again.
        """
        subscription: JetStreamContext.PullSubscription | None = None
        messages: list[Msg] = []
        delay = 0.1
        while not stopping.is_set():
            try:
                if subscription is None:
                    subscription = await self._bind()
                if not messages:
                    messages = await self._fetch_unless(stopping, subscription)
                await self._take_in(messages)
                messages = []
                delay = 0.1
            except Exception as error:  # noqa: BLE001 - the loop records, waits and goes on
                log.warning(
                    "consumer_retry",
                    extra={
                        "durable": self._inbox.durable,
                        "reason": f"{type(error).__name__}: {error}"[:300],
                    },
                )
                if not self._client.is_connected:
                    subscription, messages = None, []
                await _wait(stopping, delay)
                delay = min(delay * 2, 5.0)
        if subscription is not None and self._client.is_connected:
            await subscription.unsubscribe()

    async def _bind(self) -> JetStreamContext.PullSubscription:
        user = self._follower.service
        return await self._client.jetstream().pull_subscribe_bind(
            durable=self._follower.durable,
            stream=self._follower.stream,
            inbox_prefix=f"_INBOX_{user}.".encode(),
        )

    async def _fetch_unless(
        self, stopping: asyncio.Event, subscription: JetStreamContext.PullSubscription
    ) -> list[Msg]:
        """Wait for messages, but not when told to stop: then take only what has arrived."""
        seconds = _FETCH_SECONDS if self._may_wait else _QUIET_FETCH_SECONDS
        fetching = asyncio.create_task(self._fetch(subscription, seconds))
        stop = asyncio.create_task(stopping.wait())
        try:
            await asyncio.wait({fetching, stop}, return_when=asyncio.FIRST_COMPLETED)
            if fetching.done():
                return fetching.result()
        finally:
            stop.cancel()
            fetching.cancel()
        await asyncio.wait({fetching})
        return await self._fetch(subscription, _LAST_FETCH_SECONDS)

    async def _fetch(self, subscription: JetStreamContext.PullSubscription, seconds: float) -> list[Msg]:
        try:
            return list(await subscription.fetch(_BATCH, timeout=seconds) or [])
        except (TimeoutError, asyncio.CancelledError) as error:
            if isinstance(error, asyncio.CancelledError):
                raise
            return []
        except NatsError as error:
            if "timeout" in type(error).__name__.lower():
                return []  # "nothing there" comes in three shapes
            raise

    async def _take_in(self, messages: list[Msg]) -> None:
        async def work(uow: UnitOfWork) -> bool:
            if messages:
                await self._inbox.take_in([m.data for m in messages], uow)
            await self._inbox.apply_due(uow)
            return await self._inbox.holds_waiting(uow)

        self._may_wait = await self._transactions.run(work)
        faultpoints.hit("consumer.after_commit")
        for message in messages:
            await message.ack()  # a lost acknowledgement costs a redelivery, nothing else


async def _wait(stopping: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stopping.wait(), seconds)
    except TimeoutError:
        return

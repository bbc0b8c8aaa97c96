"""The consumer loop: takes batches from a durable, hands them to the inbox, acknowledges after the commit."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from nats.aio.client import Client
from nats.aio.msg import Msg

from shared.database.unit_of_work import UnitOfWorkFactory
from shared.messaging import faultpoints
from shared.messaging.inbox import BatchFailed, Inbox
from shared.messaging.inbox_rows import WITH_DUE
from shared.messaging.pulling import BATCH, Pull
from shared.messaging.topology import Consumer

log = logging.getLogger(__name__)

_LOOK_SECONDS: Final = (
    3.0  # how soon a lost request or connection is noticed; a message ends the wait at once
)
_DUE_SECONDS: Final = 1.0
_RESTS: Final = 3.0  # so many times as long as its batch took: what comes meanwhile is one batch
_LONGEST_REST: Final = 0.25
AT_ONCE: Final = (
    4  # batches of a program; more only wait for each other's locks, each with a connection of its own
)


class ConsumerLoop:
    """Runs one declared consumer until told to stop. `applied` is called after each batch; `gate` is its program's."""

    def __init__(
        self,
        consumer: Consumer,
        client: Client,
        transactions: UnitOfWorkFactory,
        gate: asyncio.Semaphore,
        applied: Callable[[], None],
    ) -> None:
        self._inbox = Inbox(consumer.key, consumer.handlers)
        self._transactions = transactions
        self._gate = gate
        self._applied = applied
        self._wake = asyncio.Event()
        self._pull = Pull(consumer.follower, client, self._wake)
        self._has_due = False

    @property
    def durable(self) -> str:
        """Name of the consumer in the inbox."""
        return self._inbox.durable

    def try_due(self) -> None:
        """Something in the inbox may be due for another try."""
        self._has_due = True
        self._wake.set()

    async def run(self, stopping: asyncio.Event) -> None:
        """Take, apply, commit, acknowledge, rest.

        What cannot be stored now is tried again before anything else is taken; what is left when the process ends
        stays unacknowledged and comes again.
        """
        ending = asyncio.create_task(self._wake_at(stopping))
        messages: list[Msg] = []
        delay = 0.1
        while not stopping.is_set():
            try:
                messages = messages or await self._next(stopping)
                if messages or self._has_due:
                    async with self._gate:
                        began = time.monotonic()
                        await self._take_in(messages)
                    took = time.monotonic() - began
                    rest = 0.0 if len(messages) >= BATCH // 2 else _RESTS * took
                    messages = []
                    await _wait(stopping, min(rest, _LONGEST_REST))
                delay = 0.1
            except Exception as error:  # noqa: BLE001 - the loop records, waits and goes on
                log.warning(
                    "consumer_retry",
                    extra={"durable": self.durable, "reason": f"{type(error).__name__}: {error}"[:300]},
                )
                await _wait(stopping, delay)
                delay = min(delay * 2, 5.0)
        ending.cancel()
        await self._pull.close()

    async def _wake_at(self, stopping: asyncio.Event) -> None:
        await stopping.wait()
        self._wake.set()

    async def _next(self, stopping: asyncio.Event) -> list[Msg]:
        """Wait for messages, a retry that is due or the end; the broker is asked for more before it runs dry."""
        while True:
            self._wake.clear()
            if stopping.is_set():  # looked at after the clearing, which may have wiped the call to stop away
                return []
            await self._pull.keep_open()
            if self._pull or self._has_due:
                break
            if await _wait(self._wake, _LOOK_SECONDS):
                break
        messages = self._pull.taken()
        await self._pull.keep_open()
        return messages

    async def _take_in(self, messages: Sequence[Msg]) -> None:
        if messages:
            bodies = [message.data for message in messages]
            try:
                await self._transactions.run(partial(self._inbox.take_in, bodies, one_by_one=False))
            except BatchFailed:
                await self._transactions.run(partial(self._inbox.take_in, bodies, one_by_one=True))
            faultpoints.hit("consumer.after_commit")
            for message in messages:
                await message.ack()  # a lost acknowledgement costs a redelivery, nothing else
        if self._has_due:
            self._has_due = bool(await self._transactions.run(self._inbox.apply_due))
        self._applied()


async def watch_due(
    loops: Sequence[ConsumerLoop], transactions: UnitOfWorkFactory, stopping: asyncio.Event
) -> None:
    """Tell each loop when something in its inbox is due for another try: one query for all of a program's loops."""
    durables = {loop.durable: loop for loop in loops}
    while durables and not await _wait(stopping, _DUE_SECONDS):
        try:
            async with transactions.engine.connect() as connection:
                await connection.execution_options(isolation_level="AUTOCOMMIT")
                values = {"durables": list(durables), "now": transactions.clock()}
                for row in await connection.execute(WITH_DUE, values):
                    durables[row.durable].try_due()
        except Exception as error:  # noqa: BLE001 - records and goes on: the database may be away for a while
            log.warning("due_watch_retry", extra={"reason": f"{type(error).__name__}: {error}"[:300]})


async def _wait(event: asyncio.Event, seconds: float) -> bool:
    """Wait for an event, at most so long; True when it is set."""
    if seconds <= 0:
        return event.is_set()
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True

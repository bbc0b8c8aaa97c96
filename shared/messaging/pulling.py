"""Pulling from a durable: one request stays open at the broker, what comes is taken as it comes.

nats-py's own fetch asks twice for each batch and waits inside the call; here an idle consumer costs two requests a
minute, a busy one a request for each hundred messages.
"""

import asyncio
import json
import logging
import secrets
import time
from typing import Final

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription

from shared.messaging.topology import Follower

log = logging.getLogger(__name__)

BATCH: Final = 100
_OPEN_SECONDS: Final = 30.0
_GRACE_SECONDS: Final = 5.0  # the broker's own end of a request comes first, where it comes
_REFUSED_SECONDS: Final = 0.5  # a durable that is being made anew is asked for again soon
_ENDED: Final = frozenset({"404", "408"})  # nothing there; its time is over
_HEARTBEAT: Final = "100"
_STATUS: Final = "Status"


class Pull:
    """What a durable delivers, in the order in which it came. `arrived` is set with each message."""

    def __init__(self, follower: Follower, client: Client, arrived: asyncio.Event) -> None:
        self._follower = follower
        self._client = client
        self._arrived = arrived
        self._subscription: Subscription | None = None
        self._waiting: list[Msg] = []
        self._asked = 0  # how many of the open request are still to come
        self._good_until = 0.0
        self._connection = -1

    def __len__(self) -> int:
        return len(self._waiting)

    async def keep_open(self) -> None:
        """Ask for more, where no request is open: none yet, used up, ended, or gone with its connection."""
        reconnects = self._client.stats["reconnects"]
        is_open = reconnects == self._connection and self._asked > 0 and time.monotonic() < self._good_until
        if is_open or not self._client.is_connected:
            return
        if self._subscription is None:
            inbox = f"_INBOX_{self._follower.service}.{secrets.token_hex(11)}"
            self._subscription = await self._client.subscribe(inbox, cb=self._take)
        self._connection = reconnects
        self._asked = BATCH
        self._good_until = time.monotonic() + _OPEN_SECONDS + _GRACE_SECONDS
        request = {"batch": BATCH, "expires": int(_OPEN_SECONDS * 1e9)}
        await self._client.publish(
            f"$JS.API.CONSUMER.MSG.NEXT.{self._follower.stream}.{self._follower.durable}",
            json.dumps(request).encode(),
            self._subscription.subject,
        )

    def taken(self) -> list[Msg]:
        """Take what has come, at most a batch."""
        batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
        return batch

    async def close(self) -> None:
        """Want no more; what came and was not taken goes back, and comes to whoever asks next."""
        if self._subscription is not None and self._client.is_connected:
            await self._subscription.unsubscribe()
            for message in self._waiting:
                await message.nak()

    async def _take(self, message: Msg) -> None:
        status = (message.headers or {}).get(_STATUS)
        if status is None:
            self._waiting.append(message)
            self._asked -= 1
        elif status == _HEARTBEAT:
            return
        elif status in _ENDED:
            self._asked = 0
        else:
            self._asked = 0
            log.info("pull_ended", extra={"durable": self._follower.durable, "status": status})
            await asyncio.sleep(_REFUSED_SECONDS)
        self._arrived.set()

"""How far a follower has come, as the broker says."""

import logging
from dataclasses import dataclass

from nats.aio.client import Client
from nats.errors import Error as NatsError

from shared.messaging.topology import Follower

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Standing:
    """What a durable has yet to do, and the stream sequence up to which it has acknowledged everything."""

    pending: int
    unacknowledged: int
    acknowledged_up_to: int

    @property
    def lag(self) -> int:
        """Events that the follower does not hold yet."""
        return self.pending + self.unacknowledged


async def standing_of(client: Client | None, follower: Follower, *, within: float = 1.0) -> Standing | None:
    """Ask the broker; None while it is away, has no such durable, or does not let this user ask."""
    if client is None or not client.is_connected:
        return None
    try:
        info = await client.jetstream(timeout=within).consumer_info(follower.stream, follower.durable)
    except (NatsError, TimeoutError) as error:
        log.info("standing_unknown", extra={"durable": follower.durable, "reason": type(error).__name__})
        return None
    floor = info.ack_floor.stream_seq if info.ack_floor else 0
    return Standing(int(info.num_pending or 0), int(info.num_ack_pending or 0), int(floor))

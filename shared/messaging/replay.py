"""Replay: empties a service's read models and lets their consumers take the event log in again from the start."""

from collections.abc import Iterable

from nats.aio.client import Client
from nats.js.api import ConsumerConfig
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.messaging.topology import Consumer

_HOLD = text("LOCK TABLE inbox_cursor IN EXCLUSIVE MODE")
_FORGET_INBOX = text("DELETE FROM inbox WHERE durable = :durable")
_FORGET_CURSORS = text("DELETE FROM inbox_cursor WHERE durable = :durable")
_LAG = text("SELECT count(*) FROM inbox WHERE durable = :durable AND state = 'waiting'")


async def rebuild(consumers: Iterable[Consumer], engine: AsyncEngine, provisioner: Client) -> list[str]:
    """Rebuild every read model among `consumers`; returns the names of the consumers that were started over.

    Runs beside a working service: a batch in flight finds its cursors gone and waits in the inbox for its
    predecessors. The durable is made anew with the provisioner's rights, in the same shape.
    """
    started = []
    manager = provisioner.jetstream()
    for consumer in consumers:
        if not consumer.rebuilds:
            continue
        follower = consumer.follower
        config: ConsumerConfig = (await manager.consumer_info(follower.stream, follower.durable)).config
        async with engine.begin() as connection:
            await connection.execute(_HOLD)
            for table in consumer.rebuilds:
                await connection.execute(text(f'TRUNCATE TABLE "{table}"'))
            await connection.execute(_FORGET_INBOX, {"durable": consumer.key})
            await connection.execute(_FORGET_CURSORS, {"durable": consumer.key})
            await manager.delete_consumer(follower.stream, follower.durable)
            await manager.add_consumer(follower.stream, config)
        started.append(consumer.key)
    return started


async def remaining(consumer: Consumer, engine: AsyncEngine, provisioner: Client) -> int:
    """Count the events that a consumer has still to take in or apply."""
    follower = consumer.follower
    info = await provisioner.jetstream().consumer_info(follower.stream, follower.durable)
    async with engine.connect() as connection:
        waiting = (await connection.execute(_LAG, {"durable": consumer.key})).scalar_one()
    return int(info.num_pending or 0) + int(info.num_ack_pending or 0) + int(waiting)

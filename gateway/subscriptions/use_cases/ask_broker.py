"""Ask the broker how far agencies are that follow over NATS: a durable with nothing left has taken everything."""

import asyncio
from typing import Final

from gateway.settings import GatewaySettings
from gateway.subscriptions.domain.acknowledgement import Way
from gateway.subscriptions.store.acknowledgements import AcknowledgementStore
from gateway.subscriptions.store.event_log import EventLog
from gateway.subscriptions.use_cases.acknowledge import acknowledge_upto
from gateway.subscriptions.use_cases.delivering import delivers
from shared.database.unit_of_work import UnitOfWork, UnitOfWorkFactory
from shared.messaging.connection import connect
from shared.messaging.standing import standing_of
from shared.messaging.subscribers import OUTSIDE
from shared.messaging.topology import Follower
from shared.region import RegionPack

_CONNECT_SECONDS: Final = 5.0


class AskBroker:
    """The errand; the broker is asked only for agencies that have something open."""

    def __init__(self, settings: GatewaySettings, region: RegionPack) -> None:
        self._settings = settings
        self._region = region
        known = {agency.key: agency.uscc for agency in region.agencies}
        self._followers = {known[key]: followers for key, followers in OUTSIDE.items() if key in known}

    async def __call__(self, transactions: UnitOfWorkFactory) -> int:
        """Return how many events were acknowledged."""

        async def begin(uow: UnitOfWork) -> tuple[frozenset[str], int]:
            waiting = await AcknowledgementStore(uow.session).with_open(self._followers)
            return waiting, await EventLog(uow.session).newest_position()

        waiting, newest = await transactions.run(begin)  # what is in the log now, the stream had before
        taken = await self._taken(waiting) if waiting else []

        async def close(uow: UnitOfWork) -> int:
            closed = 0
            for uscc, types in taken:
                closed += await acknowledge_upto(uscc, types, newest, Way.NATS, self._region, uow)
            return closed

        return await transactions.run(close) if taken else 0

    async def _taken(self, waiting: frozenset[str]) -> list[tuple[str, frozenset[str]]]:
        """The types of which an agency's durable has nothing left."""
        types = frozenset(name for rule in self._region.must_follow for name in rule.event_types)
        settings = self._settings
        try:
            async with asyncio.timeout(_CONNECT_SECONDS):
                client = await connect(
                    settings.nats_url,
                    user=settings.nats_user,
                    password=settings.nats_password.get_secret_value(),
                    name="gateway.acknowledgements",
                )
        except TimeoutError:
            return []  # the broker is away: nothing comes over it either, and it is asked again
        try:
            asked = [(uscc, follower) for uscc in sorted(waiting) for follower in self._followers[uscc]]
            standings = await asyncio.gather(*(standing_of(client, follower) for _, follower in asked))
        finally:
            await client.close()
        return [
            (uscc, _covered(follower, types))
            for (uscc, follower), standing in zip(asked, standings, strict=True)
            if standing is not None and standing.lag == 0
        ]


def _covered(follower: Follower, types: frozenset[str]) -> frozenset[str]:
    return frozenset(name for name in types if delivers(follower, name))

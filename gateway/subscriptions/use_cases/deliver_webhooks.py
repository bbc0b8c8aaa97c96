"""Send events to their destinations: in order, once as a rule, again until they are taken.

Nothing is held open while a target is called. A worker that dies between the answer and its record sends the message
again under the same id. A target that is away holds up its own events only; one that refuses an event holds up that
event's subject, and the others go on.
"""

import asyncio
import json
import logging
import random
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gateway.subscriptions.domain.acknowledgement import Duties, Way
from gateway.subscriptions.domain.destination import (
    Answer,
    Delivery,
    Destination,
    DestinationAction,
    DestinationState,
    Reception,
    found_away,
    handed_over,
    moved,
    passed_over,
    refused,
)
from gateway.subscriptions.domain.event_log import LoggedEvent
from gateway.subscriptions.senders import WebhookSender
from gateway.subscriptions.store.destinations import DeliveryStore, DestinationStore
from gateway.subscriptions.store.event_log import EventLog
from gateway.subscriptions.use_cases.acknowledge import acknowledge_event
from gateway.subscriptions.use_cases.webhook_settings import WebhookSettings
from shared.database.unit_of_work import UnitOfWork, UnitOfWorkFactory
from shared.security.signed_messages import signed_headers
from shared.telemetry.context import trace_of

log = logging.getLogger(__name__)

_DESTINATIONS: Final = 200
_AT_ONCE: Final = 16
_EVENTS: Final = 200
_MOST_SET_ASIDE: Final = 1000
"""A target that refuses more than this has a fault of its own."""


@dataclass(frozen=True)
class _Turn:
    """What is sent next: an event, and the record of earlier attempts if it is tried by itself."""

    event: LoggedEvent
    delivery: Delivery | None


class DeliverWebhooks:
    """The errand."""

    def __init__(self, webhooks: WebhookSettings, duties: Duties) -> None:
        self._webhooks = webhooks
        self._duties = duties

    async def __call__(self, transactions: UnitOfWorkFactory) -> int:
        """Return how many messages were sent."""

        async def due(uow: UnitOfWork) -> list[Destination]:
            return await DestinationStore(uow.session, self._webhooks.sealer).due(uow.now, _DESTINATIONS)

        destinations = await transactions.run(due)
        if not destinations:
            return 0
        places = asyncio.Semaphore(_AT_ONCE)
        async with WebhookSender(self._webhooks.rules) as sender:
            rounds = (
                _Round(each, self._webhooks, self._duties, sender, transactions, places)
                for each in destinations
            )
            return sum(await asyncio.gather(*(each.run() for each in rounds)))


class _Round:
    """One destination, until nothing is left, it is away, or others have had to wait long enough."""

    def __init__(
        self,
        destination: Destination,
        webhooks: WebhookSettings,
        duties: Duties,
        sender: WebhookSender,
        transactions: UnitOfWorkFactory,
        places: asyncio.Semaphore,
    ) -> None:
        self._destination = destination
        self._webhooks = webhooks
        self._duties = duties
        self._sender = sender
        self._transactions = transactions
        self._places = places

    async def run(self) -> int:
        async with self._places:
            for sent in range(_EVENTS):
                turn = await self._transactions.run(self._next)
                if turn is None:
                    return sent
                answer = await self._send(turn.event)

                async def settle(uow: UnitOfWork, turn: _Turn = turn, answer: Answer = answer) -> bool:
                    return await self._settle(turn, answer, uow)

                if not await self._transactions.run(settle):
                    return sent + 1
        return _EVENTS

    async def _next(self, uow: UnitOfWork) -> _Turn | None:
        """Take what is due by itself first, then the log; what follows an outstanding event waits behind it."""
        destination, log = self._destination, EventLog(uow.session)
        own = DeliveryStore(uow.session, destination.subscription_id)
        due = await own.next_due(uow.now)
        if due is not None:
            event = await log.at(due.position)
            if event is not None:
                return _Turn(event, due)
            await own.remove(due.position)
        current = await self._locked(uow)
        if current is None:
            return None
        found = await log.after(current.position, destination.agency_uscc, destination.event_types, _EVENTS)
        for event in found:
            if not await own.holds_back(event.subject):
                return _Turn(event, None)
            await own.put(Delivery(event.position, event.event_id, event.subject))
            current = await self._passed(current, event.position, uow)
        return None

    async def _send(self, event: LoggedEvent) -> Answer:
        body = json.dumps(event.envelope, ensure_ascii=False, separators=(",", ":")).encode()
        now = self._transactions.clock()
        headers = {
            "content-type": "application/cloudevents+json; charset=utf-8",
            "user-agent": "Tongban-Webhooks/1",
            **signed_headers(self._destination.secrets_at(now), str(event.event_id), now, body),
        }
        traceparent = event.envelope.get("traceparent")
        if traceparent:
            headers["traceparent"] = str(traceparent)
        answer = await self._sender.send(self._destination.url, body, headers)
        fields = {
            "subscription_id": str(self._destination.subscription_id),
            "event_id": str(event.event_id),
            "reception": answer.reception.value,
            "trace_id": trace_of(headers.get("traceparent")),
        }
        log.info("webhook_sent", extra=fields)
        return answer

    async def _settle(self, turn: _Turn, answer: Answer, uow: UnitOfWork) -> bool:
        """Write down what became of it; returns whether the destination goes on."""
        current = await self._locked(uow)
        if current is None:
            return False  # paused, moved or ended meanwhile: what was sent is sent again, under its id
        store = DestinationStore(uow.session, self._webhooks.sealer)
        own = DeliveryStore(uow.session, current.subscription_id)
        chance = random.random()  # noqa: S311 - spreads retries
        match answer.reception:
            case Reception.TAKEN:
                await own.remove(turn.event.position)
                await store.save(self._taken(current, turn, uow.now))
                await acknowledge_event(current.agency_uscc, turn.event, Way.WEBHOOK, self._duties, uow)
                return True
            case Reception.GONE:
                await store.save(moved(current, DestinationAction.LEAVE))
                return False
            case Reception.REFUSED if sum((await own.counts()).values()) < _MOST_SET_ASIDE:
                known = turn.delivery or Delivery(
                    turn.event.position, turn.event.event_id, turn.event.subject
                )
                await own.put(refused(known, answer, uow.now, self._webhooks.patience, chance))
                await self._passed(current, turn.event.position, uow)
                return True
            case _:
                await store.save(found_away(current, answer, uow.now, self._webhooks.patience, chance))
                return False

    def _taken(self, current: Destination, turn: _Turn, now: datetime) -> Destination:
        """An event that was tried by itself does not move the place in the log."""
        position = current.position if turn.delivery else turn.event.position
        return handed_over(current, position, now)

    async def _passed(self, current: Destination, position: int, uow: UnitOfWork) -> Destination:
        if position <= current.position:
            return current
        store = DestinationStore(uow.session, self._webhooks.sealer)
        changed = passed_over(current, position)
        await store.save(changed)
        return changed

    async def _locked(self, uow: UnitOfWork) -> Destination | None:
        """The destination as it is now, unless it is not the one that this round began with."""
        store = DestinationStore(uow.session, self._webhooks.sealer)
        current = await store.find(self._destination.subscription_id, lock=True)
        if current is None or current.state is not DestinationState.ACTIVE:
            return None
        return current if current.version == self._destination.version else None

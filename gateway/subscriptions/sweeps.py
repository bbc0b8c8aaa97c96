"""What the subscriptions part does by the clock: alarms that repeat, acknowledgements, and the log's end."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from gateway.subscriptions.domain.acknowledgement import Duties
from gateway.subscriptions.store.destinations import (
    DeliveryStore,
    DestinationStore,
    parked_deliveries,
)
from gateway.subscriptions.store.event_log import EventLog
from gateway.subscriptions.use_cases.acknowledge import open_records, tell_overdue
from gateway.subscriptions.use_cases.webhook_settings import WebhookSettings
from shared.database.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

_BATCH: Final = 200


@dataclass(frozen=True)
class ParkedAlarm:
    """Says again and again what is parked, until somebody settles it."""

    webhooks: WebhookSettings

    async def __call__(self, uow: UnitOfWork) -> int:
        """Return how many alarms were given."""
        before = uow.now - self.webhooks.alarm_every
        destinations = DestinationStore(uow.session, self.webhooks.sealer)
        parked = await destinations.parked(before, _BATCH)
        for destination in parked:
            log.error(
                "webhook_destination_parked",
                extra={
                    "subscription_id": str(destination.subscription_id),
                    "agency_uscc": destination.agency_uscc,
                    "reason": destination.last_fault,
                    "position": destination.position,
                },
            )
            await destinations.mark_alarmed(destination.subscription_id, uow.now)
        deliveries = await parked_deliveries(uow.session, before, _BATCH)
        for subscription_id, delivery in deliveries:
            log.error(
                "webhook_event_parked",
                extra={
                    "subscription_id": str(subscription_id),
                    "event_id": str(delivery.event_id),
                    "reason": delivery.last_fault,
                },
            )
            await DeliveryStore(uow.session, subscription_id).mark_alarmed(delivery.position, uow.now)
        return len(parked) + len(deliveries)


@dataclass(frozen=True)
class ForgetEvents:
    """Keeps the log to its length: what is older and was followed by a newer event of its subject goes."""

    kept_for: timedelta

    async def __call__(self, uow: UnitOfWork) -> int:
        """Return how many events were forgotten."""
        return await EventLog(uow.session).forget(uow.now - self.kept_for, _BATCH)


@dataclass(frozen=True)
class OpenAcknowledgements:
    """Opens a record for each event that a department must take."""

    duties: Duties

    async def __call__(self, uow: UnitOfWork) -> int:
        """Return for how many events."""
        return await open_records(self.duties, uow)


@dataclass(frozen=True)
class TellOverdue:
    """Tells once what a department did not acknowledge in time; `told_too` hear of every department."""

    duties: Duties
    told_too: tuple[str, ...]

    async def __call__(self, uow: UnitOfWork) -> int:
        """Return how many events were told of."""
        return await tell_overdue(self.duties, self.told_too, uow)

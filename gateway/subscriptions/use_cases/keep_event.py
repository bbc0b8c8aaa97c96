"""Keep an event for those who may follow it."""

from datetime import UTC
from uuid import UUID

from gateway.subscriptions.domain.entitlement import audience_of, is_open
from gateway.subscriptions.store.event_log import EventLog
from shared.database.unit_of_work import UnitOfWork
from shared.messaging.events import Event, EventType


async def keep_event(event: Event, uow: UnitOfWork) -> None:
    """Put an event at the end of the log as the CloudEvent that it is; what nobody may follow is left out."""
    if not is_open(event.type):
        return
    audience = audience_of(event.type, event.data)
    if audience == ():
        return
    envelope = {
        "specversion": "1.0",
        "id": event.id,
        "source": event.source,
        "type": event.type,
        "subject": event.subject,
        "time": event.time.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "dataschema": EventType.parse(event.type).contract,
        "sequence": str(event.sequence),
        "sequencetype": "Integer",
        "data": dict(event.data),
    }
    extensions = {"traceparent": event.traceparent, "actor": event.actor}
    envelope |= {name: value for name, value in extensions.items() if value is not None}
    await EventLog(uow.session).append(UUID(event.id), event.type, event.subject, audience, envelope)

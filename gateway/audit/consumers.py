"""Events that the audit part follows: readings of protected data, from every publisher, into one chain."""

from datetime import datetime
from typing import Final
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict

from gateway.audit.domain.entry import Reading, Result
from gateway.audit.use_cases.append_entry import append_entry
from shared.database.unit_of_work import UnitOfWork
from shared.messaging.events import Event, EventType
from shared.messaging.topology import PUBLISHERS, Consumer, follow


class AccessHeard(BaseModel):
    """The part's own copy of the payload; what else a publisher may add is ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    reader: str
    client_id: str
    agency_uscc: str | None = None
    on_behalf_of: str | None = None
    resource: str
    record_key: str
    owner_subject: str | None = None
    fields: tuple[str, ...]
    purpose: str | None = None
    matter_id: str | None = None
    grant_id: str | None = None
    result: Result
    at: AwareDatetime


async def on_access_recorded(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """Chain what a service recorded."""
    heard = AccessHeard.model_validate(event.data)
    reading = Reading(
        event_id=UUID(event.id),
        source=event.source,
        reader=heard.reader,
        client_id=heard.client_id,
        agency_uscc=heard.agency_uscc,
        on_behalf_of=heard.on_behalf_of,
        resource=heard.resource,
        record_key=heard.record_key,
        owner_subject=heard.owner_subject,
        fields=heard.fields,
        purpose=heard.purpose,
        matter_id=heard.matter_id,
        grant_id=heard.grant_id,
        result=heard.result,
        read_at=heard.at,
        traceparent=event.traceparent,
        recorded_at=now,
    )
    await append_entry(reading, uow)


CONSUMERS: Final = tuple(
    Consumer(
        follow("gateway", publisher, "access", durable="gateway_audit"),
        {EventType(publisher, "access", "recorded").name: on_access_recorded},
    )
    for publisher in PUBLISHERS
)

"""Events that the audit part follows: readings of protected data and every step of a case, into one chain."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict

from gateway.audit.domain.acts import aggregates_of, types_of
from gateway.audit.domain.entry import Act, Result
from gateway.audit.use_cases.append_entry import append_entry
from shared.database.unit_of_work import UnitOfWork
from shared.messaging.events import Event, EventType
from shared.messaging.topology import PUBLISHERS, Consumer, follow

# Under these names payloads say whose case it is, and which agency decided or has to act.
_OWNERS: Final = ("applicant", "payer", "recipient", "subject", "uscc")
_AGENCIES: Final = (
    "agency_uscc",
    "registrar_uscc",
    "issuer_uscc",
    "owner_uscc",
    "provider_uscc",
    "granting_uscc",
)
_MATTERS: Final = ("matter_id", "case_id")


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
    act = Act(
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
    await append_entry(act, uow)


async def on_act(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """Chain what was done: who (the event's actor, or the service itself), in which case, to what effect."""
    kind = EventType.parse(event.type)
    actor = event.actor or f"system:{kind.service}"
    act = Act(
        event_id=UUID(event.id),
        source=event.source,
        reader=actor,
        client_id=_client_in(actor),
        agency_uscc=_first(event.data, _AGENCIES),
        on_behalf_of=None,
        resource=f"{kind.service}.{kind.aggregate}",
        record_key=event.subject,
        owner_subject=_first(event.data, _OWNERS),
        fields=(),
        purpose=None,
        matter_id=_first(event.data, _MATTERS),
        grant_id=_first(event.data, ("grant_id",)),
        result=Result.DONE,
        read_at=event.time,
        traceparent=event.traceparent,
        recorded_at=now,
        action=kind.verb,
    )
    await append_entry(act, uow)


def _client_in(actor: str) -> str:
    """The program through which it was done: the last one that an actor's reference names."""
    return actor.rpartition(";by:")[2].rpartition(":")[2]


def _first(data: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    return next((str(data[name]) for name in names if data.get(name)), None)


CONSUMERS: Final = (
    *(
        Consumer(
            follow("gateway", publisher, "access", durable="gateway_audit"),
            {EventType(publisher, "access", "recorded").name: on_access_recorded},
        )
        for publisher in PUBLISHERS
    ),
    *(
        Consumer(
            follow("gateway", publisher, *aggregates_of(publisher), durable="gateway_audit_acts"),
            dict.fromkeys(types_of(publisher), on_act),
        )
        for publisher in PUBLISHERS
    ),
)

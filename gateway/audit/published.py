"""Events that the audit part publishes: looks into the audit chain itself."""

from datetime import UTC, datetime
from typing import Annotated, Final, Literal

from pydantic import Field

from shared.messaging.contracts import Published
from shared.messaging.events import EventType, Payload

ACCESS_RECORDED: Final = EventType("gateway", "access", "recorded")


class AccessRecorded(Payload):
    """Somebody read protected fields of a record, or was refused; references only."""

    reader: Annotated[str, Field(description="Principal reference")]
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
    result: Literal["allowed", "denied"]
    at: datetime


PUBLISHED: Final = (
    Published(
        ACCESS_RECORDED,
        AccessRecorded,
        AccessRecorded(
            reader="client:data_bureau",
            client_id="data_bureau",
            agency_uscc="11140881MB9Y00155B",
            resource="gateway.audit_entry",
            record_key="registration.enterprise",
            fields=("reader", "purpose"),
            purpose="audit",
            result="allowed",
            at=datetime(2026, 3, 2, 1, 30, tzinfo=UTC),
        ),
        "Protected data of the gateway was read or refused (查询留痕)",
    ),
)

"""The event of a look into the audit chain itself; its contract is listed once, by the matters part."""

from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import Field

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

"""The one payload that all services share: somebody read protected fields of a record, or was refused.

Announced as `<service>.access.recorded` by the service that answered, in the transaction of the read, and chained by
the gateway's audit. It holds references and names of fields, never a value.
"""

from datetime import datetime
from typing import Literal

from pydantic import Field

from shared.messaging.events import Payload


class AccessRecorded(Payload):
    """A read of another's `shared` or `personal` fields, allowed or denied."""

    reader: str = Field(description="Reference of the principal: ids only")
    client_id: str
    agency_uscc: str | None = None
    on_behalf_of: str | None = None
    resource: str
    record_key: str
    owner_subject: str | None = Field(None, description="Opaque id of the person whose data it is")
    fields: tuple[str, ...]
    purpose: str | None = None
    matter_id: str | None = None
    grant_id: str | None = None
    result: Literal["allowed", "denied"]
    at: datetime

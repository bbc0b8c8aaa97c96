"""The one payload that all services share: somebody read protected fields of a record, or was refused.

Announced as `<service>.access.recorded` by the service that answered, in the transaction of the read, and chained by
the gateway's audit. It holds references and names of fields, never a value.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal, Self

from pydantic import Field

from shared.messaging.events import Announcement, Payload
from shared.security.principal import Principal


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

    @classmethod
    def of(
        cls,
        reader: Principal,
        *,
        resource: str,
        record_key: str,
        fields: Iterable[str],
        at: datetime,
        allowed: bool = True,
        owner_subject: str | None = None,
        purpose: str | None = None,
        matter_id: str | None = None,
        grant_id: str | None = None,
    ) -> Self:
        """State who read, and in whose name: `on_behalf_of` is set where somebody acts for the token's subject."""
        return cls(
            reader=reader.reference,
            client_id=reader.client_id,
            agency_uscc=reader.agency,
            on_behalf_of=reader.on_behalf_of,
            resource=resource,
            record_key=record_key,
            owner_subject=owner_subject,
            fields=tuple(fields),
            purpose=purpose,
            matter_id=matter_id,
            grant_id=grant_id,
            result="allowed" if allowed else "denied",
            at=at,
        )


class RecordedRefusal(Exception):
    """A refusal that is itself to be recorded: the route undoes everything and then commits `record` alone."""

    record: Announcement | None = None

"""Events that the catalogue part publishes: grants, which the services enforce themselves."""

from datetime import UTC, datetime
from typing import Annotated, Final

from pydantic import Field

from gateway.catalogue.data.domain.grant import Grant
from shared.messaging.contracts import Published
from shared.messaging.events import Announcement, EventType, Payload

ISSUED: Final = EventType("gateway", "grant", "issued")
WITHDRAWN: Final = EventType("gateway", "grant", "withdrawn")


class GrantIssued(Payload):
    """An agency may read these fields for this purpose until an instant that services heed themselves."""

    grant_id: str
    agency_uscc: str
    resource: Annotated[str, Field(description="Key of the resource, `<service>.<resource>`")]
    fields: Annotated[tuple[str, ...], Field(description="Names of the fields, each one; never a wildcard")]
    purpose: str
    region_code: Annotated[str | None, Field(description="Only records of this division; null for all")]
    valid_until: datetime


class GrantWithdrawn(Payload):
    """The grant holds no longer."""

    grant_id: str
    withdrawn_at: datetime


def grant_issued(grant: Grant) -> Announcement:
    """Tell the services what they may show."""
    terms = grant.terms
    payload = GrantIssued(
        grant_id=str(grant.grant_id),
        agency_uscc=terms.agency_uscc,
        resource=terms.resource,
        fields=terms.fields,
        purpose=terms.purpose,
        region_code=terms.region_code,
        valid_until=terms.valid_until,
    )
    return Announcement(ISSUED, str(grant.grant_id), payload)


def grant_withdrawn(grant: Grant, at: datetime) -> Announcement:
    """Tell the services what they may show no longer."""
    payload = GrantWithdrawn(grant_id=str(grant.grant_id), withdrawn_at=at)
    return Announcement(WITHDRAWN, str(grant.grant_id), payload)


_EXAMPLE_ID: Final = "019523a1-7c00-7000-8000-000000000001"

PUBLISHED: Final = (
    Published(
        ISSUED,
        GrantIssued,
        GrantIssued(
            grant_id=_EXAMPLE_ID,
            agency_uscc="11140881MB9Y000405",
            resource="registration.enterprise",
            fields=("uscc", "name", "legal_representative_name"),
            purpose="tax_registration",
            region_code=None,
            valid_until=datetime(2027, 12, 31, 16, tzinfo=UTC),
        ),
        "A grant was issued (授权)",
    ),
    Published(
        WITHDRAWN,
        GrantWithdrawn,
        GrantWithdrawn(grant_id=_EXAMPLE_ID, withdrawn_at=datetime(2026, 3, 2, 1, 30, tzinfo=UTC)),
        "A grant was withdrawn (撤回授权)",
    ),
)

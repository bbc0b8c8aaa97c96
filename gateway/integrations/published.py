"""Events of the integrations part: a system outside sent one."""

from datetime import UTC, datetime
from typing import Annotated, Any, Final

from pydantic import Field

from shared.messaging.contracts import Published
from shared.messaging.events import Announcement, EventType, Payload

RECEIVED: Final = EventType("gateway", "external", "received")


class ExternalReceived(Payload):
    """What a system outside sent, as its contract allows (/integrations/v1/systems); addressed to those it names."""

    system: str
    external_id: Annotated[str, Field(description="The event's id at its sender")]
    type: Annotated[str, Field(description="cn.tongban.external.<system>.<verb>.v1")]
    subject: str
    occurred_at: datetime
    sender_uscc: Annotated[str, Field(description="The agency that answers for the system")]
    source: Annotated[str, Field(description="api, or dedicated_network for what came in a file")]
    data: dict[str, Any]
    audience: Annotated[list[str], Field(description="Credit codes of the agencies that may follow it")]


def external_received(payload: ExternalReceived) -> Announcement:
    """Tell it."""
    return Announcement(RECEIVED, f"{payload.system}:{payload.subject}", payload)


PUBLISHED: Final = (
    Published(
        RECEIVED,
        ExternalReceived,
        ExternalReceived(
            system="tax",
            external_id="2026-000456",
            type="cn.tongban.external.tax.cleared.v1",
            subject="91140881MAE0000003",
            occurred_at=datetime(2026, 11, 20, 1, 30, tzinfo=UTC),
            sender_uscc="11140881MB9Y000405",
            source="api",
            data={"uscc": "91140881MAE0000003", "cleared_on": "2026-11-20"},
            audience=["11140881MB9Y00016L"],
        ),
        "A system outside the suite sent an event",
    ),
)

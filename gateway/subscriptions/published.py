"""What the subscriptions part publishes: that a department did not acknowledge in time what it must take."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Final

from pydantic import Field

from gateway.subscriptions.domain.acknowledgement import Expected
from shared.messaging.contracts import Published
from shared.messaging.events import Announcement, EventType, Payload

OVERDUE: Final = EventType("gateway", "acknowledgement", "overdue")


class AcknowledgementOverdue(Payload):
    """Events of the register that a department must take and has not acknowledged when its time was over.

    Each event is told once for each department, all together that fell due since the last time.
    """

    agency_uscc: str
    events: Annotated[int, Field(ge=1, description="How many are told now")]
    first_position: Annotated[int, Field(ge=1, description="The first of them in the event log")]
    last_position: Annotated[int, Field(ge=1, description="The last of them in the event log")]
    due_at: Annotated[datetime, Field(description="When the first of them fell due")]
    not_subscribed: Annotated[
        tuple[str, ...], Field(description="Types that it must take and has no subscription to")
    ]
    audience: Annotated[tuple[str, ...], Field(description="The department, the registrar, the data bureau")]


def acknowledgement_overdue(
    agency_uscc: str, late: Sequence[Expected], not_subscribed: tuple[str, ...], audience: tuple[str, ...]
) -> Announcement:
    """Tell the department, the registrar and the data bureau."""
    positions = [each.position for each in late]
    payload = AcknowledgementOverdue(
        agency_uscc=agency_uscc,
        events=len(late),
        first_position=min(positions),
        last_position=max(positions),
        due_at=min(each.due_at for each in late),
        not_subscribed=not_subscribed,
        audience=audience,
    )
    return Announcement(OVERDUE, agency_uscc, payload)


_EXAMPLE: Final = AcknowledgementOverdue(
    agency_uscc="11140881MB9Y000405",
    events=2,
    first_position=41,
    last_position=44,
    due_at=datetime(2026, 3, 3, 10, tzinfo=UTC),
    not_subscribed=(),
    audience=("11140881MB9Y000405", "11140881MB9Y00016L", "11140881MB9Y00155B"),
)
PUBLISHED: Final = (
    Published(
        OVERDUE,
        AcknowledgementOverdue,
        _EXAMPLE,
        "A department did not acknowledge registration information in time (登记信息未及时接收)",
    ),
)

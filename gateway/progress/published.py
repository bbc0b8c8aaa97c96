"""Events that the progress part publishes: whose a fact is, where its own event did not say."""

from datetime import UTC, datetime
from typing import Final

from gateway.progress.domain.records import Record
from shared.messaging.contracts import Published
from shared.messaging.events import Announcement, EventType, Payload

RESOLVED: Final = EventType("gateway", "record", "resolved")


class RecordResolved(Payload):
    """The data bureau filed a fact under an enterprise's code."""

    event_id: str
    service: str
    what: str
    stated: str | None
    uscc: str
    resolved_at: datetime


def record_resolved(record: Record, uscc: str, at: datetime) -> Announcement:
    """Tell whose the fact is."""
    origin = record.origin
    payload = RecordResolved(
        event_id=origin.event_id,
        service=origin.service,
        what=origin.what,
        stated=record.stated,
        uscc=uscc,
        resolved_at=at,
    )
    return Announcement(RESOLVED, origin.event_id, payload)


PUBLISHED: Final[tuple[Published, ...]] = (
    Published(
        RESOLVED,
        RecordResolved,
        RecordResolved(
            event_id="019c9d3e-5a00-7000-8000-000000000009",
            service="credit",
            what="credit.record.entered",
            stated="91140881MA0KXE2X6O",
            uscc="91140881MA0KXE2X64",
            resolved_at=datetime(2026, 11, 23, 1, 30, tzinfo=UTC),
        ),
        "A fact without a sound credit code was filed under its enterprise (归集异常处理)",
    ),
)

"""The outbox: a service's event log, written in the transaction of the command that caused the event."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.identifiers.uuid7 import new_uuid7
from shared.messaging.events import MAX_EVENT_BYTES, Announcement, EventSource, envelope
from shared.telemetry.context import WorkContext

WAKE_CHANNEL = "outbox"

# One statement numbers all subjects of the transaction; the row lock keeps each subject's count gap-free, and the
# order of the input keeps two transactions from waiting for each other in a ring.
_NUMBER = text("""
    INSERT INTO outbox_sequence AS s (aggregate, subject, last)
    SELECT * FROM unnest(CAST(:aggregates AS text[]), CAST(:subjects AS text[]), CAST(:counts AS bigint[]))
    ON CONFLICT (aggregate, subject) DO UPDATE SET last = s.last + excluded.last
    RETURNING aggregate, subject, last
""")
_APPEND = text("""
    INSERT INTO outbox (event_id, type, aggregate, subject, sequence, nats_subject, event, recorded_at)
    SELECT i, t, a, s, n, p, CAST(e AS json), :now
    FROM unnest(CAST(:ids AS uuid[]), CAST(:types AS text[]), CAST(:aggregates AS text[]), CAST(:subjects AS text[]),
                CAST(:sequences AS bigint[]), CAST(:nats_subjects AS text[]), CAST(:events AS text[]))
         AS rows(i, t, a, s, n, p, e)
""")
_WAKE = text("SELECT pg_notify(:channel, '')")


class EventTooLarge(ValueError):
    """An event over 256 kB could never be published: refused where it is written."""


async def write_outbox(
    session: AsyncSession,
    announced: Sequence[Announcement],
    source: EventSource,
    now: datetime,
    context: WorkContext,
) -> None:
    """Number the announced events per subject and append them, in the session's transaction."""
    counts = Counter((a.type.aggregate, a.subject) for a in announced)
    keys = sorted(counts)
    numbered = await session.execute(
        _NUMBER,
        {
            "aggregates": [k[0] for k in keys],
            "subjects": [k[1] for k in keys],
            "counts": [counts[k] for k in keys],
        },
    )
    upcoming = {
        (row.aggregate, row.subject): row.last - counts[row.aggregate, row.subject] for row in numbered
    }
    columns: dict[str, list[object]] = {
        name: []
        for name in ("ids", "types", "aggregates", "subjects", "sequences", "nats_subjects", "events")
    }
    for announcement in announced:
        key = (announcement.type.aggregate, announcement.subject)
        upcoming[key] += 1
        event_id = new_uuid7()
        body = json.dumps(
            envelope(
                announcement,
                event_id=str(event_id),
                source=source,
                sequence=upcoming[key],
                time=now,
                actor=context.actor,
                traceparent=context.traceparent,
            ),
            ensure_ascii=False,
            separators=(",", ":"),
        )
        if len(body.encode()) > MAX_EVENT_BYTES:
            raise EventTooLarge(f"{announcement.type.name} of {len(body)} characters")
        for name, value in zip(
            columns,
            (event_id, announcement.type.name, *key, upcoming[key], announcement.type.nats_subject, body),
            strict=True,
        ):
            columns[name].append(value)
    await session.execute(_APPEND, {**columns, "now": now})
    await session.execute(_WAKE, {"channel": WAKE_CHANNEL})

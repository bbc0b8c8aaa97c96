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

# One statement numbers all subjects of the transaction, appends the events with their numbers and wakes the relay.
# The row lock keeps each subject's count gap-free, and the order of the input keeps two transactions from waiting for
# each other in a ring. `behind` is how many events of the same subject follow in this transaction.
_APPEND = text("""
    WITH numbered AS (
        INSERT INTO outbox_sequence AS s (aggregate, subject, last)
        SELECT * FROM unnest(CAST(:key_aggregates AS text[]), CAST(:key_subjects AS text[]),
                             CAST(:key_counts AS bigint[]))
        ON CONFLICT (aggregate, subject) DO UPDATE SET last = s.last + excluded.last
        RETURNING aggregate, subject, last
    ), appended AS (
        INSERT INTO outbox (event_id, type, aggregate, subject, sequence, nats_subject, event, recorded_at)
        SELECT r.i, r.t, r.a, r.s, n.last - r.behind, r.p,
               CAST(left(r.e, -1) || ',"sequence":"' || (n.last - r.behind) || '","sequencetype":"Integer"}' AS json),
               :now
        FROM unnest(CAST(:ids AS uuid[]), CAST(:types AS text[]), CAST(:aggregates AS text[]),
                    CAST(:subjects AS text[]), CAST(:behinds AS bigint[]), CAST(:nats_subjects AS text[]),
                    CAST(:events AS text[])) WITH ORDINALITY AS r(i, t, a, s, behind, p, e, place)
        JOIN numbered n ON n.aggregate = r.a AND n.subject = r.s
        ORDER BY r.place
    )
    SELECT pg_notify(:channel, '')
""")
_COLUMNS = ("ids", "types", "aggregates", "subjects", "behinds", "nats_subjects", "events")


class EventTooLarge(ValueError):
    """An event over 256 kB could never be published: refused where it is written."""


async def write_outbox(
    session: AsyncSession,
    announced: Sequence[tuple[Announcement, WorkContext]],
    source: EventSource,
    now: datetime,
) -> None:
    """Number the announced events per subject and append them in one statement, in the session's transaction."""
    counts = Counter((a.type.aggregate, a.subject) for a, _ in announced)
    keys = sorted(counts)
    left = dict(counts)
    columns: dict[str, list[object]] = {name: [] for name in _COLUMNS}
    for announcement, context in announced:
        key = (announcement.type.aggregate, announcement.subject)
        left[key] -= 1
        event_id = new_uuid7()
        body = json.dumps(
            envelope(
                announcement,
                event_id=str(event_id),
                source=source,
                time=now,
                actor=context.actor,
                traceparent=context.traceparent,
            ),
            ensure_ascii=False,
            separators=(",", ":"),
        )
        if len(body.encode()) > MAX_EVENT_BYTES:
            raise EventTooLarge(f"{announcement.type.name} of {len(body)} characters")
        row = (event_id, announcement.type.name, *key, left[key], announcement.type.nats_subject, body)
        for name, value in zip(_COLUMNS, row, strict=True):
            columns[name].append(value)
    numbering = {
        "key_aggregates": [k[0] for k in keys],
        "key_subjects": [k[1] for k in keys],
        "key_counts": [counts[k] for k in keys],
    }
    await session.execute(_APPEND, {**columns, **numbering, "now": now, "channel": WAKE_CHANNEL})

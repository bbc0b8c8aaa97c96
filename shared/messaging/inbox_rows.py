"""The inbox's rows: cursors are locked and read in one statement, and what became of a batch is written in one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.messaging.events import Event

# The row of a new subject is made, that of a known one locked; in the order of the keys, so that two workers do not
# wait for each other in a ring. A cursor just made (xmax 0) says that nothing is held of its subject.
_LOCK: Final = text("""
    INSERT INTO inbox_cursor AS c (durable, source, aggregate, subject, applied)
    SELECT :durable, o, a, s, 0
    FROM unnest(CAST(:sources AS text[]), CAST(:aggregates AS text[]), CAST(:subjects AS text[])) AS keys(o, a, s)
    ORDER BY o, a, s
    ON CONFLICT (durable, source, aggregate, subject) DO UPDATE SET applied = c.applied
    RETURNING source, aggregate, subject, applied, xmax = 0 AS is_new
""")
# A statement of its own, after the lock: it sees what another worker committed meanwhile.
_HELD: Final = text("""
    SELECT event_id, source, aggregate, subject, sequence, state, attempts, next_attempt_at,
           CASE WHEN state IN ('waiting', 'parked') THEN event::text END AS body
    FROM inbox WHERE durable = :durable AND event_id = ANY(CAST(:ids AS text[]))
    UNION ALL
    SELECT i.event_id, i.source, i.aggregate, i.subject, i.sequence, i.state, i.attempts, i.next_attempt_at,
           i.event::text
    FROM inbox i
    JOIN unnest(CAST(:sources AS text[]), CAST(:aggregates AS text[]), CAST(:subjects AS text[])) AS keys(o, a, s)
      ON i.source = keys.o AND i.aggregate = keys.a AND i.subject = keys.s
    WHERE i.durable = :durable AND i.state IN ('waiting', 'parked') AND NOT i.event_id = ANY(CAST(:ids AS text[]))
""")
# What was applied or set aside once stays so, whatever comes again under its id.
_WRITE: Final = text("""
    WITH moved AS (
        UPDATE inbox_cursor c SET applied = m.n
        FROM unnest(CAST(:sources AS text[]), CAST(:aggregates AS text[]), CAST(:subjects AS text[]),
                    CAST(:applied AS bigint[])) AS m(o, a, s, n)
        WHERE c.durable = :durable AND c.source = m.o AND c.aggregate = m.a AND c.subject = m.s
    )
    INSERT INTO inbox (durable, event_id, source, aggregate, subject, sequence, event, state, attempts, reason,
                       next_attempt_at, received_at, applied_at)
    SELECT :durable, r.i, r.o, r.a, r.s, r.n, CAST(r.e AS json), r.t, r.c, r.w, r.d, :now,
           CASE WHEN r.t = 'applied' THEN CAST(:now AS timestamptz) END
    FROM unnest(CAST(:ids AS text[]), CAST(:row_sources AS text[]), CAST(:row_aggregates AS text[]),
                CAST(:row_subjects AS text[]), CAST(:sequences AS bigint[]), CAST(:bodies AS text[]),
                CAST(:states AS text[]), CAST(:attempts AS integer[]), CAST(:reasons AS text[]),
                CAST(:due AS timestamptz[])) AS r(i, o, a, s, n, e, t, c, w, d)
    ON CONFLICT (durable, event_id) DO UPDATE SET
        event = excluded.event, state = excluded.state, attempts = excluded.attempts, reason = excluded.reason,
        next_attempt_at = excluded.next_attempt_at, applied_at = excluded.applied_at
    WHERE inbox.state IN ('waiting', 'parked')
""")
_PARK_RAW: Final = text("""
    INSERT INTO inbox (durable, event_id, source, aggregate, subject, sequence, event, state, reason, received_at)
    VALUES (:durable, :id, '', '', '', 0, CAST(:event AS json), 'parked', :reason, :now)
    ON CONFLICT (durable, event_id) DO NOTHING
""")
_DUE: Final = text("""
    SELECT DISTINCT i.source, i.aggregate, i.subject FROM inbox i
    JOIN inbox_cursor c USING (durable, source, aggregate, subject)
    WHERE i.durable = :durable AND i.state = 'waiting' AND i.sequence <= c.applied + 1
      AND (i.next_attempt_at IS NULL OR i.next_attempt_at <= :now)
    LIMIT 100
""")
WITH_DUE: Final = text("""
    SELECT DISTINCT durable FROM inbox
    WHERE state = 'waiting' AND durable = ANY(CAST(:durables AS text[]))
      AND (next_attempt_at IS NULL OR next_attempt_at <= :now)
""")

Key = tuple[str, str, str]  # source, aggregate, subject


class State(StrEnum):
    """What became of an event that was taken in."""

    WAITING = "waiting"
    APPLIED = "applied"
    PARKED = "parked"
    SET_ASIDE = "set_aside"


@dataclass(frozen=True)
class Held:
    """An event that is held or has just come, and how its attempts went so far."""

    event_id: str
    key: Key
    sequence: int
    body: str | None
    state: State = State.WAITING
    attempts: int = 0
    reason: str | None = None
    next_attempt_at: datetime | None = None
    parsed: Event | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is still to be applied, or parked."""
        return self.state in (State.WAITING, State.PARKED)


@dataclass(frozen=True)
class Cursor:
    """How far a subject was applied; `is_new` where nothing of it was ever taken in."""

    applied: int
    is_new: bool


class InboxRows:
    """The rows of one durable, in the caller's transaction."""

    def __init__(self, durable: str, session: AsyncSession) -> None:
        self._durable = durable
        self._session = session

    async def lock(self, keys: Iterable[Key]) -> dict[Key, Cursor]:
        """Lock the subjects until the end of the transaction; returns how far each was applied."""
        found = await self._session.execute(_LOCK, self._with(_columns(sorted(keys))))
        return {(r.source, r.aggregate, r.subject): Cursor(r.applied, r.is_new) for r in found}

    async def held(self, ids: Sequence[str], keys: Sequence[Key]) -> list[Held]:
        """What is known under these ids, and what is open of these subjects."""
        found = await self._session.execute(_HELD, self._with(_columns(keys), ids=ids))
        return [
            Held(
                event_id=row.event_id,
                key=(row.source, row.aggregate, row.subject),
                sequence=row.sequence,
                body=row.body,
                state=State(row.state),
                attempts=row.attempts,
                next_attempt_at=row.next_attempt_at,
            )
            for row in found
        ]

    async def write(self, moved: Mapping[Key, int], changed: Sequence[Held], now: datetime) -> None:
        """Write down what became of events, and how far their subjects have come. Applied ones lose their content."""
        rows = {
            "ids": [held.event_id for held in changed],
            "row_sources": [held.key[0] for held in changed],
            "row_aggregates": [held.key[1] for held in changed],
            "row_subjects": [held.key[2] for held in changed],
            "sequences": [held.sequence for held in changed],
            "bodies": [None if held.state is State.APPLIED else held.body for held in changed],
            "states": [held.state.value for held in changed],
            "attempts": [held.attempts for held in changed],
            "reasons": [held.reason for held in changed],
            "due": [held.next_attempt_at for held in changed],
        }
        cursors = _columns(list(moved)) | {"applied": list(moved.values())}
        await self._session.execute(_WRITE, self._with(cursors, **rows, now=now))

    async def park_raw(self, digest: str, event: str, reason: str, now: datetime) -> None:
        """Put a message aside that is no event."""
        values = self._with({}, id=f"sha256:{digest}", event=event, reason=reason, now=now)
        await self._session.execute(_PARK_RAW, values)

    async def due(self, now: datetime) -> set[Key]:
        """Subjects whose next event waits for nothing but another try."""
        found = await self._session.execute(_DUE, self._with({}, now=now))
        return {(row.source, row.aggregate, row.subject) for row in found}

    def _with(self, values: Mapping[str, object], **more: object) -> dict[str, object]:
        return {"durable": self._durable, **values, **more}


def _columns(keys: Sequence[Key]) -> dict[str, object]:
    return {
        "sources": [k[0] for k in keys],
        "aggregates": [k[1] for k in keys],
        "subjects": [k[2] for k in keys],
    }

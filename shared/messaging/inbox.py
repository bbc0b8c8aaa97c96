"""The inbox: what a follower has taken in, what it applied, what waits for its predecessor, what is parked.

Applied once and in order, whatever is delivered twice or early. Per aggregate and subject a cursor holds the last
applied sequence; an event is applied in a savepoint when it is the next one, otherwise it waits in the inbox. What
fails in its handler is tried again with growing delay and then parked with its reason: it holds back the later
events of its own subject only.
"""

import hashlib
import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text

from shared.database.engine import is_transient, is_unavailable
from shared.database.unit_of_work import UnitOfWork
from shared.messaging.events import Event, MalformedEvent, parse_event, traceparent_in
from shared.messaging.topology import Handler
from shared.telemetry.context import bound, new_context
from shared.telemetry.traces import log_by_trace

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 6
_FIRST_DELAY = timedelta(
    milliseconds=250
)  # 0.25, 0.5, 1, 2, 4 s: parked within about 8 s of the first failure

_TAKE_IN = text("""
    INSERT INTO inbox (durable, event_id, source, aggregate, subject, sequence, event, state, received_at)
    SELECT :durable, i, o, a, s, n, CAST(e AS json), 'waiting', :now
    FROM unnest(CAST(:ids AS text[]), CAST(:sources AS text[]), CAST(:aggregates AS text[]), CAST(:subjects AS text[]),
                CAST(:sequences AS bigint[]), CAST(:events AS text[])) AS rows(i, o, a, s, n, e)
    ON CONFLICT (durable, event_id) DO NOTHING
""")
_PARK_RAW = text("""
    INSERT INTO inbox (durable, event_id, source, aggregate, subject, sequence, event, state, reason, received_at)
    VALUES (:durable, :id, '', '', '', 0, CAST(:event AS json), 'parked', :reason, :now)
    ON CONFLICT (durable, event_id) DO NOTHING
""")
_MAKE_CURSORS = text("""
    INSERT INTO inbox_cursor (durable, source, aggregate, subject, applied)
    SELECT :durable, o, a, s, 0
    FROM unnest(CAST(:sources AS text[]), CAST(:aggregates AS text[]), CAST(:subjects AS text[])) AS keys(o, a, s)
    ON CONFLICT DO NOTHING
""")
_LOCK_CURSORS = text("""
    SELECT c.source, c.aggregate, c.subject, c.applied FROM inbox_cursor c
    JOIN unnest(CAST(:sources AS text[]), CAST(:aggregates AS text[]), CAST(:subjects AS text[])) AS keys(o, a, s)
      ON c.source = keys.o AND c.aggregate = keys.a AND c.subject = keys.s
    WHERE c.durable = :durable ORDER BY c.source, c.aggregate, c.subject FOR UPDATE OF c
""")
_WAITING = text("""
    SELECT i.event_id, i.source, i.aggregate, i.subject, i.sequence, i.event::text AS body, i.attempts, i.state,
           i.next_attempt_at
    FROM inbox i
    JOIN unnest(CAST(:sources AS text[]), CAST(:aggregates AS text[]), CAST(:subjects AS text[])) AS keys(o, a, s)
      ON i.source = keys.o AND i.aggregate = keys.a AND i.subject = keys.s
    WHERE i.durable = :durable AND i.state IN ('waiting', 'parked')
    ORDER BY i.source, i.aggregate, i.subject, i.sequence
""")
_MOVE_CURSORS = text("""
    UPDATE inbox_cursor c SET applied = moved.n
    FROM unnest(CAST(:sources AS text[]), CAST(:aggregates AS text[]), CAST(:subjects AS text[]),
                CAST(:applied AS bigint[])) AS moved(o, a, s, n)
    WHERE c.durable = :durable AND c.source = moved.o AND c.aggregate = moved.a AND c.subject = moved.s
""")
_APPLIED = text("""
    UPDATE inbox SET state = 'applied', applied_at = :now, reason = NULL, event = NULL
    WHERE durable = :durable AND event_id = ANY(CAST(:ids AS text[]))
""")
_FAILED = text("""
    UPDATE inbox SET attempts = :attempts, reason = :reason, state = :state, next_attempt_at = :next
    WHERE durable = :durable AND event_id = :id
""")
_DUE = text("""
    SELECT DISTINCT i.source, i.aggregate, i.subject FROM inbox i
    JOIN inbox_cursor c USING (durable, source, aggregate, subject)
    WHERE i.durable = :durable AND i.state = 'waiting' AND i.sequence <= c.applied + 1
      AND (i.next_attempt_at IS NULL OR i.next_attempt_at <= :now)
    LIMIT 100
""")

_HOLDS_WAITING = text("SELECT EXISTS (SELECT FROM inbox WHERE durable = :durable AND state = 'waiting')")

Key = tuple[str, str, str]  # source, aggregate, subject


@dataclass(frozen=True)
class _Held:
    event_id: str
    sequence: int
    body: str
    attempts: int
    state: str
    next_attempt_at: datetime | None


class Inbox:
    """Takes events in and applies them, in the caller's unit of work."""

    def __init__(self, durable: str, handlers: Mapping[str, Handler]) -> None:
        self.durable = durable
        self._handlers = handlers

    async def take_in(self, bodies: Sequence[bytes], uow: UnitOfWork) -> int:
        """Store a fetched batch and apply what is next per subject; returns how many events were applied.

        Messages that are no event of this suite are parked at once under a digest of their content.
        """
        events: dict[str, tuple[Event, str]] = {}
        for body in bodies:
            try:
                event = parse_event(body)
            except MalformedEvent as malformed:
                await self._park_raw(body, malformed.reason, uow)
                continue
            events.setdefault(event.id, (event, body.decode()))
        if not events:
            return 0
        rows = list(events.values())
        await uow.session.execute(
            _TAKE_IN,
            {
                "durable": self.durable,
                "now": uow.now,
                "ids": [e.id for e, _ in rows],
                "sources": [e.source for e, _ in rows],
                "aggregates": [e.aggregate for e, _ in rows],
                "subjects": [e.subject for e, _ in rows],
                "sequences": [e.sequence for e, _ in rows],
                "events": [b for _, b in rows],
            },
        )
        return await self._apply_next({(e.source, e.aggregate, e.subject) for e, _ in rows}, uow)

    async def apply_due(self, uow: UnitOfWork) -> int:
        """Apply what waited for a retry whose time has come."""
        due = await uow.session.execute(_DUE, {"durable": self.durable, "now": uow.now})
        keys: set[Key] = {(row.source, row.aggregate, row.subject) for row in due}
        return await self._apply_next(keys, uow) if keys else 0

    async def holds_waiting(self, uow: UnitOfWork) -> bool:
        """Tell whether anything waits, for its predecessor or for another try."""
        return bool(await uow.session.scalar(_HOLDS_WAITING, {"durable": self.durable}))

    async def _apply_next(self, keys: Iterable[Key], uow: UnitOfWork) -> int:
        columns = _columns(sorted(keys)) | {"durable": self.durable}
        await uow.session.execute(_MAKE_CURSORS, columns)
        locked = await uow.session.execute(_LOCK_CURSORS, columns)
        cursors: dict[Key, int] = {(r.source, r.aggregate, r.subject): r.applied for r in locked}
        lines: dict[Key, list[_Held]] = {}
        for row in await uow.session.execute(_WAITING, columns):
            held = _Held(row.event_id, row.sequence, row.body, row.attempts, row.state, row.next_attempt_at)
            lines.setdefault((row.source, row.aggregate, row.subject), []).append(held)
        applied: list[_Held] = []
        moved: dict[Key, int] = {}
        for key, line in lines.items():
            done, cursor = await self._apply_line(line, cursors[key], uow)
            applied += done
            if cursor != cursors[key]:
                moved[key] = cursor
        if applied:
            ids = [held.event_id for held in applied]
            await uow.session.execute(_APPLIED, {"durable": self.durable, "ids": ids, "now": uow.now})
            traces = (traceparent_in(held.body) for held in applied)
            log_by_trace(log, "events_applied", traces, durable=self.durable)
        if moved:
            await uow.session.execute(
                _MOVE_CURSORS,
                _columns(list(moved)) | {"durable": self.durable, "applied": list(moved.values())},
            )
        return len(applied)

    async def _apply_line(
        self, line: Sequence[_Held], cursor: int, uow: UnitOfWork
    ) -> tuple[list[_Held], int]:
        """Apply one subject's held events as far as they are contiguous."""
        applied: list[_Held] = []
        for held in line:
            if held.state == "parked":
                if held.sequence > cursor:
                    break  # the subject waits for an operator
                continue
            if held.sequence <= cursor:
                await self._record(held, "parked", "sequence was applied under another event id", None, uow)
                continue
            if held.sequence > cursor + 1 or (held.next_attempt_at and held.next_attempt_at > uow.now):
                break
            if not await self._apply_one(held, uow):
                break
            applied.append(held)
            cursor = held.sequence
        return applied, cursor

    async def _apply_one(self, held: _Held, uow: UnitOfWork) -> bool:
        event = parse_event(held.body)
        handler = self._handlers.get(event.type)
        if handler is None:
            return True
        try:
            async with uow.session.begin_nested():
                with bound(new_context(request_id=event.id, traceparent=event.traceparent)):
                    await handler(event, uow, uow.now)
                    await uow.flush()
        except Exception as error:
            # One of the two places that may catch everything: a bad event must not stop the good ones.
            if is_unavailable(error) or is_transient(error):
                raise
            uow.discard_announcements()
            await self._fail(held, error, uow)
            return False
        return True

    async def _fail(self, held: _Held, error: Exception, uow: UnitOfWork) -> None:
        attempts = held.attempts + 1
        reason = f"{type(error).__name__}: {error}"[:500]
        if attempts >= MAX_ATTEMPTS:
            log.error(
                "event_parked",
                extra={"durable": self.durable, "event_id": held.event_id, "reason": type(error).__name__},
            )
            await self._record(held, "parked", reason, None, uow, attempts)
        else:
            log.warning(
                "event_failed",
                extra={"durable": self.durable, "event_id": held.event_id, "attempt": attempts},
                exc_info=error if attempts == 1 else None,
            )
            retry_at = uow.now + _FIRST_DELAY * 2 ** (attempts - 1)
            await self._record(held, "waiting", reason, retry_at, uow, attempts)

    async def _record(
        self,
        held: _Held,
        state: str,
        reason: str,
        next_attempt_at: datetime | None,
        uow: UnitOfWork,
        attempts: int | None = None,
    ) -> None:
        await uow.session.execute(
            _FAILED,
            {
                "durable": self.durable,
                "id": held.event_id,
                "attempts": held.attempts if attempts is None else attempts,
                "reason": reason,
                "state": state,
                "next": next_attempt_at,
            },
        )

    async def _park_raw(self, body: bytes, reason: str, uow: UnitOfWork) -> None:
        digest = hashlib.sha256(body).hexdigest()
        log.error("message_parked", extra={"durable": self.durable, "digest": digest})
        await uow.session.execute(
            _PARK_RAW,
            {
                "durable": self.durable,
                "id": f"sha256:{digest}",
                "event": json.dumps(
                    {"raw": body.decode(errors="replace").replace("\x00", "\ufffd")[:10_000]}
                ),
                "reason": reason[:500],
                "now": uow.now,
            },
        )


def _columns(keys: Sequence[Key]) -> dict[str, object]:
    return {
        "sources": [k[0] for k in keys],
        "aggregates": [k[1] for k in keys],
        "subjects": [k[2] for k in keys],
    }

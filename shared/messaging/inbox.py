"""The inbox: what a follower has taken in, what it applied, what waits for its predecessor, what is parked.

Applied once and in order, whatever is delivered twice or early. Per aggregate and subject a cursor holds the last
applied sequence; an event is applied when it is the next one, otherwise it waits in the inbox. A batch is applied
whole, in one transaction; where one of its events fails, the batch is taken back and applied again with a savepoint
for each event. What fails in its handler is tried again with growing delay and then parked with its reason: it holds
back the later events of its own subject only.
"""

import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from shared.database.engine import is_transient, is_unavailable
from shared.database.unit_of_work import UnitOfWork
from shared.messaging.events import Event, MalformedEvent, parse_event
from shared.messaging.inbox_rows import Cursor, Held, InboxRows, Key, State
from shared.messaging.topology import Handler
from shared.telemetry.context import bound, new_context
from shared.telemetry.traces import log_by_trace

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 6
_FIRST_DELAY = timedelta(
    milliseconds=250
)  # 0.25, 0.5, 1, 2, 4 s: parked within about 8 s of the first failure
_TAKEN = "sequence was applied under another event id"


class BatchFailed(Exception):
    """An event failed in a batch without savepoints: undo the transaction and apply the batch one by one."""


@dataclass
class _Work:
    """What is done in one transaction: rows to write, and how far each subject came."""

    uow: UnitOfWork
    one_by_one: bool
    changed: list[Held] = field(default_factory=list)
    moved: dict[Key, int] = field(default_factory=dict)
    traceparents: list[str | None] = field(default_factory=list)


class Inbox:
    """Takes events in and applies them, in the caller's unit of work."""

    def __init__(self, durable: str, handlers: Mapping[str, Handler]) -> None:
        self.durable = durable
        self._handlers = handlers

    async def take_in(self, bodies: Sequence[bytes], uow: UnitOfWork, *, one_by_one: bool = True) -> int:
        """Store a fetched batch and apply what is next per subject; returns how many events were applied.

        Messages that are no event of this suite are parked at once under a digest of their content. Raises: BatchFailed
        where an event fails and they are not applied `one_by_one`, each in a savepoint of its own.
        """
        events: dict[str, Held] = {}
        for body in bodies:
            try:
                told = body.decode()
                event = parse_event(told)
            except (MalformedEvent, UnicodeDecodeError) as malformed:
                await self._park_raw(body, str(malformed), uow)
                continue
            key = (event.source, event.aggregate, event.subject)
            events.setdefault(event.id, Held(event.id, key, event.sequence, told, parsed=event))
        return await self._apply_next({held.key for held in events.values()}, events, _Work(uow, one_by_one))

    async def apply_due(self, uow: UnitOfWork) -> int:
        """Apply what waited for a retry whose time has come."""
        keys = await InboxRows(self.durable, uow.session).due(uow.now)
        return await self._apply_next(keys, {}, _Work(uow, one_by_one=True))

    async def _apply_next(self, keys: set[Key], come: dict[str, Held], work: _Work) -> int:
        if not keys:
            return 0
        rows = InboxRows(self.durable, work.uow.session)
        cursors = await rows.lock(keys)
        lines = await self._lines(rows, cursors, come)
        for key, line in lines.items():
            await self._apply_line(key, line, cursors[key].applied, work)
        await _written(work, rows)
        log_by_trace(log, "events_applied", work.traceparents, durable=self.durable)
        return len(work.traceparents)

    async def _lines(
        self, rows: InboxRows, cursors: Mapping[Key, Cursor], come: dict[str, Held]
    ) -> dict[Key, list[Held]]:
        """What is open of each subject in its order: what is held already, and what has come and is new."""
        known = [key for key, cursor in cursors.items() if not cursor.is_new]
        held = await rows.held(list(come), known) if come or known else []
        new = come.keys() - {each.event_id for each in held}
        lines: dict[Key, list[Held]] = {}
        for each in (*(each for each in held if each.is_open), *(come[event_id] for event_id in new)):
            if each.key in cursors:
                lines.setdefault(each.key, []).append(each)
        return {
            key: sorted(lines[key], key=lambda each: (each.sequence, each.event_id)) for key in sorted(lines)
        }

    async def _apply_line(self, key: Key, line: Sequence[Held], cursor: int, work: _Work) -> None:
        """Apply one subject's events as far as they are contiguous; what has come and is not applied is stored."""
        before, is_blocked = cursor, False
        for held in line:
            if held.state is State.PARKED:
                is_blocked = is_blocked or held.sequence > cursor  # the subject waits for an operator
            elif not is_blocked and held.sequence <= cursor:
                work.changed.append(replace(held, state=State.PARKED, reason=_TAKEN, next_attempt_at=None))
            elif is_blocked or not self._is_next(held, cursor, work):
                is_blocked = True
                if held.parsed is not None:
                    work.changed.append(held)
            else:
                outcome = await self._apply_one(held, work)
                work.changed.append(outcome)
                is_blocked = outcome.state is not State.APPLIED
                cursor = cursor if is_blocked else held.sequence
        if cursor != before:
            work.moved[key] = cursor

    def _is_next(self, held: Held, cursor: int, work: _Work) -> bool:
        is_due = held.next_attempt_at is None or held.next_attempt_at <= work.uow.now
        return held.sequence == cursor + 1 and is_due

    async def _apply_one(self, held: Held, work: _Work) -> Held:
        """Apply an event that is next; what it is afterwards."""
        event = held.parsed or parse_event(held.body or "")
        handler = self._handlers.get(event.type)
        if handler is not None:
            try:
                if work.one_by_one:
                    async with work.uow.session.begin_nested():
                        await _handled(handler, event, work.uow)
                        await work.uow.flush()
                else:
                    await _handled(handler, event, work.uow)
            except Exception as error:
                # One of the two places that may catch everything: a bad event must not stop the good ones.
                if is_unavailable(error) or is_transient(error):
                    raise
                if not work.one_by_one:
                    raise BatchFailed from error
                work.uow.discard_announcements()
                return self._failed(held, error, work.uow)
        work.traceparents.append(event.traceparent)
        return replace(held, state=State.APPLIED, reason=None, next_attempt_at=None)

    def _failed(self, held: Held, error: Exception, uow: UnitOfWork) -> Held:
        attempts = held.attempts + 1
        reason = f"{type(error).__name__}: {error}"[:500].replace("\x00", "\ufffd")
        if attempts >= MAX_ATTEMPTS:
            log.error(
                "event_parked",
                extra={"durable": self.durable, "event_id": held.event_id, "reason": type(error).__name__},
            )
            return replace(held, state=State.PARKED, attempts=attempts, reason=reason, next_attempt_at=None)
        log.warning(
            "event_failed",
            extra={"durable": self.durable, "event_id": held.event_id, "attempt": attempts},
            exc_info=error if attempts == 1 else None,
        )
        retry_at = uow.now + _FIRST_DELAY * 2 ** (attempts - 1)
        return replace(held, attempts=attempts, reason=reason, next_attempt_at=retry_at)

    async def _park_raw(self, body: bytes, reason: str, uow: UnitOfWork) -> None:
        digest = hashlib.sha256(body).hexdigest()
        log.error("message_parked", extra={"durable": self.durable, "digest": digest})
        told = json.dumps({"raw": body.decode(errors="replace").replace("\x00", "\ufffd")[:10_000]})
        await InboxRows(self.durable, uow.session).park_raw(digest, told, reason[:500], uow.now)


async def _handled(handler: Handler, event: Event, uow: UnitOfWork) -> None:
    """Hand an event over; what it leaves pending is written, so that the next one sees it."""
    with bound(new_context(request_id=event.id, traceparent=event.traceparent)):
        await handler(event, uow, uow.now)
        await uow.session.flush()


async def _written(work: _Work, rows: InboxRows) -> None:
    """Write what was announced and what became of the events."""
    try:
        await work.uow.flush()
    except Exception as error:
        if work.one_by_one or is_unavailable(error) or is_transient(error):
            raise
        raise BatchFailed from error
    if work.changed:
        await rows.write(work.moved, work.changed, work.uow.now)

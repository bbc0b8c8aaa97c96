"""The relay: sends what the outbox holds to the broker, in order, and marks what the broker acknowledged.

One relay per service is active, by a PostgreSQL advisory lock. It selects what is unsent, never "greater than the
last one seen": positions commit out of order. A crash anywhere repeats at most a publish, which the broker's
deduplication or the follower's inbox takes away.
"""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime

from nats.aio.client import Client
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.messaging import faultpoints
from shared.messaging.events import traceparent_in
from shared.messaging.topology import stream_of
from shared.telemetry.traces import log_by_trace

log = logging.getLogger(__name__)

BATCH = 256
_ACK_SECONDS = 5.0

_UNSENT = text("""
    SELECT position, event_id, nats_subject, event::text AS body FROM outbox
    WHERE stream_sequence IS NULL ORDER BY position LIMIT :limit
""")
_SENT = text("""
    UPDATE outbox SET stream_sequence = sent.s
    FROM unnest(CAST(:positions AS bigint[]), CAST(:sequences AS bigint[])) AS sent(p, s)
    WHERE position = sent.p
""")
_STREAM = text("SELECT created_at FROM relay_stream WHERE stream = :stream")
_REMEMBER = text("""
    INSERT INTO relay_stream (stream, created_at) VALUES (:stream, :created)
    ON CONFLICT (stream) DO UPDATE SET created_at = excluded.created_at
""")
_FORGET_ALL = text("UPDATE outbox SET stream_sequence = NULL WHERE stream_sequence IS NOT NULL")
_FORGET_BEYOND = text("UPDATE outbox SET stream_sequence = NULL WHERE stream_sequence > :last")


@dataclass(frozen=True)
class Unsent:
    """An outbox row on its way to the broker."""

    position: int
    event_id: str
    nats_subject: str
    body: str


class Relay:
    """Moves one service's outbox to its stream. `step` is one batch; the worker calls it under the leader's lock."""

    def __init__(self, service: str, engine: AsyncEngine, client: Client) -> None:
        self._service = service
        self._stream = stream_of(service)
        self._engine = engine
        self._client = client
        self._js = client.jetstream(timeout=_ACK_SECONDS)

    async def reconcile_stream(self) -> int:
        """Compare what the stream holds with what was acknowledged; mark what it lost for sending again.

        A stream made anew gets the whole log; one that lost its tail (a power cut, a restored backup) gets what is
        missing. Returns how many rows were marked. The stream itself is made by the provisioner only.
        """
        info = await self._js.stream_info(self._stream)
        created: datetime | None = info.created
        async with self._engine.begin() as connection:
            known = (await connection.execute(_STREAM, {"stream": self._stream})).scalar_one_or_none()
            if known is None or known != created:
                marked = (await connection.execute(_FORGET_ALL)).rowcount
                await connection.execute(_REMEMBER, {"stream": self._stream, "created": created})
            else:
                marked = (await connection.execute(_FORGET_BEYOND, {"last": info.state.last_seq})).rowcount
        if marked:
            log.warning("stream_refill", extra={"stream": self._stream, "events": marked})
        return marked

    async def step(self) -> int:
        """Send one batch of unsent events in order; return how many the broker acknowledged.

        Reading and marking are one statement each, and need no transaction around them.
        """
        async with self._engine.connect() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            rows = [Unsent(*row) for row in await connection.execute(_UNSENT, {"limit": BATCH})]
        if not rows:
            return 0
        acknowledged = await self._publish(rows)
        faultpoints.hit("relay.after_publish")
        if acknowledged:
            async with self._engine.connect() as connection:
                await connection.execution_options(isolation_level="AUTOCOMMIT")
                await connection.execute(
                    _SENT, {"positions": list(acknowledged), "sequences": list(acknowledged.values())}
                )
            sent = (traceparent_in(row.body) for row in rows if row.position in acknowledged)
            log_by_trace(log, "events_published", sent)
        return len(acknowledged)

    async def _publish(self, rows: list[Unsent]) -> dict[int, int]:
        """Publish in order without waiting in between; keep what was acknowledged up to the first failure.

        What follows a failed publish is sent again with the same message id, so that the order per subject
        holds wherever the broker remembers the id; followers check the sequence for the rest.
        """
        pending = [
            await self._js.publish_async(
                row.nats_subject,
                row.body.encode(),
                stream=self._stream,
                headers={"Nats-Msg-Id": str(row.event_id)},
            )
            for row in rows
        ]
        _, late = await asyncio.wait(pending, timeout=_ACK_SECONDS)
        for future in late:
            future.cancel()
        acknowledged: dict[int, int] = {}
        for row, future in zip(rows, pending, strict=True):
            if future in late or future.cancelled() or future.exception() is not None:
                reason = "timeout" if future in late or future.cancelled() else repr(future.exception())
                log.warning("publish_failed", extra={"event_id": str(row.event_id), "reason": reason[:200]})
                break
            acknowledged[row.position] = future.result().seq
        for future in pending:
            if future.done() and not future.cancelled():
                future.exception()  # retrieved: what follows a failure is sent again
        return acknowledged

"""Parked events: what an operator sees, releases after a fix, or sets aside."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from shared.database.unit_of_work import UnitOfWork

_LIST = text("""
    SELECT durable, event_id, aggregate, subject, sequence, attempts, reason, received_at
    FROM inbox WHERE state = 'parked' ORDER BY received_at, event_id LIMIT :limit
""")
_RELEASE = text("""
    UPDATE inbox SET state = 'waiting', attempts = 0, next_attempt_at = NULL
    WHERE durable = :durable AND event_id = :id AND state = 'parked' AND sequence > 0
""")
_SET_ASIDE = text("""
    UPDATE inbox SET state = 'set_aside' WHERE durable = :durable AND event_id = :id AND state = 'parked'
    RETURNING source, aggregate, subject, sequence
""")
_SKIP = text("""
    UPDATE inbox_cursor SET applied = :sequence
    WHERE durable = :durable AND source = :source AND aggregate = :aggregate AND subject = :subject
      AND applied = :sequence - 1
""")


@dataclass(frozen=True)
class ParkedEvent:
    """An event that failed in its handler until its attempts were used up."""

    durable: str
    event_id: str
    aggregate: str
    subject: str
    sequence: int
    attempts: int
    reason: str
    received_at: datetime


async def list_parked(uow: UnitOfWork, limit: int = 200) -> list[ParkedEvent]:
    """Return parked events, oldest first."""
    rows = await uow.session.execute(_LIST, {"limit": limit})
    return [ParkedEvent(*row) for row in rows]


async def release(uow: UnitOfWork, durable: str, event_id: str) -> bool:
    """Let a parked event be tried again, in its place; False where there is none."""
    done = await uow.session.execute(_RELEASE, {"durable": durable, "id": event_id})
    return bool(done.rowcount)  # type: ignore[attr-defined]


async def set_aside(uow: UnitOfWork, durable: str, event_id: str) -> bool:
    """Give a parked event up for good, so that its subject's later events go on; False where there is none."""
    row = (await uow.session.execute(_SET_ASIDE, {"durable": durable, "id": event_id})).one_or_none()
    if row is None:
        return False
    await uow.session.execute(
        _SKIP,
        {
            "durable": durable,
            "source": row.source,
            "aggregate": row.aggregate,
            "subject": row.subject,
            "sequence": row.sequence,
        },
    )
    return True

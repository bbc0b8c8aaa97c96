"""Events from outside to rows and back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, desc, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.integrations.domain.outside_event import OutsideEvent
from gateway.integrations.store.tables import ReceivedRow

_TABLE: Final = ReceivedRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Received:
    """An event with how and when it came."""

    received_id: UUID
    system: str
    event: OutsideEvent
    came_by: str
    sent_by: str
    received_at: datetime


class ReceivedStore:
    """Keeps what came."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, received: Received) -> bool:
        """Keep an event; False where one of this id came before."""
        event = received.event
        values = {
            "received_id": received.received_id,
            "system": received.system,
            "event_id": event.id,
            "source": event.source,
            "type": event.type,
            "subject": event.subject,
            "data": dict(event.data),
            "digest": event.digest(),
            "origin_region": event.origin_region,
            "came_by": received.came_by,
            "sent_by": received.sent_by,
            "occurred_at": event.time,
            "received_at": received.received_at,
        }
        added = (
            insert(ReceivedRow).values(values).on_conflict_do_nothing(index_elements=["system", "event_id"])
        )
        return bool((await self._session.execute(added.returning(_TABLE.c.received_id))).one_or_none())

    async def digest_of(self, system: str, event_id: str) -> str | None:
        """Return the digest under which an id was taken."""
        chosen = select(_TABLE.c.digest).where(_TABLE.c.system == system, _TABLE.c.event_id == event_id)
        return (await self._session.execute(chosen)).scalar_one_or_none()

    async def returned(
        self, types: Collection[str], region: str, before: UUID | None, limit: int
    ) -> list[Received]:
        """Return a page of what came back to a region, of these types, the newest first."""
        chosen = select(_TABLE).order_by(desc(_TABLE.c.received_id)).limit(limit)
        chosen = chosen.where(_TABLE.c.origin_region == region, _TABLE.c.type.in_(types))
        if before is not None:
            chosen = chosen.where(_TABLE.c.received_id < before)
        return [_received(row) for row in await self._session.execute(chosen)]

    async def counts(self) -> dict[str, tuple[int, datetime]]:
        """Return by system how many events came, and when the last one did."""
        chosen = select(_TABLE.c.system, func.count(), func.max(_TABLE.c.received_at)).group_by(
            _TABLE.c.system
        )
        return {system: (int(count), last) for system, count, last in await self._session.execute(chosen)}


def _received(row: Row[Any]) -> Received:
    event = OutsideEvent(
        id=row.event_id,
        source=row.source,
        type=row.type,
        subject=row.subject,
        time=row.occurred_at,
        data=row.data,
        origin_region=row.origin_region,
    )
    return Received(row.received_id, row.system, event, row.came_by, row.sent_by, row.received_at)

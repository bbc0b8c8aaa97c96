"""The event log in the database: positions in the order of commit, counted and read by type."""

from collections.abc import Collection, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.subscriptions.domain.entitlement import is_own_only
from gateway.subscriptions.domain.event_log import LoggedEvent, Mark
from gateway.subscriptions.store.tables import EventRow

_LOG_LOCK: Final = 0x6C6F6773  # 'logs': positions become visible in their order, so that no reader skips one

# Writers of several streams queue for it: giving up after the usual 2 s would put a batch off until redelivery.
_WAIT_LONGER: Final = text("SET LOCAL lock_timeout = '7s'")


class EventLog:
    """Keeps events and answers what an agency may see of them."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def append(
        self, event_id: UUID, event_type: str, audience_uscc: str | None, envelope: dict[str, Any]
    ) -> None:
        """Keep an event at the end of the log, once."""
        await self._session.execute(_WAIT_LONGER)
        await self._session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOG_LOCK})
        kept = insert(EventRow).values(
            event_id=event_id, type=event_type, audience_uscc=audience_uscc, event=envelope
        )
        await self._session.execute(kept.on_conflict_do_nothing(index_elements=["event_id"]))

    async def after(
        self, position: int, agency_uscc: str, types: Collection[str], limit: int
    ) -> Sequence[LoggedEvent]:
        """Return the next events that an agency may see, in the log's order."""
        chosen = (
            select(EventRow)
            .where(col(EventRow.position) > position, _visible(agency_uscc, types))
            .order_by(col(EventRow.position))
            .limit(limit)
        )
        return [LoggedEvent(r.position, r.type, r.event) for r in await self._session.scalars(chosen)]

    async def counts(self, agency_uscc: str, types: Collection[str], mark: Mark) -> dict[str, int]:
        """Count the events that an agency should hold up to a mark, by type."""
        chosen = select(col(EventRow.type), func.count()).where(_visible(agency_uscc, types))
        if mark.position is not None:
            chosen = chosen.where(col(EventRow.position) <= mark.position)
        if mark.event_id is not None:
            chosen = chosen.where(col(EventRow.event_id) <= mark.event_id)
        found = await self._session.execute(chosen.group_by(col(EventRow.type)))
        counted = {str(name): int(number) for name, number in found}
        return {name: counted.get(name, 0) for name in sorted(types)}

    async def newest_position(self) -> int:
        """Return the position of the last event, 0 for an empty log."""
        newest = await self._session.scalar(select(func.max(col(EventRow.position))))
        return int(newest or 0)

    async def event_id_at(self, position: int) -> UUID | None:
        """Return the id of the event at a position."""
        found: UUID | None = await self._session.scalar(
            select(col(EventRow.event_id)).where(col(EventRow.position) == position)
        )
        return found


def _visible(agency_uscc: str, types: Collection[str]) -> ColumnElement[bool]:
    own = [name for name in types if is_own_only(name)]
    others = [name for name in types if not is_own_only(name)]
    return or_(
        col(EventRow.type).in_(others),
        and_(col(EventRow.type).in_(own), col(EventRow.audience_uscc) == agency_uscc),
    )

"""The event log in the database: positions in the order of commit, counted and read by type."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from gateway.subscriptions.domain.entitlement import is_own_only
from gateway.subscriptions.domain.event_log import LoggedEvent, Mark
from gateway.subscriptions.domain.subscription import SubscriptionStatus
from gateway.subscriptions.store.tables import (
    AcknowledgementRow,
    DeliveryRow,
    EventRow,
    ForgottenRow,
    SubscriptionRow,
)
from shared.database.turns import take_turn

_LOG_LOCK: Final = 0x6C6F6773  # 'logs': positions become visible in their order, so that no reader skips one
_ALL: Final = ""


class EventLog:
    """Keeps events and answers what an agency may see of them."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def append(
        self,
        event_id: UUID,
        event_type: str,
        subject: str,
        audience: tuple[str, ...] | None,
        envelope: dict[str, Any],
    ) -> None:
        """Keep an event at the end of the log, once; `audience` are the agencies that it is addressed to."""
        await self._lock()
        kept = insert(EventRow).values(
            event_id=event_id,
            type=event_type,
            subject=subject,
            audience=None if audience is None else list(audience),
            event=envelope,
            kept_at=func.now(),
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
        return [_logged(row) for row in await self._session.scalars(chosen)]

    async def at(self, position: int) -> LoggedEvent | None:
        """Return the event at a position."""
        row = await self._session.scalar(select(EventRow).where(col(EventRow.position) == position))
        return None if row is None else _logged(row)

    async def counts(
        self, agency_uscc: str, types: Collection[str], mark: Mark, *, after: int = 0
    ) -> dict[str, int]:
        """Count the events that an agency should hold up to a mark, by type; those after a position, if one is given.

        Counted from the beginning, forgotten ones are in it: who was there held them.
        """
        found = dict.fromkeys(sorted(types), 0)
        chosen = select(col(EventRow.type), func.count()).where(
            _visible(agency_uscc, types), col(EventRow.position) > after
        )
        if mark.position is not None:
            chosen = chosen.where(col(EventRow.position) <= mark.position)
        if mark.event_id is not None:
            chosen = chosen.where(col(EventRow.event_id) <= mark.event_id)
        for name, number in await self._session.execute(chosen.group_by(col(EventRow.type))):
            found[name] += number
        if after == 0:
            for name, number in await self._forgotten(agency_uscc, types):
                found[name] += number
        return found

    async def behind(self, position: int, agency_uscc: str, types: Collection[str]) -> int:
        """Count what an agency does not hold yet after a position."""
        chosen = select(func.count()).where(_visible(agency_uscc, types), col(EventRow.position) > position)
        return int(await self._session.scalar(chosen) or 0)

    async def position_of_nth(self, after: int, agency_uscc: str, types: Collection[str], limit: int) -> int:
        """Return where the next `limit` events end; `after` itself where there are none."""
        next_ones = (
            select(col(EventRow.position))
            .where(col(EventRow.position) > after, _visible(agency_uscc, types))
            .order_by(col(EventRow.position))
            .limit(limit)
            .subquery()
        )
        last = await self._session.scalar(select(func.max(next_ones.c.position)))
        return int(last or after)

    async def newest_position(self) -> int:
        """Return the position of the last event, 0 for an empty log."""
        newest = await self._session.scalar(select(func.max(col(EventRow.position))))
        return int(newest or 0)

    async def complete_after(self, agency_uscc: str, types: Collection[str]) -> int:
        """Return after which position an agency misses nothing: its last event that was forgotten, 0 for none."""
        chosen = select(func.max(col(ForgottenRow.up_to))).where(_was_visible(agency_uscc, types))
        return int(await self._session.scalar(chosen) or 0)

    async def latest_of_each(
        self, agency_uscc: str, types: Collection[str], after: tuple[str, str], upto: int, limit: int
    ) -> Sequence[LoggedEvent]:
        """Return the last event of each type and subject up to a position, by (type, subject) after a pair."""
        kind, subject = col(EventRow.type), col(EventRow.subject)
        chosen = (
            select(EventRow)
            .distinct(kind, subject)
            .where(
                _visible(agency_uscc, types),
                col(EventRow.position) <= upto,
                or_(kind > after[0], and_(kind == after[0], subject > after[1])),
            )
            .order_by(kind, subject, col(EventRow.position).desc())
            .limit(limit)
        )
        return [_logged(row) for row in await self._session.scalars(chosen)]

    async def forget(self, before: datetime, limit: int) -> int:
        """Forget the oldest events that were followed by a newer one of their type and subject; returns how many.

        The last one of each stays, so that a snapshot is whole; so does what a destination refused and is still to
        get, or a department has still to acknowledge. How many went is kept, by type and audience.
        """
        await self._lock()
        newer = aliased(EventRow)
        is_followed = exists().where(
            col(newer.type) == col(EventRow.type),
            col(newer.subject) == col(EventRow.subject),
            col(newer.position) > col(EventRow.position),
        )
        is_outstanding = (
            exists()
            .where(col(DeliveryRow.position) == col(EventRow.position))
            .where(col(DeliveryRow.subscription_id) == col(SubscriptionRow.subscription_id))
            .where(col(SubscriptionRow.status) == SubscriptionStatus.ACTIVE.value)
        )
        is_to_be_acknowledged = exists().where(
            col(AcknowledgementRow.position) == col(EventRow.position),
            col(AcknowledgementRow.acknowledged_at).is_(None),
        )
        oldest = (
            select(col(EventRow.position))
            .where(col(EventRow.kept_at) < before, is_followed, ~is_outstanding, ~is_to_be_acknowledged)
            .order_by(col(EventRow.position))
            .limit(limit)
        )
        gone = await self._session.execute(
            delete(EventRow)
            .where(col(EventRow.position).in_(oldest))
            .returning(col(EventRow.type), col(EventRow.audience), col(EventRow.position))
        )
        rows = gone.all()
        forgotten: dict[tuple[str, str], list[int]] = {}
        for name, audience, position in rows:
            for agency in [_ALL] if audience is None else audience:
                forgotten.setdefault((name, agency), []).append(position)
        for (name, agency), positions in forgotten.items():
            await self._remember_forgotten(name, agency, len(positions), max(positions))
        return len(rows)

    async def _remember_forgotten(self, name: str, agency: str, events: int, up_to: int) -> None:
        kept = insert(ForgottenRow).values(type=name, audience=agency, events=events, up_to=up_to)
        added = kept.on_conflict_do_update(
            index_elements=["type", "audience"],
            set_={
                "events": ForgottenRow.events + kept.excluded.events,
                "up_to": func.greatest(ForgottenRow.up_to, kept.excluded.up_to),
            },
        )
        await self._session.execute(added)

    async def _forgotten(self, agency_uscc: str, types: Collection[str]) -> list[tuple[str, int]]:
        chosen = select(col(ForgottenRow.type), col(ForgottenRow.events)).where(
            _was_visible(agency_uscc, types)
        )
        return [(name, number) for name, number in await self._session.execute(chosen)]

    async def _lock(self) -> None:
        await take_turn(self._session, _LOG_LOCK)


def _logged(row: EventRow) -> LoggedEvent:
    return LoggedEvent(row.position, row.event_id, row.type, row.subject, row.event)


def _was_visible(agency_uscc: str, types: Collection[str]) -> ColumnElement[bool]:
    return and_(col(ForgottenRow.type).in_(types), col(ForgottenRow.audience).in_((_ALL, agency_uscc)))


def _visible(agency_uscc: str, types: Collection[str]) -> ColumnElement[bool]:
    own = [name for name in types if is_own_only(name)]
    others = [name for name in types if not is_own_only(name)]
    return or_(
        col(EventRow.type).in_(others),
        and_(col(EventRow.type).in_(own), col(EventRow.audience).contains([agency_uscc])),
    )

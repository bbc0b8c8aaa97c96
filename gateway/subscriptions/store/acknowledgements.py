"""Records of acknowledgement: one for each event and each agency that must take it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import and_, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.subscriptions.domain.acknowledgement import Expected, Held, Unacknowledged, Way
from gateway.subscriptions.store.tables import AcknowledgementMarkRow, AcknowledgementRow, EventRow

_R: Final = AcknowledgementRow.__table__.c  # type: ignore[attr-defined]
_KEY: Final = ("agency_uscc", "position")


class AcknowledgementStore:
    """Opens records, closes them, and answers what is open."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def lock_mark(self) -> int:
        """Return the position up to which records are open; nobody else moves it until the transaction ends."""
        chosen = select(col(AcknowledgementMarkRow.position)).with_for_update()
        return (await self._session.execute(chosen)).scalar_one()

    async def move_mark(self, position: int) -> None:
        """Records are open up to a position."""
        await self._session.execute(update(AcknowledgementMarkRow).values(position=position))

    async def next_of(
        self, types: Collection[str], after: int, upto: int, limit: int
    ) -> list[tuple[int, str]]:
        """Return the next events of these types, as position and type."""
        position = col(EventRow.position)
        chosen = (
            select(position, col(EventRow.type))
            .where(position > after, position <= upto, col(EventRow.type).in_(types))
            .order_by(position)
            .limit(limit)
        )
        return [(place, name) for place, name in await self._session.execute(chosen)]

    async def open(self, expected: Sequence[Expected]) -> None:
        """Open records, each once."""
        if expected:
            opened = insert(AcknowledgementRow).values([vars(each) for each in expected])
            await self._session.execute(opened.on_conflict_do_nothing(index_elements=_KEY))

    async def close(self, expected: Expected, way: Way, now: datetime) -> None:
        """One event was acknowledged, maybe before its record was opened; the first time counts."""
        closed = insert(AcknowledgementRow).values(**vars(expected), acknowledged_at=now, way=way.value)
        taken = closed.excluded
        await self._session.execute(
            closed.on_conflict_do_update(
                index_elements=_KEY,
                set_={"acknowledged_at": taken.acknowledged_at, "way": taken.way},
                where=_R.acknowledged_at.is_(None),
            )
        )

    async def close_upto(
        self, agency_uscc: str, types: Collection[str], position: int, way: Way, now: datetime
    ) -> int:
        """Everything of these types up to a position was acknowledged; returns how many were open until now."""
        is_of_types = exists().where(col(EventRow.position) == _R.position, col(EventRow.type).in_(types))
        closed = (
            update(AcknowledgementRow)
            .where(
                _R.agency_uscc == agency_uscc,
                _R.position <= position,
                _R.acknowledged_at.is_(None),
                is_of_types,
            )
            .values(acknowledged_at=now, way=way.value)
            .returning(_R.position)
        )
        return len((await self._session.scalars(closed)).all())

    async def with_open(self, agencies: Collection[str]) -> frozenset[str]:
        """Return which of the agencies have something open."""
        chosen = (
            select(_R.agency_uscc)
            .distinct()
            .where(_R.agency_uscc.in_(agencies), _R.acknowledged_at.is_(None))
        )
        return frozenset(await self._session.scalars(chosen))

    async def held_by(self, agency_uscc: str, now: datetime) -> Held:
        """Return how far an agency has come."""
        is_late = _R.due_at <= now
        totals = select(
            func.min(_R.position),
            func.count(),
            func.count().filter(is_late),
            func.min(_R.due_at).filter(is_late),
        ).where(_R.agency_uscc == agency_uscc, _R.acknowledged_at.is_(None))
        first, unacknowledged, overdue, since = (await self._session.execute(totals)).one()
        chosen = select(AcknowledgementRow).where(
            _R.agency_uscc == agency_uscc, _R.acknowledged_at.is_not(None)
        )
        if first is not None:
            chosen = chosen.where(_R.position < first)
        last = (await self._session.scalars(chosen.order_by(_R.position.desc()).limit(1))).one_or_none()
        return Held(
            acknowledged_up_to=last.position if last else None,
            acknowledged_at=last.acknowledged_at if last else None,
            way=Way(last.way) if last and last.way else None,
            unacknowledged=unacknowledged,
            overdue=overdue,
            overdue_since=since,
        )

    async def overdue(
        self, agencies: Collection[str], now: datetime, *, after: tuple[int, str], limit: int
    ) -> list[Unacknowledged]:
        """Return a page of what these agencies did not acknowledge in time, by position and agency."""
        is_later = or_(_R.position > after[0], and_(_R.position == after[0], _R.agency_uscc > after[1]))
        chosen = (
            select(AcknowledgementRow, EventRow)
            .join(EventRow, col(EventRow.position) == _R.position)
            .where(_R.agency_uscc.in_(agencies), _R.acknowledged_at.is_(None), _R.due_at <= now, is_later)
            .order_by(_R.position, _R.agency_uscc)
            .limit(limit)
        )
        return [
            Unacknowledged(
                row.agency_uscc,
                row.position,
                event.event_id,
                event.type,
                event.subject,
                row.due_at,
                row.told_at,
            )
            for row, event in await self._session.execute(chosen)
        ]

    async def lock_late(self, agencies: Collection[str], now: datetime, limit: int) -> list[Expected]:
        """Return what is late and was not told; whoever else looks now passes it over."""
        chosen = (
            select(AcknowledgementRow)
            .where(
                _R.due_at <= now,
                _R.acknowledged_at.is_(None),
                _R.told_at.is_(None),
                _R.agency_uscc.in_(agencies),
            )
            .order_by(_R.due_at, _R.position)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        rows = await self._session.scalars(chosen)
        return [Expected(row.agency_uscc, row.position, row.due_at) for row in rows]

    async def mark_told(self, agency_uscc: str, positions: Collection[int], now: datetime) -> None:
        """That they are late was told."""
        chosen = update(AcknowledgementRow).where(_R.agency_uscc == agency_uscc, _R.position.in_(positions))
        await self._session.execute(chosen.values(told_at=now))

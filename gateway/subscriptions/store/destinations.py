"""Destinations and what is tried by itself, to rows and back; secrets are sealed on the way in."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Select, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlmodel import col, delete

from gateway.subscriptions.domain.destination import (
    Delivery,
    DeliveryState,
    Destination,
    DestinationState,
)
from gateway.subscriptions.domain.subscription import SubscriptionStatus
from gateway.subscriptions.store.tables import DeliveryRow, DestinationRow, SubscriptionRow
from shared.security.sealing import Sealer

_D: Final = DestinationRow.__table__  # type: ignore[attr-defined]
_S: Final = SubscriptionRow.__table__  # type: ignore[attr-defined]


class DestinationStore:
    """Destinations to rows and back."""

    def __init__(self, session: AsyncSession, sealer: Sealer) -> None:
        self._session = session
        self._sealer = sealer

    async def find(self, subscription_id: UUID, *, lock: bool = False) -> Destination | None:
        """Return the destination of a subscription; locked, nobody else changes it until the transaction ends."""
        chosen = _chosen().where(_D.c.subscription_id == subscription_id)
        row = (await self._session.execute(chosen.with_for_update(of=_D) if lock else chosen)).one_or_none()
        return None if row is None else self._destination(row)

    async def due(self, now: datetime, limit: int) -> list[Destination]:
        """Return the active destinations of active subscriptions whose turn it is."""
        chosen = _chosen().where(
            _D.c.state == DestinationState.ACTIVE.value,
            _S.c.status == SubscriptionStatus.ACTIVE.value,
            or_(_D.c.not_before.is_(None), _D.c.not_before <= now),
        )
        rows = await self._session.execute(chosen.order_by(_D.c.not_before.nulls_first()).limit(limit))
        return [self._destination(row) for row in rows]

    async def parked(self, before: datetime, limit: int) -> list[Destination]:
        """Return parked destinations whose alarm was not given since."""
        chosen = _chosen().where(
            _D.c.state == DestinationState.PARKED.value,
            _S.c.status == SubscriptionStatus.ACTIVE.value,
            or_(_D.c.alarmed_at.is_(None), _D.c.alarmed_at <= before),
        )
        return [self._destination(row) for row in await self._session.execute(chosen.limit(limit))]

    async def mark_alarmed(self, subscription_id: UUID, now: datetime) -> None:
        """The alarm was given; whatever else happens to the destination meanwhile stays as it is."""
        chosen = col(DestinationRow.subscription_id) == subscription_id
        await self._session.execute(update(DestinationRow).where(chosen).values(alarmed_at=now))

    async def add(self, destination: Destination) -> bool:
        """Keep a new destination; False where the subscription has one by now."""
        added = insert(DestinationRow).values(
            subscription_id=destination.subscription_id, **self._values(destination)
        )
        kept = added.on_conflict_do_nothing().returning(col(DestinationRow.subscription_id))
        return await self._session.scalar(kept) is not None

    async def save(self, destination: Destination) -> None:
        """Keep what became of a destination that was locked."""
        chosen = col(DestinationRow.subscription_id) == destination.subscription_id
        await self._session.execute(update(DestinationRow).where(chosen).values(self._values(destination)))

    def _values(self, destination: Destination) -> dict[str, Any]:
        context = destination.subscription_id.bytes
        former = destination.former_secret
        return {
            "url": destination.url,
            "state": destination.state.value,
            "position": destination.position,
            "secret": self._sealer.seal(destination.secret, context),
            "former_secret": None if former is None else self._sealer.seal(former, context),
            "former_until": destination.former_until,
            "attempts": destination.attempts,
            "not_before": destination.not_before,
            "last_fault": destination.last_fault,
            "last_success_at": destination.last_success_at,
            "alarmed_at": destination.alarmed_at,
            "version": destination.version,
        }

    def _destination(self, row: Row[Any]) -> Destination:
        context = row.subscription_id.bytes
        former = row.former_secret
        return Destination(
            subscription_id=row.subscription_id,
            agency_uscc=row.agency_uscc,
            event_types=tuple(row.event_types),
            url=row.url,
            state=DestinationState(row.state),
            position=row.position,
            secret=self._sealer.unseal(row.secret, context),
            former_secret=None if former is None else self._sealer.unseal(former, context),
            former_until=row.former_until,
            attempts=row.attempts,
            not_before=row.not_before,
            last_fault=row.last_fault,
            last_success_at=row.last_success_at,
            alarmed_at=row.alarmed_at,
            version=row.version,
        )


class DeliveryStore:
    """Events of a destination that are tried by themselves."""

    def __init__(self, session: AsyncSession, subscription_id: UUID) -> None:
        self._session = session
        self._of = col(DeliveryRow.subscription_id) == subscription_id
        self._subscription_id = subscription_id

    async def next_due(self, now: datetime) -> Delivery | None:
        """Return the first one whose turn it is: of each subject only the earliest may be tried."""
        earliest = (
            select(DeliveryRow)
            .distinct(col(DeliveryRow.subject))
            .where(self._of)
            .order_by(col(DeliveryRow.subject), col(DeliveryRow.position))
        )
        found = [_delivery(row) for row in await self._session.scalars(earliest)]
        due = [
            each
            for each in found
            if each.state is DeliveryState.WAITING and (each.not_before is None or each.not_before <= now)
        ]
        return min(due, key=lambda each: each.position, default=None)

    async def holds_back(self, subject: str) -> bool:
        """Whether an earlier event of a subject is still outstanding."""
        chosen = select(func.count()).where(self._of, col(DeliveryRow.subject) == subject)
        return bool(await self._session.scalar(chosen))

    async def put(self, delivery: Delivery) -> None:
        """Keep an event that is tried by itself, or what became of it."""
        await self.remove(delivery.position)
        await self._session.execute(
            insert(DeliveryRow).values(
                subscription_id=self._subscription_id,
                position=delivery.position,
                event_id=delivery.event_id,
                subject=delivery.subject,
                state=delivery.state.value,
                attempts=delivery.attempts,
                not_before=delivery.not_before,
                last_fault=delivery.last_fault,
                alarmed_at=delivery.alarmed_at,
            )
        )

    async def mark_alarmed(self, position: int, now: datetime) -> None:
        """The alarm was given, if it is still there; whatever else happens to it meanwhile stays as it is."""
        chosen = update(DeliveryRow).where(self._of, col(DeliveryRow.position) == position)
        await self._session.execute(chosen.values(alarmed_at=now))

    async def remove(self, position: int) -> None:
        """Forget one that was taken, or given up."""
        await self._session.execute(
            delete(DeliveryRow).where(self._of, col(DeliveryRow.position) == position)
        )

    async def clear(self) -> None:
        """Forget all: the log is sent again from an earlier position."""
        await self._session.execute(delete(DeliveryRow).where(self._of))

    async def find(self, position: int) -> Delivery | None:
        """Return one by its position."""
        row = await self._session.scalar(
            select(DeliveryRow).where(self._of, col(DeliveryRow.position) == position)
        )
        return None if row is None else _delivery(row)

    async def page(self, state: DeliveryState | None, *, after: int, limit: int) -> list[Delivery]:
        """Return a page by position."""
        chosen = select(DeliveryRow).where(self._of, col(DeliveryRow.position) > after)
        if state is not None:
            chosen = chosen.where(col(DeliveryRow.state) == state.value)
        rows = await self._session.scalars(chosen.order_by(col(DeliveryRow.position)).limit(limit))
        return [_delivery(row) for row in rows]

    async def counts(self) -> dict[DeliveryState, int]:
        """Count them by state."""
        chosen = select(col(DeliveryRow.state), func.count()).where(self._of).group_by(col(DeliveryRow.state))
        found = {DeliveryState(name): int(number) for name, number in await self._session.execute(chosen)}
        return {state: found.get(state, 0) for state in DeliveryState}


async def parked_deliveries(
    session: AsyncSession, before: datetime, limit: int
) -> Sequence[tuple[UUID, Delivery]]:
    """Return parked events of active subscriptions whose alarm was not given since, with their subscription."""
    chosen = _parked_events().where(
        or_(col(DeliveryRow.alarmed_at).is_(None), col(DeliveryRow.alarmed_at) <= before),
    )
    rows = await session.scalars(chosen.order_by(col(DeliveryRow.position)).limit(limit))
    return [(row.subscription_id, _delivery(row)) for row in rows]


async def count_parked(connection: AsyncConnection) -> int:
    """Count what is parked of active subscriptions: destinations, and single events."""
    destinations = _chosen().where(
        _D.c.state == DestinationState.PARKED.value, _S.c.status == SubscriptionStatus.ACTIVE.value
    )
    counts = [select(func.count()).select_from(each.subquery()) for each in (destinations, _parked_events())]
    return sum([(await connection.execute(count)).scalar_one() for count in counts])


def _parked_events() -> "Select[DeliveryRow]":
    return (
        select(DeliveryRow)
        .join(SubscriptionRow, col(SubscriptionRow.subscription_id) == col(DeliveryRow.subscription_id))
        .where(
            col(DeliveryRow.state) == DeliveryState.PARKED.value,
            col(SubscriptionRow.status) == SubscriptionStatus.ACTIVE.value,
        )
    )


def _chosen() -> Select[Any]:
    return select(_D, _S.c.agency_uscc, _S.c.event_types).join(
        _S, _S.c.subscription_id == _D.c.subscription_id
    )


def _delivery(row: DeliveryRow) -> Delivery:
    return Delivery(
        position=row.position,
        event_id=row.event_id,
        subject=row.subject,
        state=DeliveryState(row.state),
        attempts=row.attempts,
        not_before=row.not_before,
        last_fault=row.last_fault,
        alarmed_at=row.alarmed_at,
    )

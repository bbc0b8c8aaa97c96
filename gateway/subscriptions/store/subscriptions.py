"""Subscriptions to rows and back."""

from uuid import UUID

from sqlalchemy import Select, desc, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.subscriptions.domain.subscription import Subscription, SubscriptionStatus
from gateway.subscriptions.store.tables import SubscriptionRow


class SubscriptionStore:
    """Rows to subscriptions and back; an agency reaches its own only."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, subscription: Subscription) -> None:
        """Keep a new subscription."""
        values = {
            "subscription_id": subscription.subscription_id,
            "agency_uscc": subscription.agency_uscc,
            "event_types": list(subscription.event_types),
            "status": subscription.status.value,
            "opened_by": subscription.opened_by,
            "opened_at": subscription.opened_at,
            "version": subscription.version,
        }
        await self._session.execute(insert(SubscriptionRow).values(values))

    async def save(self, subscription: Subscription) -> None:
        """Keep what became of a subscription that was locked."""
        changed = {
            "status": subscription.status.value,
            "ended_at": subscription.ended_at,
            "version": subscription.version,
        }
        chosen = col(SubscriptionRow.subscription_id) == subscription.subscription_id
        await self._session.execute(update(SubscriptionRow).where(chosen).values(changed))

    async def find(self, subscription_id: UUID, agency_uscc: str) -> Subscription | None:
        """Return an agency's subscription."""
        return await self._one(_chosen(subscription_id, agency_uscc))

    async def lock(self, subscription_id: UUID, agency_uscc: str) -> Subscription | None:
        """Return an agency's subscription, which nobody else changes until the transaction ends."""
        return await self._one(_chosen(subscription_id, agency_uscc).with_for_update())

    async def newest(self, agency_uscc: str, *, before: UUID | None, limit: int) -> list[Subscription]:
        """Return a page of an agency's subscriptions, the newest first."""
        identifier = col(SubscriptionRow.subscription_id)
        chosen = select(SubscriptionRow).where(col(SubscriptionRow.agency_uscc) == agency_uscc)
        if before is not None:
            chosen = chosen.where(identifier < before)
        rows = await self._session.scalars(chosen.order_by(desc(identifier)).limit(limit))
        return [_subscription(row) for row in rows]

    async def followed_types(self, agency_uscc: str) -> frozenset[str]:
        """Return the types that an agency's active subscriptions name."""
        chosen = select(func.unnest(col(SubscriptionRow.event_types))).where(
            col(SubscriptionRow.agency_uscc) == agency_uscc,
            col(SubscriptionRow.status) == SubscriptionStatus.ACTIVE.value,
        )
        return frozenset(await self._session.scalars(chosen))

    async def _one(self, chosen: Select[SubscriptionRow]) -> Subscription | None:
        row = (await self._session.scalars(chosen)).one_or_none()
        return None if row is None else _subscription(row)


def _chosen(subscription_id: UUID, agency_uscc: str) -> Select[SubscriptionRow]:
    return select(SubscriptionRow).where(
        col(SubscriptionRow.subscription_id) == subscription_id,
        col(SubscriptionRow.agency_uscc) == agency_uscc,
    )


def _subscription(row: SubscriptionRow) -> Subscription:
    return Subscription(
        subscription_id=row.subscription_id,
        agency_uscc=row.agency_uscc,
        event_types=tuple(row.event_types),
        status=SubscriptionStatus(row.status),
        opened_by=row.opened_by,
        opened_at=row.opened_at,
        ended_at=row.ended_at,
        version=row.version,
    )

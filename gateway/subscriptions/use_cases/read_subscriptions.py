"""Read subscriptions, end one, and reckon what a subscriber should hold; an agency reaches its own only."""

from datetime import datetime
from uuid import UUID

from gateway.subscriptions.domain.errors import PositionUnknown, SubscriptionNotFound
from gateway.subscriptions.domain.event_log import SETTLES_AFTER, Mark, Reckoning, made_at
from gateway.subscriptions.domain.subscription import Subscription, end
from gateway.subscriptions.store.event_log import EventLog
from gateway.subscriptions.store.subscriptions import SubscriptionStore
from shared.database.unit_of_work import UnitOfWork


async def read_subscription(subscription_id: UUID, agency_uscc: str, uow: UnitOfWork) -> Subscription:
    """Raises: SubscriptionNotFound."""
    found = await SubscriptionStore(uow.session).find(subscription_id, agency_uscc)
    if found is None:
        raise SubscriptionNotFound(subscription_id)
    return found


async def end_subscription(
    subscription_id: UUID, agency_uscc: str, uow: UnitOfWork, now: datetime
) -> Subscription:
    """Raises: SubscriptionNotFound, AlreadyEnded."""
    store = SubscriptionStore(uow.session)
    subscription = await store.lock(subscription_id, agency_uscc)
    if subscription is None:
        raise SubscriptionNotFound(subscription_id)
    ended = end(subscription, now)
    await store.save(ended)
    return ended


async def reconcile(subscription: Subscription, mark: Mark, uow: UnitOfWork, now: datetime) -> Reckoning:
    """Count what the subscriber should hold up to a mark, or up to the log's end where none is given.

    Raises: PositionUnknown for a position that the log has not reached.
    """
    log = EventLog(uow.session)
    newest = await log.newest_position()
    if mark.position is not None and mark.position > newest:
        raise PositionUnknown(str(mark.position))
    if mark == Mark():
        mark = Mark(position=newest)
    counts = await log.counts(subscription.agency_uscc, subscription.event_types, mark)
    # Positions only grow; an id may still get a predecessor from a command that is under way.
    is_settled = mark.event_id is None or made_at(mark.event_id) + SETTLES_AFTER <= now
    return Reckoning(str(mark.event_id or mark.position), counts, is_settled)

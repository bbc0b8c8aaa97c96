"""Read subscriptions, end one, and reckon what a subscriber should hold; an agency reaches its own only."""

from datetime import datetime
from uuid import UUID

from gateway.subscriptions.domain.errors import PositionTooOld, PositionUnknown, SubscriptionNotFound
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


async def require_complete(subscription: Subscription, after: int, log: EventLog) -> None:
    """Raises: PositionTooOld where something of the subscription after a position was forgotten."""
    oldest = await log.complete_after(subscription.agency_uscc, subscription.event_types)
    if after < oldest:
        snapshot = f"/subscriptions/v1/subscriptions/{subscription.subscription_id}/snapshot"
        raise PositionTooOld(after, oldest, snapshot)


async def reconcile(
    subscription: Subscription, mark: Mark, uow: UnitOfWork, now: datetime, *, after: int = 0
) -> Reckoning:
    """Count what the subscriber should hold up to a mark, or up to the log's end where none is given.

    With `after` only what lies behind that position: so a gap is found by halving.
    Raises: PositionUnknown for a position that the log has not reached, PositionTooOld.
    """
    log = EventLog(uow.session)
    newest = await log.newest_position()
    asked = max(after, mark.position or 0)
    if asked > newest:
        raise PositionUnknown(str(asked))
    if mark == Mark():
        mark = Mark(position=newest)
    for place in {after, mark.position} - {0, None}:
        await require_complete(subscription, place or 0, log)
    counts = await log.counts(subscription.agency_uscc, subscription.event_types, mark, after=after)
    # Positions only grow; an id may still get a predecessor from a command that is under way.
    is_settled = mark.event_id is None or made_at(mark.event_id) + SETTLES_AFTER <= now
    return Reckoning(str(mark.event_id or mark.position), counts, is_settled, after)

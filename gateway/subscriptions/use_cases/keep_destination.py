"""Name a destination, give it a new secret, pause and resume it, send the log again from a position."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from gateway.subscriptions.domain.destination import (
    FORMER_SECRET,
    DeliveryState,
    Destination,
    DestinationAction,
    DestinationState,
    moved,
)
from gateway.subscriptions.domain.errors import AlreadyEnded, DestinationNotFound, PositionUnknown
from gateway.subscriptions.domain.subscription import Subscription, SubscriptionStatus
from gateway.subscriptions.store.destinations import DeliveryStore, DestinationStore
from gateway.subscriptions.store.event_log import EventLog
from gateway.subscriptions.use_cases.read_subscriptions import require_complete
from gateway.subscriptions.use_cases.webhook_settings import WebhookSettings
from shared.database.unit_of_work import UnitOfWork
from shared.security.signed_messages import new_secret


async def name_destination(
    subscription: Subscription, url: str, webhooks: WebhookSettings, uow: UnitOfWork, *, after: int | None
) -> tuple[Destination, bool]:
    """Send the subscription's events to a target that was checked; returns whether it is a new destination.

    A new one begins after the position `after`, or with what comes next. Raises: AlreadyEnded, PositionUnknown,
    PositionTooOld.
    """
    if subscription.status is SubscriptionStatus.ENDED:
        raise AlreadyEnded(subscription.status)
    store = DestinationStore(uow.session, webhooks.sealer)
    known = await store.find(subscription.subscription_id, lock=True)
    if known is not None:
        return await _sent_elsewhere(subscription, known, url, store, uow), False
    made = Destination(
        subscription_id=subscription.subscription_id,
        agency_uscc=subscription.agency_uscc,
        event_types=subscription.event_types,
        url=url,
        state=DestinationState.ACTIVE,
        position=await _beginning(subscription, after, uow),
        secret=new_secret(),
    )
    if await store.add(made):
        return made, True
    first = await _locked(store, subscription.subscription_id)
    return await _sent_elsewhere(subscription, first, url, store, uow), False


async def replace_secret(
    subscription_id: UUID, webhooks: WebhookSettings, uow: UnitOfWork, now: datetime
) -> Destination:
    """Give a new secret; for a day messages carry signatures by both. Raises: DestinationNotFound."""
    store = DestinationStore(uow.session, webhooks.sealer)
    known = await _locked(store, subscription_id)
    changed = replace(
        known,
        secret=new_secret(),
        former_secret=known.secret,
        former_until=now + FORMER_SECRET,
        version=known.version + 1,
    )
    await store.save(changed)
    return changed


async def move_destination(
    subscription: Subscription, action: DestinationAction, webhooks: WebhookSettings, uow: UnitOfWork
) -> Destination:
    """Pause or resume. Raises: DestinationNotFound, DestinationActionNotAllowed, PositionTooOld."""
    store = DestinationStore(uow.session, webhooks.sealer)
    changed = moved(await _locked(store, subscription.subscription_id), action)
    if action is DestinationAction.RESUME:
        await require_complete(subscription, changed.position, EventLog(uow.session))
    await store.save(changed)
    return changed


async def send_again(
    subscription: Subscription, after: int, webhooks: WebhookSettings, uow: UnitOfWork
) -> Destination:
    """Send everything after a position again, in its order; the receiver knows repeated messages by their id.

    Raises: DestinationNotFound, PositionUnknown, PositionTooOld.
    """
    store = DestinationStore(uow.session, webhooks.sealer)
    known = await _locked(store, subscription.subscription_id)
    position = await _beginning(subscription, after, uow)
    await DeliveryStore(uow.session, subscription.subscription_id).clear()
    changed = replace(known, position=position, version=known.version + 1, attempts=0, not_before=None)
    await store.save(changed)
    return changed


async def settle_parked(
    subscription_id: UUID, position: int, webhooks: WebhookSettings, uow: UnitOfWork, *, try_again: bool
) -> Destination:
    """Try a parked event once more, or give it up so that the later ones of its subject go on.

    Raises: DestinationNotFound.
    """
    destination = await _locked(DestinationStore(uow.session, webhooks.sealer), subscription_id)
    store = DeliveryStore(uow.session, subscription_id)
    found = await store.find(position)
    if found is None:
        raise DestinationNotFound
    if try_again:
        await store.put(replace(found, state=DeliveryState.WAITING, attempts=0, not_before=None))
    else:
        await store.remove(position)
    return destination


async def _sent_elsewhere(
    subscription: Subscription, known: Destination, url: str, store: DestinationStore, uow: UnitOfWork
) -> Destination:
    """Another target for a destination that is locked; one that was gone goes on."""
    changed = replace(known, url=url, version=known.version + 1, attempts=0, not_before=None)
    if known.state is DestinationState.GONE:
        await require_complete(subscription, known.position, EventLog(uow.session))
        changed = replace(changed, state=DestinationState.ACTIVE)
    await store.save(changed)
    return changed


async def _beginning(subscription: Subscription, after: int | None, uow: UnitOfWork) -> int:
    log = EventLog(uow.session)
    newest = await log.newest_position()
    if after is None:
        return newest
    if after > newest:
        raise PositionUnknown(str(after))
    await require_complete(subscription, after, log)
    return after


async def _locked(store: DestinationStore, subscription_id: UUID) -> Destination:
    found = await store.find(subscription_id, lock=True)
    if found is None:
        raise DestinationNotFound
    return found

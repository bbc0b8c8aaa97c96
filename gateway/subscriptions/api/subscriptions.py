"""Subscriptions of agencies (事件订阅): opened, listed, ended; how to connect, what should have come."""

import asyncio
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from gateway.subscriptions.api.dependencies import App, DirectoryRoute, EventTypes, RegionInUse
from gateway.subscriptions.api.shapes import (
    ConnectionOut,
    ReckoningOut,
    SubscriptionIn,
    SubscriptionOut,
    connection_out,
    covered,
)
from gateway.subscriptions.domain.errors import (
    AlreadyEnded,
    EventTypeNotOpen,
    EventTypesUnavailable,
    EventTypeUnknown,
    NotAnAgency,
    PositionTooOld,
    PositionUnknown,
    SubscriptionNotFound,
)
from gateway.subscriptions.domain.event_log import Mark
from gateway.subscriptions.store.event_log import EventLog
from gateway.subscriptions.store.subscriptions import SubscriptionStore
from gateway.subscriptions.use_cases.authority import agency_of
from gateway.subscriptions.use_cases.open_subscription import OpenSubscription, open_subscription
from gateway.subscriptions.use_cases.read_subscriptions import (
    end_subscription,
    read_subscription,
    reconcile,
)
from shared.identifiers.uuid7 import new_uuid7
from shared.messaging.standing import standing_of
from shared.messaging.subscribers import OUTSIDE
from shared.security.access import requires
from shared.web.conditional import set_etag
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

PREFIX = "/subscriptions/v1/subscriptions"
MANAGE = requires("subscriptions.subscription.manage")
opening = APIRouter(prefix=PREFIX, route_class=DirectoryRoute, tags=["subscriptions"])
router = APIRouter(prefix=PREFIX, route_class=ServiceRoute, tags=["subscriptions"])

Upto = Annotated[
    str | None,
    Query(
        max_length=36,
        pattern=r"^([0-9]{1,18}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$",
        description="Position of the event stream, or the id of the last event held; without it, all so far",
        examples=["41"],
    ),
]
After = Annotated[int, Query(ge=0, le=10**18, description="Count only what lies behind this position")]
Held = Annotated[int | None, Query(ge=0, le=10**12, description="How many events the subscriber holds there")]
Position = Annotated[
    int | None, Query(ge=0, le=10**18, description="Where the subscriber is, to be told how far it is behind")
]


@opening.post(
    "", status_code=HTTPStatus.CREATED, dependencies=[MANAGE], summary="Subscribe to events (订阅事件)"
)
@refuses(NotAnAgency, EventTypeNotOpen, EventTypeUnknown, EventTypesUnavailable)
async def subscribe(
    body: SubscriptionIn,
    caller: Caller,
    region: RegionInUse,
    directory: EventTypes,
    uow: InTransaction,
    now: Now,
    response: Response,
) -> SubscriptionOut:
    """Open a subscription to types that the caller's agency may follow."""
    command = OpenSubscription(new_uuid7(), caller, body.event_types)
    subscription = await open_subscription(command, region, directory, uow, now)
    set_etag(response, subscription.version)
    return SubscriptionOut.of(subscription)


@router.get("", dependencies=[MANAGE], summary="List own subscriptions (本部门订阅)")
@refuses(NotAnAgency)
async def list_subscriptions(
    caller: Caller, region: RegionInUse, paged: Paged, uow: InTransaction, response: Response
) -> Page[SubscriptionOut]:
    """List the subscriptions of the caller's agency, the newest first."""
    before = UUID(str(paged.after[0])) if paged.after else None
    uscc = agency_of(caller, region).uscc
    found = await SubscriptionStore(uow.session).newest(uscc, before=before, limit=paged.fetch)
    shown = [SubscriptionOut.of(subscription) for subscription in found]
    return paged.page(shown, lambda subscription: (str(subscription.subscription_id),), response)


@router.get(
    "/{subscription_id}",
    dependencies=[MANAGE],
    summary="Read a subscription, how to connect, its lag (订阅详情)",
)
@refuses(NotAnAgency, SubscriptionNotFound)
async def show_subscription(
    subscription_id: UUID,
    caller: Caller,
    region: RegionInUse,
    app: App,
    response: Response,
    position: Position = None,
) -> ConnectionOut:
    """Return a subscription with its NATS durables, its event stream and its webhook, each with its lag."""
    agency = agency_of(caller, region)
    async with app.transactions.open() as uow:  # over before the broker is asked
        subscription = await read_subscription(subscription_id, agency.uscc, uow)
        log = EventLog(uow.session)
        newest = await log.newest_position()
        behind = (
            None
            if position is None
            else await log.behind(position, subscription.agency_uscc, subscription.event_types)
        )
    followers = tuple(f for f in OUTSIDE.get(agency.key, ()) if covered(subscription, f))
    standings = await asyncio.gather(*(standing_of(app.broker, follower) for follower in followers))
    set_etag(response, subscription.version)
    return connection_out(subscription, followers, list(standings), newest=newest, behind=behind)


@router.post("/{subscription_id}/ending", dependencies=[MANAGE], summary="End a subscription (退订)")
@refuses(NotAnAgency, SubscriptionNotFound, AlreadyEnded)
async def unsubscribe(
    subscription_id: UUID,
    caller: Caller,
    region: RegionInUse,
    uow: InTransaction,
    now: Now,
    response: Response,
) -> SubscriptionOut:
    """End a subscription."""
    ended = await end_subscription(subscription_id, agency_of(caller, region).uscc, uow, now)
    set_etag(response, ended.version)
    return SubscriptionOut.of(ended)


@router.get(
    "/{subscription_id}/reconcile", dependencies=[MANAGE], summary="Reckon what should have arrived (对账)"
)
@refuses(NotAnAgency, SubscriptionNotFound, PositionUnknown, PositionTooOld)
async def show_reckoning(
    subscription_id: UUID,
    caller: Caller,
    region: RegionInUse,
    uow: InTransaction,
    now: Now,
    upto: Upto = None,
    after: After = 0,
    held: Held = None,
) -> ReckoningOut:
    """Say how many events of each type the subscriber should hold up to a place, and with `held`: n of n.

    By event id it counts the ids that are not greater (UUIDv7), which a follower over NATS can do as well. Where
    something is missing, `after` and `upto` together find the place by halving.
    """
    subscription = await read_subscription(subscription_id, agency_of(caller, region).uscc, uow)
    return ReckoningOut.of(await reconcile(subscription, _mark(upto), uow, now, after=after), held)


def _mark(upto: str | None) -> Mark:
    if upto is None:
        return Mark()
    return Mark(position=int(upto)) if upto.isdecimal() else Mark(event_id=UUID(upto))

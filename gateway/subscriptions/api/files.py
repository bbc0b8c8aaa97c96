"""Events as files (文件交换): a snapshot to begin with, and pieces of the log for those without a live connection."""

import json
from collections.abc import AsyncIterator
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import StreamingResponse

from gateway.subscriptions.api.dependencies import App, RegionInUse
from gateway.subscriptions.domain.acknowledgement import Way
from gateway.subscriptions.domain.errors import NotAnAgency, PositionTooOld, SubscriptionNotFound
from gateway.subscriptions.domain.event_log import LoggedEvent
from gateway.subscriptions.domain.subscription import Subscription
from gateway.subscriptions.store.event_log import EventLog
from gateway.subscriptions.use_cases.acknowledge import acknowledge_upto
from gateway.subscriptions.use_cases.authority import agency_of
from gateway.subscriptions.use_cases.read_subscriptions import read_subscription, require_complete
from shared.database.unit_of_work import UnitOfWork
from shared.security.access import requires
from shared.web.backend import Backend
from shared.web.openapi import refuses
from shared.web.routes import Caller, ServiceRoute

MANAGE = requires("subscriptions.subscription.manage")
router = APIRouter(
    prefix="/subscriptions/v1/subscriptions/{subscription_id}",
    route_class=ServiceRoute,
    tags=["subscriptions"],
)
_PAGE: Final = 500
POSITION_HEADER: Final = "X-Tongban-Position"


class EventLines(StreamingResponse):
    """One CloudEvent a line, as it comes over the other ways, with its position in the log."""

    media_type = "application/x-ndjson"


_LINES: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": f'One object a line: {{"position": n, "event": CloudEvent}}; {POSITION_HEADER}: go on after it',
        "content": {"application/x-ndjson": {"schema": {"type": "string"}}},
    }
}


@router.get(
    "/snapshot",
    dependencies=[MANAGE],
    response_class=EventLines,
    responses=_LINES,
    summary="Take a snapshot to begin with (快照)",
)
@refuses(NotAnAgency, SubscriptionNotFound)
async def show_snapshot(subscription_id: UUID, caller: Caller, region: RegionInUse, app: App) -> EventLines:
    """The last event of each followed type about each subject; go on after the position that the header names."""
    agency = agency_of(caller, region)
    async with app.transactions.open() as uow:
        subscription = await read_subscription(subscription_id, agency.uscc, uow)
        newest = await EventLog(uow.session).newest_position()
    return EventLines(_latest(subscription, newest, app), headers=_headers(newest))


@router.get(
    "/file",
    dependencies=[MANAGE],
    response_class=EventLines,
    responses=_LINES,
    summary="Fetch events as a file (事件文件)",
)
@refuses(NotAnAgency, SubscriptionNotFound, PositionTooOld)
async def show_file(
    subscription_id: UUID,
    caller: Caller,
    region: RegionInUse,
    app: App,
    after: Annotated[int, Query(ge=0, le=10**18, description="The position up to which events are held")] = 0,
    limit: Annotated[int, Query(ge=1, le=100_000, description="At most so many events")] = 10_000,
) -> EventLines:
    """What lies after a position, in order: the weekly or monthly file of whoever has no live connection.

    Taking the same file in twice changes nothing for whoever knows events by their id. `after` acknowledges what
    lies up to it.
    """
    agency = agency_of(caller, region)

    async def begin(uow: UnitOfWork) -> tuple[Subscription, int]:
        subscription = await read_subscription(subscription_id, agency.uscc, uow)
        log = EventLog(uow.session)
        await require_complete(subscription, after, log)
        if after:
            await acknowledge_upto(agency.uscc, subscription.event_types, after, Way.FILE, region, uow)
        upto = await log.position_of_nth(after, subscription.agency_uscc, subscription.event_types, limit)
        return subscription, upto

    subscription, upto = await app.transactions.run(begin)
    return EventLines(_following(subscription, after, upto, app), headers=_headers(upto))


async def _latest(subscription: Subscription, upto: int, app: Backend) -> AsyncIterator[str]:
    seen = ("", "")
    while True:
        async with app.transactions.open() as uow:
            page = await EventLog(uow.session).latest_of_each(
                subscription.agency_uscc, subscription.event_types, seen, upto, _PAGE
            )
        if not page:
            return
        yield "".join(map(_line, page))
        seen = (page[-1].type, page[-1].subject)


async def _following(subscription: Subscription, after: int, upto: int, app: Backend) -> AsyncIterator[str]:
    position = after
    while position < upto:
        async with app.transactions.open() as uow:
            page = await EventLog(uow.session).after(
                position, subscription.agency_uscc, subscription.event_types, _PAGE
            )
        page = [event for event in page if event.position <= upto]
        if not page:
            return
        yield "".join(map(_line, page))
        position = page[-1].position


def _line(event: LoggedEvent) -> str:
    return (
        json.dumps(
            {"position": event.position, "event": event.envelope}, ensure_ascii=False, separators=(",", ":")
        )
        + "\n"
    )


def _headers(position: int) -> dict[str, str]:
    return {"Cache-Control": "no-store", POSITION_HEADER: str(position)}

"""Server-sent events (事件流) for agencies that cannot speak NATS: resumable by `Last-Event-ID`."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated, Final

from fastapi import APIRouter, Header, Query
from starlette.requests import Request
from starlette.responses import StreamingResponse

from gateway.subscriptions.api.dependencies import App, RegionInUse
from gateway.subscriptions.domain.acknowledgement import Way
from gateway.subscriptions.domain.errors import EventTypeNotOpen, NotAnAgency, PositionTooOld
from gateway.subscriptions.store.event_log import EventLog
from gateway.subscriptions.use_cases.acknowledge import acknowledge_upto
from gateway.subscriptions.use_cases.authority import agency_of
from gateway.subscriptions.use_cases.open_subscription import require_open
from shared.database.unit_of_work import UnitOfWork
from shared.security.access import requires
from shared.web.backend import Backend
from shared.web.openapi import refuses
from shared.web.routes import Caller, ServiceRoute

router = APIRouter(prefix="/subscriptions/v1/events", route_class=ServiceRoute, tags=["subscriptions"])

_AT_ONCE: Final = 100
_IDLE_SECONDS: Final = 0.5
_PULSE_ROUNDS: Final = 20  # idle rounds after which a comment keeps the connection open
_ROUNDS: Final = 600  # a connection ends after about five minutes; the client resumes with a fresh token


class EventStream(StreamingResponse):
    """CloudEvents as server-sent events; `id` is the position in the log."""

    media_type = "text/event-stream"


Position = Annotated[
    str, Query(max_length=18, pattern=r"^[0-9]{1,18}$", description="Position to go on after")
]
LastEventId = Annotated[str | None, Header(alias="last-event-id", max_length=18, pattern=r"^[0-9]{1,18}$")]


@router.get(
    "",
    dependencies=[requires("subscriptions.subscription.manage")],
    response_class=EventStream,
    summary="Follow events by server-sent events (事件流)",
)
@refuses(NotAnAgency, EventTypeNotOpen, PositionTooOld)
async def follow_events(
    request: Request,
    caller: Caller,
    region: RegionInUse,
    app: App,
    types: Annotated[
        str,
        Query(
            min_length=20,
            max_length=2000,
            pattern=r"^cn\.tongban\.[a-z0-9_.]+(,cn\.tongban\.[a-z0-9_.]+)*$",
            description="Types, separated by commas",
            examples=["cn.tongban.registration.enterprise.registered.v1"],
        ),
    ],
    since: Position = "0",
    last_event_id: LastEventId = None,
) -> EventStream:
    """Send what lies after `Last-Event-ID` (or `since`), then what comes, for about five minutes.

    `Last-Event-ID` acknowledges what lies up to it: whoever names it has received that.
    """
    agency = agency_of(caller, region)
    wanted = tuple(types.split(","))
    require_open(wanted, "query:types")
    position = int(last_event_id or since)

    async def begin(uow: UnitOfWork) -> int:
        if last_event_id is not None:
            await acknowledge_upto(agency.uscc, wanted, position, Way.EVENT_STREAM, region, uow)
        return await EventLog(uow.session).complete_after(agency.uscc, wanted)

    oldest = await app.transactions.run(begin)
    if position < oldest:
        raise PositionTooOld(position, oldest, "/subscriptions/v1/subscriptions/{subscription_id}/snapshot")
    lines = _lines(request, app, agency.uscc, wanted, position)
    return EventStream(lines, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})


async def _lines(
    request: Request, app: Backend, agency_uscc: str, types: tuple[str, ...], position: int
) -> AsyncIterator[str]:
    yield "retry: 2000\n\n"
    for turn in range(_ROUNDS):
        async with app.transactions.open() as uow:
            log = EventLog(uow.session)
            batch = await log.after(position, agency_uscc, types, _AT_ONCE)
            is_pulse = not batch and turn % _PULSE_ROUNDS == _PULSE_ROUNDS - 1
            newest = await log.newest_position() if is_pulse else position
        for logged in batch:
            body = json.dumps(logged.envelope, ensure_ascii=False, separators=(",", ":"))
            yield f"id: {logged.position}\nevent: {logged.type}\ndata: {body}\n\n"
            position = logged.position
        if len(batch) < _AT_ONCE:
            if is_pulse:
                yield f": position {position}, newest {newest}, nothing is missing\n\n"
            await asyncio.sleep(_IDLE_SECONDS)
        if await request.is_disconnected():
            return

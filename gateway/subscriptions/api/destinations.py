"""Webhooks (事件推送): where a subscription's events are sent, how that goes, and what is done when it does not."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import Field, StringConstraints

from gateway.subscriptions.api.dependencies import RegionInUse
from gateway.subscriptions.domain.destination import (
    Delivery,
    DeliveryState,
    Destination,
    DestinationAction,
    DestinationActionNotAllowed,
    DestinationState,
)
from gateway.subscriptions.domain.errors import (
    AlreadyEnded,
    DestinationNotFound,
    NotAnAgency,
    PositionTooOld,
    PositionUnknown,
    SubscriptionNotFound,
    TargetRefused,
)
from gateway.subscriptions.domain.targets import MAX_URL, TargetNotAllowed
from gateway.subscriptions.senders import check_target
from gateway.subscriptions.store.destinations import DeliveryStore, DestinationStore
from gateway.subscriptions.store.event_log import EventLog
from gateway.subscriptions.use_cases.authority import agency_of
from gateway.subscriptions.use_cases.keep_destination import (
    move_destination,
    name_destination,
    replace_secret,
    send_again,
    settle_parked,
)
from gateway.subscriptions.use_cases.read_subscriptions import read_subscription
from gateway.subscriptions.use_cases.webhook_settings import WebhookSettings
from shared.database.unit_of_work import UnitOfWork
from shared.security.access import requires
from shared.security.signed_messages import shown_secret
from shared.web.conditional import set_etag
from shared.web.fields import RequestModel, ResponseModel
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.problems import FieldFault
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

MANAGE = requires("subscriptions.subscription.manage")
router = APIRouter(
    prefix="/subscriptions/v1/subscriptions/{subscription_id}/destination",
    route_class=ServiceRoute,
    tags=["subscriptions"],
)

PositionField = Annotated[int, Field(ge=0, le=10**18)]
Placed = Annotated[int, Path(ge=1, le=10**18)]


async def _webhooks(request: Request) -> WebhookSettings:
    return WebhookSettings.of(request.app.state.settings)


Webhooks = Annotated[WebhookSettings, Depends(_webhooks)]


class DestinationIn(RequestModel):
    """Where events are to go."""

    url: Annotated[
        str,
        StringConstraints(min_length=10, max_length=MAX_URL),
        Field(examples=["https://tax.example.gov.cn/tongban/events"]),
    ]
    after: Annotated[
        PositionField | None,
        Field(description="A new destination begins after this position; without it, with what comes next"),
    ] = None


class ReplayIn(RequestModel):
    """From where the log is sent again."""

    after: Annotated[PositionField, Field(examples=[41])]


class DestinationOut(ResponseModel):
    """A destination and how far it is. The secret is shown when it is made, never again."""

    url: str
    state: DestinationState
    position: Annotated[int, Field(description="Up to here everything was handed over or set aside")]
    newest: Annotated[int, Field(description="The log's last position")]
    behind: Annotated[int, Field(description="Events of this subscription not handed over yet")]
    waiting: Annotated[int, Field(description="Events that the target refused, to be tried again")]
    parked: Annotated[int, Field(description="Events whose attempts are used up")]
    attempts: Annotated[int, Field(description="Failed attempts in a row to reach the target")]
    next_attempt_at: datetime | None
    last_fault: str | None
    last_success_at: datetime | None
    secret: Annotated[str | None, Field(description="Standard Webhooks secret, shown once")] = None


class DeliveryOut(ResponseModel):
    """An event that is tried by itself."""

    position: int
    event_id: UUID
    subject: str
    state: DeliveryState
    attempts: int
    next_attempt_at: datetime | None
    last_fault: str | None

    @classmethod
    def of(cls, delivery: Delivery) -> Self:
        """Shape one."""
        return cls(
            position=delivery.position,
            event_id=delivery.event_id,
            subject=delivery.subject,
            state=delivery.state,
            attempts=delivery.attempts,
            next_attempt_at=delivery.not_before,
            last_fault=delivery.last_fault,
        )


@router.put("", dependencies=[MANAGE], summary="Name the webhook's target (设定推送地址)")
@refuses(NotAnAgency, SubscriptionNotFound, AlreadyEnded, TargetRefused, PositionUnknown, PositionTooOld)
async def put_destination(
    subscription_id: UUID,
    body: DestinationIn,
    caller: Caller,
    region: RegionInUse,
    webhooks: Webhooks,
    uow: InTransaction,
    response: Response,
) -> DestinationOut:
    """Send the subscription's events there, signed by the Standard Webhooks scheme; a new one answers its secret."""
    subscription = await read_subscription(subscription_id, agency_of(caller, region).uscc, uow)
    await uow.let_go()  # the name servers are asked
    try:
        await check_target(body.url, webhooks.rules)
    except TargetNotAllowed as refusal:
        fault = FieldFault("/url", refusal.fault.value, "不能推送到该地址", "webhooks may not go there")
        raise TargetRefused((fault,)) from refusal
    made, is_new = await name_destination(subscription, body.url, webhooks, uow, after=body.after)
    response.status_code = HTTPStatus.CREATED if is_new else HTTPStatus.OK
    set_etag(response, made.version)
    return await _out(made, uow, secret=shown_secret(made.secret) if is_new else None)


@router.get("", dependencies=[MANAGE], summary="How a webhook goes (推送情况)")
@refuses(NotAnAgency, SubscriptionNotFound, DestinationNotFound)
async def show_destination(
    subscription_id: UUID,
    caller: Caller,
    region: RegionInUse,
    webhooks: Webhooks,
    uow: InTransaction,
    response: Response,
) -> DestinationOut:
    """State, lag, the last fault and the next attempt."""
    await read_subscription(subscription_id, agency_of(caller, region).uscc, uow)
    found = await DestinationStore(uow.session, webhooks.sealer).find(subscription_id)
    if found is None:
        raise DestinationNotFound
    set_etag(response, found.version)
    return await _out(found, uow)


@router.put("/secret", dependencies=[MANAGE], summary="Replace the webhook's secret (更换推送密钥)")
@refuses(NotAnAgency, SubscriptionNotFound, DestinationNotFound)
async def put_secret(
    subscription_id: UUID,
    caller: Caller,
    region: RegionInUse,
    webhooks: Webhooks,
    uow: InTransaction,
    now: Now,
) -> DestinationOut:
    """Answer a new secret; for 24 hours messages carry signatures by the former one too."""
    await read_subscription(subscription_id, agency_of(caller, region).uscc, uow)
    changed = await replace_secret(subscription_id, webhooks, uow, now)
    return await _out(changed, uow, secret=shown_secret(changed.secret))


@router.post("/pause", dependencies=[MANAGE], summary="Pause a webhook (暂停推送)")
@refuses(NotAnAgency, SubscriptionNotFound, DestinationNotFound, DestinationActionNotAllowed)
async def pause(
    subscription_id: UUID, caller: Caller, region: RegionInUse, webhooks: Webhooks, uow: InTransaction
) -> DestinationOut:
    """Nothing is sent until it is resumed; its place in the log is kept."""
    subscription = await read_subscription(subscription_id, agency_of(caller, region).uscc, uow)
    return await _out(await move_destination(subscription, DestinationAction.PAUSE, webhooks, uow), uow)


@router.post("/resumption", dependencies=[MANAGE], summary="Resume a webhook (恢复推送)")
@refuses(NotAnAgency, SubscriptionNotFound, DestinationNotFound, DestinationActionNotAllowed, PositionTooOld)
async def resume(
    subscription_id: UUID, caller: Caller, region: RegionInUse, webhooks: Webhooks, uow: InTransaction
) -> DestinationOut:
    """Go on where it stopped, whether it was paused, parked or gone; refused where the log has forgotten since.

    Then take the snapshot, replay from where the log is complete, and resume.
    """
    subscription = await read_subscription(subscription_id, agency_of(caller, region).uscc, uow)
    return await _out(await move_destination(subscription, DestinationAction.RESUME, webhooks, uow), uow)


@router.post("/replay", dependencies=[MANAGE], summary="Send events again from a position (重推)")
@refuses(NotAnAgency, SubscriptionNotFound, DestinationNotFound, PositionUnknown, PositionTooOld)
async def replay(
    subscription_id: UUID,
    body: ReplayIn,
    caller: Caller,
    region: RegionInUse,
    webhooks: Webhooks,
    uow: InTransaction,
) -> DestinationOut:
    """Everything after the position comes again under its own id."""
    subscription = await read_subscription(subscription_id, agency_of(caller, region).uscc, uow)
    return await _out(await send_again(subscription, body.after, webhooks, uow), uow)


@router.get("/deliveries", dependencies=[MANAGE], summary="List refused events (待重推事件)")
@refuses(NotAnAgency, SubscriptionNotFound)
async def list_deliveries(
    subscription_id: UUID,
    caller: Caller,
    region: RegionInUse,
    paged: Paged,
    uow: InTransaction,
    response: Response,
    state: Annotated[DeliveryState | None, Query()] = None,
) -> Page[DeliveryOut]:
    """Events that are tried by themselves, or are parked, by position."""
    await read_subscription(subscription_id, agency_of(caller, region).uscc, uow)
    after = int(paged.after[0]) if paged.after else 0
    found = await DeliveryStore(uow.session, subscription_id).page(state, after=after, limit=paged.fetch)
    return paged.page([DeliveryOut.of(each) for each in found], lambda each: (each.position,), response)


@router.post("/deliveries/{position}/retry", dependencies=[MANAGE], summary="Try an event again (重试)")
@refuses(NotAnAgency, SubscriptionNotFound, DestinationNotFound)
async def retry(
    subscription_id: UUID,
    position: Placed,
    caller: Caller,
    region: RegionInUse,
    webhooks: Webhooks,
    uow: InTransaction,
) -> DestinationOut:
    """Try a refused or parked event at once, with all its attempts before it."""
    return await _settled(subscription_id, position, caller, region, webhooks, uow, try_again=True)


@router.post("/deliveries/{position}/abandonment", dependencies=[MANAGE], summary="Give an event up (放弃)")
@refuses(NotAnAgency, SubscriptionNotFound, DestinationNotFound)
async def abandon(
    subscription_id: UUID,
    position: Placed,
    caller: Caller,
    region: RegionInUse,
    webhooks: Webhooks,
    uow: InTransaction,
) -> DestinationOut:
    """The later events of its subject go on."""
    return await _settled(subscription_id, position, caller, region, webhooks, uow, try_again=False)


async def _settled(
    subscription_id: UUID,
    position: int,
    caller: Caller,
    region: RegionInUse,
    webhooks: WebhookSettings,
    uow: UnitOfWork,
    *,
    try_again: bool,
) -> DestinationOut:
    await read_subscription(subscription_id, agency_of(caller, region).uscc, uow)
    return await _out(await settle_parked(subscription_id, position, webhooks, uow, try_again=try_again), uow)


async def _out(destination: Destination, uow: UnitOfWork, *, secret: str | None = None) -> DestinationOut:
    log = EventLog(uow.session)
    counts = await DeliveryStore(uow.session, destination.subscription_id).counts()
    return DestinationOut(
        url=destination.url,
        state=destination.state,
        position=destination.position,
        newest=await log.newest_position(),
        behind=await log.behind(destination.position, destination.agency_uscc, destination.event_types),
        waiting=counts[DeliveryState.WAITING],
        parked=counts[DeliveryState.PARKED],
        attempts=destination.attempts,
        next_attempt_at=destination.not_before,
        last_fault=destination.last_fault,
        last_success_at=destination.last_success_at,
        secret=secret,
    )

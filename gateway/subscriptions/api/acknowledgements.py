"""Acknowledgements (接收确认): which department has taken what the register tells, and what is late."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field

from gateway.subscriptions.api.dependencies import RegionInUse
from gateway.subscriptions.domain.acknowledgement import Held, Unacknowledged, Way
from gateway.subscriptions.domain.errors import NotAnAgency, PositionUnknown, SubscriptionNotFound
from gateway.subscriptions.store.acknowledgements import AcknowledgementStore
from gateway.subscriptions.use_cases.acknowledge import duties_of, not_subscribed, state_held
from gateway.subscriptions.use_cases.authority import agency_of, overseen_by
from gateway.subscriptions.use_cases.read_subscriptions import read_subscription
from shared.region import Agency
from shared.security.access import requires
from shared.web.fields import RequestModel, ResponseModel, UsccField
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

MANAGE = requires("subscriptions.subscription.manage")
REGISTERED = "cn.tongban.registration.enterprise.registered.v1"
TAX = "11140881MB9Y000405"
router = APIRouter(
    prefix="/subscriptions/v1/acknowledgements", route_class=ServiceRoute, tags=["subscriptions"]
)
stating = APIRouter(
    prefix="/subscriptions/v1/subscriptions/{subscription_id}",
    route_class=ServiceRoute,
    tags=["subscriptions"],
)

Department = Annotated[UsccField | None, Query(description="Only this department", examples=[TAX])]


class HeldIn(RequestModel):
    """Up to where everything is held."""

    upto: Annotated[int, Field(ge=1, le=10**18, examples=[41], description="Position of the event log")]


class HeldOut(ResponseModel):
    """What the statement closed, and what is still open of all that the agency must take."""

    acknowledged: Annotated[int, Field(examples=[3])]
    unacknowledged: Annotated[int, Field(examples=[0])]


class DepartmentOut(ResponseModel):
    """A department that must take events: what of it, up to where it holds them, what is open and what is late."""

    agency_uscc: Annotated[str, Field(examples=[TAX])]
    name_zh: Annotated[str, Field(examples=["国家税务总局永济市税务局"])]
    name_en: Annotated[str, Field(examples=["Tax bureau of Yongji"])]
    event_types: Annotated[list[str], Field(examples=[[REGISTERED]])]
    not_subscribed: Annotated[
        list[str],
        Field(examples=[[]], description="Types of these without an active subscription of its own"),
    ]
    acknowledged_up_to: Annotated[
        int | None,
        Field(examples=[41], description="The last position up to which nothing is open; null for none yet"),
    ]
    acknowledged_at: Annotated[datetime | None, Field(examples=["2026-03-02T01:30:00Z"])]
    way: Annotated[Way | None, Field(examples=["webhook"], description="How it acknowledged that one")]
    unacknowledged: Annotated[int, Field(examples=[2])]
    overdue: Annotated[int, Field(examples=[0], description="Of these, how many are past their time")]
    overdue_since: datetime | None

    @classmethod
    def of(cls, agency: Agency, types: frozenset[str], missing: tuple[str, ...], held: Held) -> Self:
        """Shape one."""
        return cls(
            agency_uscc=agency.uscc,
            name_zh=agency.name.zh,
            name_en=agency.name.en,
            event_types=sorted(types),
            not_subscribed=list(missing),
            **vars(held),
        )


class DepartmentsOut(ResponseModel):
    """All departments that the caller may see."""

    entries: list[DepartmentOut]


class UnacknowledgedOut(ResponseModel):
    """An event that a department did not acknowledge in time."""

    agency_uscc: Annotated[str, Field(examples=[TAX])]
    position: Annotated[int, Field(examples=[42])]
    event_id: UUID
    event_type: Annotated[str, Field(examples=[REGISTERED])]
    subject: Annotated[str, Field(examples=["91140881MAE000002E"])]
    due_at: datetime
    told_at: Annotated[datetime | None, Field(description="When this was told as an event")]

    @classmethod
    def of(cls, found: Unacknowledged) -> Self:
        """Shape one."""
        return cls(**vars(found))


@router.get("", dependencies=[MANAGE], summary="Who has taken what the register tells (登记信息接收情况)")
@refuses(NotAnAgency)
async def list_acknowledgements(
    caller: Caller, region: RegionInUse, uow: InTransaction, now: Now
) -> DepartmentsOut:
    """Each department that must take events, also one without a subscription.

    The data bureau and the registrar see all, another department itself.
    """
    duties = duties_of(region)
    store = AcknowledgementStore(uow.session)
    entries = []
    for agency in overseen_by(caller, region):
        types = duties.types_of.get(agency.uscc)
        if types:
            missing = await not_subscribed(agency.uscc, types, uow)
            held = await store.held_by(agency.uscc, now)
            entries.append(DepartmentOut.of(agency, types, missing, held))
    return DepartmentsOut(entries=entries)


@router.get("/overdue", dependencies=[MANAGE], summary="What was not taken in time (逾期未接收)")
@refuses(NotAnAgency)
async def list_overdue(
    caller: Caller,
    region: RegionInUse,
    paged: Paged,
    uow: InTransaction,
    now: Now,
    response: Response,
    agency_uscc: Department = None,
) -> Page[UnacknowledgedOut]:
    """Events past their time and not acknowledged, by position and department, of those that the caller may see."""
    must = duties_of(region).types_of
    seen = [agency.uscc for agency in overseen_by(caller, region) if agency.uscc in must]
    chosen = [uscc for uscc in seen if agency_uscc in (None, uscc)]
    after = (int(paged.after[0]), str(paged.after[1])) if paged.after else (0, "")
    found = await AcknowledgementStore(uow.session).overdue(chosen, now, after=after, limit=paged.fetch)
    shown = [UnacknowledgedOut.of(each) for each in found]
    return paged.page(shown, lambda each: (each.position, each.agency_uscc), response)


@stating.post("/acknowledgement", dependencies=[MANAGE], summary="Say up to where events are held (确认接收)")
@refuses(NotAnAgency, SubscriptionNotFound, PositionUnknown)
async def acknowledge(
    subscription_id: UUID, body: HeldIn, caller: Caller, region: RegionInUse, uow: InTransaction
) -> HeldOut:
    """Acknowledge everything of the subscription's types up to a position.

    A webhook, `Last-Event-ID` of the event stream, `after` of a file and a NATS durable acknowledge by themselves.
    """
    subscription = await read_subscription(subscription_id, agency_of(caller, region).uscc, uow)
    closed = await state_held(subscription, body.upto, region, uow)
    held = await AcknowledgementStore(uow.session).held_by(subscription.agency_uscc, uow.now)
    return HeldOut(acknowledged=closed, unacknowledged=held.unacknowledged)

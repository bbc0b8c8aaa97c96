"""Data needs (数据需求), and the public responsibility list (数据共享责任清单) that they become."""

from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field

from gateway.catalogue.data.api.dependencies import RegionInUse
from gateway.catalogue.data.api.grants import FieldName, Purpose, ResourceKey
from gateway.catalogue.data.api.resource_shapes import HappeningOut
from gateway.catalogue.data.domain.need import Need, NeedStatus, Wanted
from gateway.catalogue.data.domain.refusals import (
    AgencyOnly,
    BureauDecides,
    SharingNotPossible,
    SharingRecordNotFound,
    StepNotAllowed,
)
from gateway.catalogue.data.store.needs import NeedFilters, NeedStore
from gateway.catalogue.data.use_cases import handle_needs
from shared.calendar import local_date
from shared.security.access import public, requires
from shared.web.conditional import set_etag
from shared.web.fields import CivilDate, RequestModel, ResponseModel, ShortText, UsccField
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/catalogue/v1", route_class=ServiceRoute, tags=["catalogue"])
MANAGE = requires("catalogue.request.manage")
OPEN = public("who has to provide which data is public (DS-02, NFR-22)")


class NeedIn(RequestModel):
    """Which data are needed, for what, on which basis."""

    title: Annotated[ShortText, Field(examples=["不动产登记信息"])]
    fields: Annotated[
        tuple[FieldName, ...], Field(min_length=1, max_length=100, examples=[["certificate_number"]])
    ]
    purpose: Annotated[Purpose, Field(examples=["address_check"])]
    matter: Annotated[ShortText, Field(examples=["企业住所核验"])]
    basis: Annotated[ShortText, Field(examples=["市场主体登记管理条例第十一条"])]


class AssignmentIn(RequestModel):
    """Who brings which resource into the catalogue, until when."""

    provider: Annotated[UsccField, Field(examples=["11140881MB9Y00120Q"])]
    resource: Annotated[ResourceKey, Field(examples=["housing.property"])]
    due_on: Annotated[CivilDate, Field(examples=["2039-06-30"])]


class DeclineIn(RequestModel):
    """Why there is no ground for it."""

    reason: Annotated[ShortText, Field(examples=["目录中已有该数据"])]


class ResponsibilityOut(ResponseModel):
    """An entry of the responsibility list."""

    need_id: UUID
    title: str
    fields: list[str]
    matter: str
    requester_uscc: str
    provider_uscc: str
    resource: str
    due_on: date
    list_version: int
    status: NeedStatus
    is_overdue: bool
    fulfilled_at: datetime | None

    @classmethod
    def of(cls, need: Need, today: date) -> Self:
        """Shape a need that is on the list."""
        duty = need.responsibility
        if duty is None:
            raise ValueError("the need is not on the list")
        return cls(
            need_id=need.need_id,
            title=need.wanted.title,
            fields=list(need.wanted.fields),
            matter=need.wanted.matter,
            requester_uscc=need.requester_uscc,
            **vars(duty),
            status=need.status,
            is_overdue=need.is_overdue(today),
            fulfilled_at=need.fulfilled_at,
        )


class NeedOut(ResponseModel):
    """A need and where it stands."""

    need_id: UUID
    requester_uscc: str
    title: str
    fields: list[str]
    purpose: str
    matter: str
    basis: str
    status: NeedStatus
    submitted_at: datetime
    responsibility: ResponsibilityOut | None
    history: list[HappeningOut]

    @classmethod
    def of(cls, need: Need, today: date) -> Self:
        """Shape a need."""
        return cls(
            **vars(need.wanted),
            need_id=need.need_id,
            requester_uscc=need.requester_uscc,
            status=need.status,
            submitted_at=need.submitted_at,
            responsibility=ResponsibilityOut.of(need, today) if need.responsibility else None,
            history=[HappeningOut(**vars(step)) for step in need.history],
        )


def _shown(need: Need, now: datetime, response: Response) -> NeedOut:
    set_etag(response, need.version)
    return NeedOut.of(need, local_date(now))


@router.post(
    "/needs", status_code=HTTPStatus.CREATED, dependencies=[MANAGE], summary="Tell a need (数据需求)"
)
@refuses(AgencyOnly)
async def tell(
    body: NeedIn, caller: Caller, region: RegionInUse, uow: InTransaction, now: Now, response: Response
) -> NeedOut:
    """Say which data are needed; the data bureau finds who has to provide them."""
    need = await handle_needs.tell_need(Wanted(**dict(body)), caller, region, uow, now)
    response.headers["Location"] = f"{router.prefix}/needs/{need.need_id}"
    return _shown(need, now, response)


@router.get("/needs", dependencies=[MANAGE], summary="List needs (需求清单)")
@refuses(AgencyOnly)
async def show_needs(
    caller: Caller,
    region: RegionInUse,
    paged: Paged,
    uow: InTransaction,
    now: Now,
    response: Response,
    status: NeedStatus | None = None,
) -> Page[NeedOut]:
    """List the caller's own, the newest first; the data bureau sees all."""
    before = UUID(str(paged.after[0])) if paged.after else None
    filters = NeedFilters(statuses=(status,) if status else ())
    found = await handle_needs.list_needs(filters, caller, region, uow, before=before, limit=paged.fetch)
    shown = [NeedOut.of(need, local_date(now)) for need in found]
    return paged.page(shown, lambda need: (str(need.need_id),), response)


@router.get("/needs/{need_id}", dependencies=[MANAGE], summary="Read a need (需求详情)")
@refuses(AgencyOnly, SharingRecordNotFound)
async def show_need(
    need_id: UUID, caller: Caller, region: RegionInUse, uow: InTransaction, now: Now, response: Response
) -> NeedOut:
    """Return a need to who told it, who has to provide it, and the data bureau."""
    return _shown(await handle_needs.read_need(need_id, caller, region, uow), now, response)


@router.post(
    "/needs/{need_id}/assignment", dependencies=[MANAGE], summary="Put it on the list (列入责任清单)"
)
@refuses(BureauDecides, SharingRecordNotFound, StepNotAllowed, SharingNotPossible)
async def assign(
    need_id: UUID,
    body: AssignmentIn,
    caller: Caller,
    region: RegionInUse,
    uow: InTransaction,
    now: Now,
    response: Response,
) -> NeedOut:
    """Make a department responsible; fulfilled as soon as the resource is in the catalogue with every field."""
    command = handle_needs.AssignNeed(need_id, body.provider, body.resource, body.due_on, caller)
    return _shown(await handle_needs.assign_need(command, region, uow, now), now, response)


@router.post("/needs/{need_id}/refusal", dependencies=[MANAGE], summary="Decline a need (不予列入)")
@refuses(BureauDecides, SharingRecordNotFound, StepNotAllowed)
async def decline(
    need_id: UUID,
    body: DeclineIn,
    caller: Caller,
    region: RegionInUse,
    uow: InTransaction,
    now: Now,
    response: Response,
) -> NeedOut:
    """With the reason."""
    need = await handle_needs.decline_need(need_id, body.reason, caller, region, uow, now)
    return _shown(need, now, response)


@router.get("/responsibilities", dependencies=[OPEN], summary="The responsibility list (数据共享责任清单)")
async def show_responsibilities(
    paged: Paged,
    uow: InTransaction,
    now: Now,
    response: Response,
    provider: Annotated[str | None, Query(min_length=18, max_length=18, pattern="^[0-9A-Z]+$")] = None,
    overdue: Annotated[bool, Query(description="Only what is overdue")] = False,
) -> Page[ResponsibilityOut]:
    """List who has to provide what until when, the newest first."""
    before = UUID(str(paged.after[0])) if paged.after else None
    today = local_date(now)
    on_the_list = (NeedStatus.ASSIGNED, NeedStatus.FULFILLED)
    filters = NeedFilters(None, provider, on_the_list, today if overdue else None)
    found = await NeedStore(uow.session).page(filters, before=before, limit=paged.fetch)
    shown = [ResponsibilityOut.of(need, today) for need in found]
    return paged.page(shown, lambda entry: (str(entry.need_id),), response)

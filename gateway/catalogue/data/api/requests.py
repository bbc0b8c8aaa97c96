"""Sharing requests (共享申请): asked of a department, answered in time, disputed before the data bureau."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from gateway.catalogue.data.api.dependencies import RegionInUse
from gateway.catalogue.data.api.request_shapes import (
    AgreementIn,
    DecisionIn,
    RefusalIn,
    RequestIn,
    RequestOut,
    WordsIn,
)
from gateway.catalogue.data.domain.errors import GrantNotPossible
from gateway.catalogue.data.domain.refusals import (
    AgencyOnly,
    BureauDecides,
    NotYourStep,
    SharingNotPossible,
    SharingRecordNotFound,
    StepNotAllowed,
)
from gateway.catalogue.data.domain.share_request import RequestStatus, ShareRequest
from gateway.catalogue.data.store.share_requests import RequestFilters
from gateway.catalogue.data.use_cases import answer_requests, handle_requests
from gateway.catalogue.data.use_cases.handle_requests import MoveRequest
from shared.security.access import requires
from shared.web.conditional import set_etag
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/catalogue/v1/requests", route_class=ServiceRoute, tags=["catalogue"])
MANAGE = requires("catalogue.request.manage")


def _shown(request: ShareRequest, now: datetime, response: Response) -> RequestOut:
    set_etag(response, request.version)
    return RequestOut.of(request, now)


@router.post("", status_code=HTTPStatus.CREATED, dependencies=[MANAGE], summary="Ask for data (共享申请)")
@refuses(AgencyOnly, SharingNotPossible)
async def make(
    body: RequestIn, caller: Caller, region: RegionInUse, uow: InTransaction, now: Now, response: Response
) -> RequestOut:
    """Ask the owner, whose clock begins; what is not shared by law is refused at once, naming the law."""
    request = await handle_requests.make_request(body.ask(), caller, region, uow, now)
    response.headers["Location"] = f"{router.prefix}/{request.request_id}"
    return _shown(request, now, response)


@router.get("", dependencies=[MANAGE], summary="List requests (申请清单)")
@refuses(AgencyOnly)
async def show_requests(
    caller: Caller,
    region: RegionInUse,
    paged: Paged,
    uow: InTransaction,
    now: Now,
    response: Response,
    requester: Annotated[str | None, Query(min_length=18, max_length=18, pattern="^[0-9A-Z]+$")] = None,
    owner: Annotated[str | None, Query(min_length=18, max_length=18, pattern="^[0-9A-Z]+$")] = None,
    status: RequestStatus | None = None,
    overdue: bool | None = None,
) -> Page[RequestOut]:
    """List what the caller's agency asked or is asked, the newest first; the data bureau sees all."""
    before = UUID(str(paged.after[0])) if paged.after else None
    party = handle_requests.seen_by(caller, region)
    filters = RequestFilters(party, requester, owner, status, overdue)
    found = await handle_requests.list_requests(filters, uow, before=before, limit=paged.fetch)
    shown = [RequestOut.of(request, now) for request in found]
    return paged.page(shown, lambda request: (str(request.request_id),), response)


@router.get("/{request_id}", dependencies=[MANAGE], summary="Read a request (申请详情)")
@refuses(AgencyOnly, SharingRecordNotFound)
async def show_request(
    request_id: UUID, caller: Caller, region: RegionInUse, uow: InTransaction, now: Now, response: Response
) -> RequestOut:
    """Return a request to its parties and the data bureau."""
    return _shown(await handle_requests.read_request(request_id, caller, region, uow), now, response)


@router.post(
    "/{request_id}/completion-request", dependencies=[MANAGE], summary="Ask for completion (一次性补正)"
)
@refuses(AgencyOnly, SharingRecordNotFound, NotYourStep, StepNotAllowed)
async def ask_completion(
    request_id: UUID,
    body: WordsIn,
    caller: Caller,
    region: RegionInUse,
    uow: InTransaction,
    now: Now,
    response: Response,
) -> RequestOut:
    """Say once what is missing; the clock stands still until it comes."""
    command = MoveRequest(request_id, caller, body.text)
    return _shown(await handle_requests.ask_completion(command, region, uow, now), now, response)


@router.post("/{request_id}/completion", dependencies=[MANAGE], summary="Supply what was missing (补正)")
@refuses(AgencyOnly, SharingRecordNotFound, NotYourStep, StepNotAllowed)
async def complete(
    request_id: UUID,
    body: WordsIn,
    caller: Caller,
    region: RegionInUse,
    uow: InTransaction,
    now: Now,
    response: Response,
) -> RequestOut:
    """The clock goes on."""
    command = MoveRequest(request_id, caller, body.text)
    return _shown(await handle_requests.complete_request(command, region, uow, now), now, response)


@router.post("/{request_id}/agreement", dependencies=[MANAGE], summary="Agree to share (同意共享)")
@refuses(AgencyOnly, SharingRecordNotFound, NotYourStep, StepNotAllowed, SharingNotPossible, GrantNotPossible)
async def agree(
    request_id: UUID,
    body: AgreementIn,
    caller: Caller,
    region: RegionInUse,
    uow: InTransaction,
    now: Now,
    response: Response,
) -> RequestOut:
    """Issue the grant at once, whole or narrowed; within 20 working days the requester confirms to have the data."""
    until = body.valid_until.astimezone(UTC) if body.valid_until else None
    command = answer_requests.Agree(request_id, caller, body.fields, until, body.conditions, body.reason)
    return _shown(await answer_requests.agree_to_request(command, region, uow, now), now, response)


@router.post("/{request_id}/refusal", dependencies=[MANAGE], summary="Refuse, naming the basis (不同意)")
@refuses(AgencyOnly, SharingRecordNotFound, NotYourStep, StepNotAllowed, SharingNotPossible)
async def refuse(
    request_id: UUID,
    body: RefusalIn,
    caller: Caller,
    region: RegionInUse,
    uow: InTransaction,
    now: Now,
    response: Response,
) -> RequestOut:
    """Only on conditions that the entry names; the requester may take it to the data bureau."""
    command = answer_requests.Refuse(request_id, caller, body.basis, body.reason, body.unmet_conditions)
    return _shown(await answer_requests.refuse_request(command, region, uow, now), now, response)


@router.post("/{request_id}/withdrawal", dependencies=[MANAGE], summary="Withdraw a request (撤回申请)")
@refuses(AgencyOnly, SharingRecordNotFound, NotYourStep, StepNotAllowed)
async def withdraw(
    request_id: UUID, caller: Caller, region: RegionInUse, uow: InTransaction, now: Now, response: Response
) -> RequestOut:
    """Before it is answered."""
    command = MoveRequest(request_id, caller)
    return _shown(await handle_requests.withdraw_request(command, region, uow, now), now, response)


@router.post(
    "/{request_id}/receipt", dependencies=[MANAGE], summary="Confirm that the data have come (确认提供)"
)
@refuses(AgencyOnly, SharingRecordNotFound, NotYourStep, StepNotAllowed)
async def confirm(
    request_id: UUID, caller: Caller, region: RegionInUse, uow: InTransaction, now: Now, response: Response
) -> RequestOut:
    """By who asked for them."""
    command = MoveRequest(request_id, caller)
    return _shown(await handle_requests.confirm_provision(command, region, uow, now), now, response)


@router.post("/{request_id}/dispute", dependencies=[MANAGE], summary="Take it to the data bureau (争议协调)")
@refuses(AgencyOnly, SharingRecordNotFound, NotYourStep, StepNotAllowed)
async def dispute(
    request_id: UUID,
    body: WordsIn,
    caller: Caller,
    region: RegionInUse,
    uow: InTransaction,
    now: Now,
    response: Response,
) -> RequestOut:
    """A refusal, or an answer that did not come in time."""
    command = MoveRequest(request_id, caller, body.text)
    return _shown(await answer_requests.dispute_answer(command, region, uow, now), now, response)


@router.post("/{request_id}/decision", dependencies=[MANAGE], summary="Settle a dispute (协调决定)")
@refuses(
    AgencyOnly, SharingRecordNotFound, BureauDecides, StepNotAllowed, SharingNotPossible, GrantNotPossible
)
async def decide(
    request_id: UUID,
    body: DecisionIn,
    caller: Caller,
    region: RegionInUse,
    uow: InTransaction,
    now: Now,
    response: Response,
) -> RequestOut:
    """The data bureau's decision binds both; that data be shared issues the grant at once."""
    command = answer_requests.Settle(
        request_id, caller, body.shall_share, body.reason, body.basis, body.fields
    )
    return _shown(await answer_requests.settle_dispute(command, region, uow, now), now, response)

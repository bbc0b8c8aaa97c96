"""The list of abnormal operations (经营异常名录): entry, removal, objection; open to everybody while in force."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response

from services.registration.api.abnormal_list_models import (
    GroundsIn,
    ListingFileOut,
    ListingOut,
    ObjectionAnswerIn,
    ProposalIn,
    ReasonsIn,
)
from services.registration.api.dependencies import Desk
from services.registration.domain.abnormal_list import Listing, ListingMove
from services.registration.domain.errors import EnterpriseNotFound
from services.registration.domain.publicity_errors import (
    GroundsMissing,
    ListedAlready,
    ListingMoveNotAllowed,
    ListingNotFound,
    NotTheSupervisor,
    ObjectionTooLate,
)
from services.registration.store.abnormal_list import AbnormalListStore
from services.registration.store.enterprises import EnterpriseStore
from services.registration.use_cases.list_abnormal import (
    DecideListing,
    ProposeListing,
    answer_to_objection,
    confirm_listing,
    end_listing,
    propose_listing,
    raise_objection,
    read_listing,
    request_removal,
)
from services.registration.use_cases.registrar_desk import RegistrarDesk
from services.registration.use_cases.supervision import require_supervisor
from shared.security.access import public, requires
from shared.web.conditional import IfMatch, set_etag
from shared.web.fields import UsccField
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged, PageRequest
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/registration/v1", route_class=ServiceRoute, tags=["abnormal list"])

DECIDE = requires("registration.listing.decide")
SUBMIT = requires("registration.filing.submit")
READ = requires("registration.enterprise.read")
OPEN = public("the list is published (企业信息公示暂行条例 art. 17)")
UsccPath = Annotated[UsccField, Path(description="Unified social credit code (统一社会信用代码)")]
ListingId = Annotated[UUID, Path(description="Id of the entry (列入记录编号)")]


@router.get("/abnormal-list", dependencies=[OPEN], summary="Who is on the list now (经营异常名录)")
async def in_force(paged: Paged, uow: InTransaction, response: Response) -> Page[ListingOut]:
    """The newest entries first; individual businesses are marked, not listed."""
    response.headers["Cache-Control"] = "public, max-age=60"
    rows = await AbnormalListStore(uow.session).in_force(_after(paged), paged.fetch)
    return paged.page(
        [ListingOut.of(row) for row in rows], lambda out: (out.entered_at.isoformat(), str(out.id)), response
    )


@router.get(
    "/enterprises/{uscc}/abnormal-list",
    dependencies=[OPEN],
    summary="Entries of an enterprise, past ones too (列入和移出记录)",
)
@refuses(EnterpriseNotFound)
async def of_enterprise(uscc: UsccPath, uow: InTransaction, response: Response) -> list[ListingOut]:
    """The newest first; what was revoked had been wrong and is not shown."""
    response.headers["Cache-Control"] = "public, max-age=60"
    await EnterpriseStore(uow.session).find(uscc)
    found = await AbnormalListStore(uow.session).of_enterprise(uscc, ("entered", "removed"))
    return [ListingOut.of(listing) for listing in found]


@router.get("/abnormal-list/proposed", dependencies=[DECIDE], summary="What waits to be confirmed (待确认)")
@refuses(NotTheSupervisor)
async def proposed(
    caller: Caller, paged: Paged, uow: InTransaction, now: Now, desk: Desk, response: Response
) -> Page[ListingFileOut]:
    """For the supervisor, oldest first; an officer sees those of the office's region."""
    response.headers["Cache-Control"] = "no-store"
    require_supervisor(caller, desk)
    region = caller.office.region if caller.office else None
    rows = await AbnormalListStore(uow.session).proposed(region, _after(paged), paged.fetch)
    shown = [ListingFileOut.opened(row, desk.calendar, now) for row in rows]
    return paged.page(shown, lambda out: (out.proposed_at.isoformat(), str(out.id)), response)


@router.post("/abnormal-list", status_code=201, dependencies=[DECIDE], summary="Propose an entry (拟列入)")
@refuses(NotTheSupervisor, EnterpriseNotFound, GroundsMissing, ListedAlready)
async def propose(
    body: ProposalIn, caller: Caller, uow: InTransaction, now: Now, desk: Desk, response: Response
) -> ListingFileOut:
    """For a cause that an officer has to find; what rules see they propose, an officer only anew."""
    attempts = tuple(attempt.attempt() for attempt in body.attempts)
    command = ProposeListing(body.uscc, body.cause, body.wording(), attempts, caller, body.year)
    return _shaped(await propose_listing(command, uow, now, desk), now, desk, response)


@router.get("/abnormal-list/{listing_id}", dependencies=[READ], summary="Read an entry with its file (查看)")
@refuses(ListingNotFound)
async def read(
    listing_id: ListingId, caller: Caller, uow: InTransaction, now: Now, desk: Desk, response: Response
) -> ListingFileOut:
    """For the supervisor, and for the enterprise once it is entered."""
    return _shaped(await read_listing(listing_id, caller, uow, desk), now, desk, response)


@router.post("/abnormal-list/{listing_id}/confirmation", dependencies=[DECIDE], summary="Enter it (列入决定)")
@refuses(NotTheSupervisor, ListingNotFound, ListingMoveNotAllowed, GroundsMissing)
async def confirm(
    listing_id: ListingId,
    caller: Caller,
    if_match: IfMatch,
    uow: InTransaction,
    now: Now,
    desk: Desk,
    response: Response,
) -> ListingFileOut:
    """Public from this moment on."""
    command = DecideListing(listing_id, caller, if_match.check)
    return _shaped(await confirm_listing(command, uow, now, desk), now, desk, response)


@router.post("/abnormal-list/{listing_id}/dismissal", dependencies=[DECIDE], summary="Discard it (不予列入)")
@refuses(NotTheSupervisor, ListingNotFound, ListingMoveNotAllowed)
async def discard(
    listing_id: ListingId,
    body: ReasonsIn,
    caller: Caller,
    if_match: IfMatch,
    uow: InTransaction,
    now: Now,
    desk: Desk,
    response: Response,
) -> ListingFileOut:
    """A proposal that does not hold."""
    command = DecideListing(listing_id, caller, if_match.check)
    done = await end_listing(command, ListingMove.DISCARD, body.wording(), uow, now, desk)
    return _shaped(done, now, desk, response)


@router.post("/abnormal-list/{listing_id}/removal", dependencies=[DECIDE], summary="Take it off (移出决定)")
@refuses(NotTheSupervisor, ListingNotFound, ListingMoveNotAllowed, GroundsMissing)
async def remove(
    listing_id: ListingId,
    body: ReasonsIn,
    caller: Caller,
    if_match: IfMatch,
    uow: InTransaction,
    now: Now,
    desk: Desk,
    response: Response,
) -> ListingFileOut:
    """When the cause is cured; a missing report and an order are cured by themselves."""
    command = DecideListing(listing_id, caller, if_match.check)
    done = await end_listing(command, ListingMove.REMOVE, body.wording(), uow, now, desk)
    return _shaped(done, now, desk, response)


@router.post(
    "/abnormal-list/{listing_id}/removal-request",
    dependencies=[SUBMIT],
    summary="The enterprise asks to be taken off (申请移出)",
)
@refuses(ListingNotFound, ListingMoveNotAllowed)
async def ask_off(
    listing_id: ListingId,
    body: GroundsIn,
    caller: Caller,
    uow: InTransaction,
    now: Now,
    desk: Desk,
    response: Response,
) -> ListingFileOut:
    """Starts the authority's time."""
    done = await request_removal(listing_id, body.grounds, caller, uow, now, desk)
    return _shaped(done, now, desk, response)


@router.post(
    "/abnormal-list/{listing_id}/objection",
    dependencies=[SUBMIT],
    summary="The enterprise objects (提出异议)",
)
@refuses(ListingNotFound, ListingMoveNotAllowed, ObjectionTooLate)
async def object_to_it(
    listing_id: ListingId,
    body: GroundsIn,
    caller: Caller,
    uow: InTransaction,
    now: Now,
    desk: Desk,
    response: Response,
) -> ListingFileOut:
    """Once, within 30 days of publication."""
    done = await raise_objection(listing_id, body.grounds, caller, uow, now, desk)
    return _shaped(done, now, desk, response)


@router.post(
    "/abnormal-list/{listing_id}/objection/answer",
    dependencies=[DECIDE],
    summary="Answer an objection (答复异议)",
)
@refuses(NotTheSupervisor, ListingNotFound, ListingMoveNotAllowed)
async def answer(
    listing_id: ListingId,
    body: ObjectionAnswerIn,
    caller: Caller,
    if_match: IfMatch,
    uow: InTransaction,
    now: Now,
    desk: Desk,
    response: Response,
) -> ListingFileOut:
    """Upheld, the entry is revoked: it had been wrong."""
    command = DecideListing(listing_id, caller, if_match.check)
    done = await answer_to_objection(command, body.is_upheld, body.wording(), uow, now, desk)
    return _shaped(done, now, desk, response)


def _shaped(listing: Listing, now: datetime, desk: RegistrarDesk, response: Response) -> ListingFileOut:
    set_etag(response, listing.version)
    response.headers["Cache-Control"] = "no-store"
    return ListingFileOut.opened(listing, desk.calendar, now)


def _after(paged: PageRequest) -> tuple[datetime, UUID] | None:
    return (datetime.fromisoformat(paged.after[0]), UUID(paged.after[1])) if paged.after else None

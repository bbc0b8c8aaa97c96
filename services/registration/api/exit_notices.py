"""Notices of simple deregistration (简易注销公告): give, read, object, withdraw."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from services.registration.api.dependencies import Desk
from services.registration.api.exit_models import NoticeIn, NoticeOut, ObjectionIn
from services.registration.domain.errors import (
    EnterpriseNotFound,
    EnterpriseStateForbids,
    FilingInProgress,
    NotTheOwner,
)
from services.registration.domain.exit_errors import (
    NotAnAgency,
    NoticeMoveNotAllowed,
    NoticeNotFound,
    NoticeNotNeeded,
    NoticeRunning,
    ObjectionNotFound,
    SimpleExitBarred,
    SimpleWayClosed,
)
from services.registration.domain.exit_notice import ExitNotice, NoticeKind, NoticeState
from services.registration.store.exit_notices import ExitNoticeStore
from services.registration.use_cases.give_exit_notice import (
    GiveNotice,
    give_notice,
    reads_objections,
    withdraw_notice,
)
from services.registration.use_cases.object_to_exit import (
    ObjectToExit,
    object_to_exit,
    withdraw_objection,
)
from shared.security.access import public, requires
from shared.security.deciding import NotEmpowered
from shared.security.principal import Principal
from shared.web.conditional import IfMatch, set_etag
from shared.web.fields import UsccField
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged, PageRequest
from shared.web.routes import Caller, CallerIfAny, InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/registration/v1/notices", route_class=ServiceRoute, tags=["exits"])

SUBMIT = requires("registration.filing.submit")
OBJECT = requires("registration.objection.submit")
PUBLIC = public("notices are for everyone to read and object to (市场主体登记管理条例 art. 33)")
NoticeId = Annotated[UUID, Path(description="Id of the notice (公告编号)")]


@router.post(
    "",
    status_code=201,
    dependencies=[SUBMIT],
    summary="Give notice of a simple deregistration (简易注销公告)",
)
@refuses(
    EnterpriseNotFound,
    NotTheOwner,
    NotEmpowered,
    EnterpriseStateForbids,
    NoticeNotNeeded,
    NoticeRunning,
    SimpleWayClosed,
    SimpleExitBarred,
)
async def give(
    body: NoticeIn, caller: Caller, uow: InTransaction, now: Now, desk: Desk, response: Response
) -> NoticeOut:
    """Published in the call. What stands against it is listed all at once, nothing published."""
    commitments = tuple(one.commitment() for one in body.commitments)
    command = GiveNotice(body.uscc, commitments, caller, body.matter_id, body.on_behalf_of)
    notice = await give_notice(command, uow, now, desk)
    response.headers["Location"] = f"{router.prefix}/{notice.id}"
    return _shaped(notice, response, with_words=True)


@router.get("", dependencies=[PUBLIC], summary="List notices (公告查询)")
async def list_public(
    paged: Paged,
    uow: InTransaction,
    response: Response,
    uscc: Annotated[UsccField | None, Query(description="Of one enterprise")] = None,
    state: Annotated[NoticeState | None, Query(description="In this state only")] = None,
) -> Page[NoticeOut]:
    """The newest first, without sign-in."""
    found = await ExitNoticeStore(uow.session).public(uscc, state, _after(paged), paged.fetch)
    shown = [NoticeOut.of(notice, with_words=False) for notice in found]
    return paged.page(shown, lambda n: (n.published_at.isoformat(), str(n.id)), response)


@router.get("/{notice_id}", dependencies=[PUBLIC], summary="Read a notice (查看公告)")
@refuses(NoticeNotFound)
async def read(notice_id: NoticeId, caller: CallerIfAny, uow: InTransaction, response: Response) -> NoticeOut:
    """For everybody; the words of objections are for the enterprise, and each objector's own for them.

    What departments alone were told is for agencies and the enterprise.
    """
    notice = await ExitNoticeStore(uow.session).find(notice_id)
    is_own = await reads_objections(notice, caller, uow)
    is_agency = caller is not None and caller.agency is not None
    if notice.kind is NoticeKind.TOLD and not (is_own or is_agency):
        raise NoticeNotFound
    return _shaped(notice, response, with_words=is_own, reader=_name_of(caller))


@router.post("/{notice_id}/withdrawal", dependencies=[SUBMIT], summary="Withdraw a notice (撤回公告)")
@refuses(NoticeNotFound, NotTheOwner, FilingInProgress, NoticeMoveNotAllowed)
async def withdraw(
    notice_id: NoticeId, caller: Caller, if_match: IfMatch, uow: InTransaction, now: Now, response: Response
) -> NoticeOut:
    """The enterprise stays in the register."""
    withdrawn = await withdraw_notice(notice_id, caller, if_match.check, uow, now)
    return _shaped(withdrawn, response, with_words=True)


@router.post(
    "/{notice_id}/objections", status_code=201, dependencies=[OBJECT], summary="Object to a notice (提出异议)"
)
@refuses(NoticeNotFound, NotAnAgency, NoticeMoveNotAllowed)
async def object_to(
    notice_id: NoticeId,
    body: ObjectionIn,
    caller: Caller,
    uow: InTransaction,
    now: Now,
    desk: Desk,
    response: Response,
) -> NoticeOut:
    """Within its time, by an agency or anybody signed in; it closes the simple way at once."""
    command = ObjectToExit(notice_id, body.ground, body.reason, caller)
    objected = await object_to_exit(command, uow, now, desk)
    return _shaped(objected, response, with_words=False, reader=_name_of(caller))


@router.post(
    "/{notice_id}/objections/{objection_id}/withdrawal",
    dependencies=[OBJECT],
    summary="Withdraw one's objection (撤回异议)",
)
@refuses(NoticeNotFound, ObjectionNotFound, NotAnAgency)
async def take_back(
    notice_id: NoticeId,
    objection_id: Annotated[UUID, Path(description="Id of the objection (异议编号)")],
    caller: Caller,
    uow: InTransaction,
    now: Now,
    response: Response,
) -> NoticeOut:
    """What it was about is settled. The notice stays closed; another one may be given."""
    notice = await withdraw_objection(notice_id, objection_id, caller, uow, now)
    return _shaped(notice, response, with_words=False, reader=_name_of(caller))


def _shaped(
    notice: ExitNotice, response: Response, *, with_words: bool, reader: str | None = None
) -> NoticeOut:
    set_etag(response, notice.version)
    response.headers["Cache-Control"] = "no-store"
    return NoticeOut.of(notice, with_words=with_words, reader=reader)


def _name_of(caller: Principal | None) -> str | None:
    return None if caller is None else caller.agency or caller.subject


def _after(paged: PageRequest) -> tuple[datetime, UUID] | None:
    return (datetime.fromisoformat(paged.after[0]), UUID(paged.after[1])) if paged.after else None

"""Liquidations (清算): the group on record, the notice to creditors, the report."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from services.registration.api.dependencies import Desk
from services.registration.api.liquidation_models import (
    BehalfIn,
    CreditorNoticeIn,
    GroupChangeIn,
    LiquidationIn,
    LiquidationOut,
    ReportIn,
)
from services.registration.domain.errors import EnterpriseNotFound, EnterpriseStateForbids, NotTheOwner
from services.registration.domain.exit_errors import (
    BeforeCourt,
    ClaimsStillOpen,
    LiquidationGoesOn,
    LiquidationMoveNotAllowed,
    LiquidationNotFound,
    LiquidationRunning,
    LiquidationUnsound,
    NoLiquidationNeeded,
    NoticeRunning,
)
from services.registration.domain.liquidation import Liquidation
from services.registration.store.liquidations import LiquidationStore
from services.registration.use_cases.conduct_liquidation import (
    MoveLiquidation,
    abandon_liquidation,
    change_group,
    conclude_liquidation,
    notify_creditors,
    open_liquidation,
)
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.security.access import public, requires
from shared.security.deciding import NotEmpowered
from shared.web.conditional import IfMatch, set_etag
from shared.web.fields import UsccField
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged, PageRequest
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/registration/v1/liquidations", route_class=ServiceRoute, tags=["exits"])

SUBMIT = requires("registration.filing.submit")
PUBLIC = public("the group and the notice to creditors are published (市场主体登记管理条例 art. 32)")
MOVING = (LiquidationNotFound, NotTheOwner, NotEmpowered, LiquidationMoveNotAllowed)
LiquidationId = Annotated[UUID, Path(description="Id of the liquidation (清算编号)")]


@router.post(
    "", status_code=201, dependencies=[SUBMIT], summary="Put a liquidation group on record (清算组备案)"
)
@refuses(
    EnterpriseNotFound,
    NotTheOwner,
    NotEmpowered,
    EnterpriseStateForbids,
    NoLiquidationNeeded,
    BeforeCourt,
    LiquidationRunning,
    NoticeRunning,
    LiquidationUnsound,
)
async def open_one(
    body: LiquidationIn, caller: Caller, uow: InTransaction, now: Now, desk: Desk, response: Response
) -> LiquidationOut:
    """Published in the call; the enterprise is in liquidation from now on."""
    opened = await open_liquidation(body.command(caller), uow, now, desk)
    response.headers["Location"] = f"{router.prefix}/{opened.id}"
    return _shaped(opened, desk, response)


@router.get("", dependencies=[PUBLIC], summary="List liquidations (清算公告查询)")
async def list_public(
    paged: Paged,
    uow: InTransaction,
    desk: Desk,
    response: Response,
    uscc: Annotated[UsccField | None, Query(description="Of one enterprise")] = None,
) -> Page[LiquidationOut]:
    """The newest first, without sign-in."""
    found = await LiquidationStore(uow.session).public(uscc, _after(paged), paged.fetch)
    shown = [LiquidationOut.of(one, desk) for one in found]
    return paged.page(shown, lambda one: (one.opened_at.isoformat(), str(one.id)), response)


@router.get("/{liquidation_id}", dependencies=[PUBLIC], summary="Read a liquidation (查看清算公告)")
@refuses(LiquidationNotFound)
async def read(
    liquidation_id: LiquidationId, uow: InTransaction, desk: Desk, response: Response
) -> LiquidationOut:
    """Group, notice to creditors and days; of the report that it is confirmed, not what it says."""
    return _shaped(await LiquidationStore(uow.session).find(liquidation_id), desk, response)


@router.put("/{liquidation_id}/group", dependencies=[SUBMIT], summary="Change the group (变更清算组)")
@refuses(*MOVING, LiquidationUnsound)
async def put_group(
    liquidation_id: LiquidationId,
    body: GroupChangeIn,
    caller: Caller,
    if_match: IfMatch,
    uow: InTransaction,
    now: Now,
    desk: Desk,
    response: Response,
) -> LiquidationOut:
    """Published in the call."""
    command = MoveLiquidation(liquidation_id, caller, if_match.check, body.on_behalf_of)
    return _shaped(await change_group(command, body.group.made(), uow, now, desk), desk, response)


@router.post(
    "/{liquidation_id}/creditor-notice", dependencies=[SUBMIT], summary="Notify creditors (债权人公告)"
)
@refuses(*MOVING)
async def notify(
    liquidation_id: LiquidationId,
    body: CreditorNoticeIn,
    caller: Caller,
    if_match: IfMatch,
    uow: InTransaction,
    now: Now,
    desk: Desk,
    response: Response,
) -> LiquidationOut:
    """Published in the call; the time for claims begins."""
    command = MoveLiquidation(liquidation_id, caller, if_match.check, body.on_behalf_of)
    return _shaped(await notify_creditors(command, body.notice(now), uow, desk), desk, response)


@router.post("/{liquidation_id}/report", dependencies=[SUBMIT], summary="Confirm the report (确认清算报告)")
@refuses(*MOVING, ClaimsStillOpen, LiquidationUnsound)
async def conclude(
    liquidation_id: LiquidationId,
    body: ReportIn,
    caller: Caller,
    if_match: IfMatch,
    uow: InTransaction,
    now: Now,
    desk: Desk,
    response: Response,
) -> LiquidationOut:
    """Once creditors have had their days, with nothing owed."""
    command = MoveLiquidation(liquidation_id, caller, if_match.check, body.on_behalf_of)
    return _shaped(await conclude_liquidation(command, body.report(), uow, now, desk), desk, response)


@router.post(
    "/{liquidation_id}/abandonment", dependencies=[SUBMIT], summary="Give up a liquidation (终止清算)"
)
@refuses(*MOVING, BeforeCourt, LiquidationGoesOn)
async def abandon(
    liquidation_id: LiquidationId,
    body: BehalfIn,
    caller: Caller,
    if_match: IfMatch,
    uow: InTransaction,
    now: Now,
    desk: Desk,
    response: Response,
) -> LiquidationOut:
    """The enterprise goes on with its business."""
    command = MoveLiquidation(liquidation_id, caller, if_match.check, body.on_behalf_of)
    return _shaped(await abandon_liquidation(command, uow, now, desk), desk, response)


def _shaped(liquidation: Liquidation, desk: RegistrarDesk, response: Response) -> LiquidationOut:
    set_etag(response, liquidation.version)
    return LiquidationOut.of(liquidation, desk)


def _after(paged: PageRequest) -> tuple[datetime, UUID] | None:
    return (datetime.fromisoformat(paged.after[0]), UUID(paged.after[1])) if paged.after else None

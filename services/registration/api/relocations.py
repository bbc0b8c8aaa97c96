"""Files on their way between this registrar and others (跨登记机关迁移档案), for registrars only."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from services.registration.api.dependencies import Desk
from services.registration.api.relocation_models import (
    DossierIn,
    FileRequestIn,
    KeepBackIn,
    PaperFilesIn,
    RelocationOut,
    RelocationSummaryOut,
)
from services.registration.domain.authority_errors import ChangesFrozen
from services.registration.domain.errors import (
    ActionNotAllowed,
    EnterpriseNotFound,
    EnterpriseStateForbids,
    FaultsRemain,
    NameTaken,
    NotTheRegistrar,
)
from services.registration.domain.hand_over import Direction, HandOver, HandOverStatus
from services.registration.domain.relocation_errors import (
    FileNotSound,
    HandOverInProgress,
    HandOverNotAllowed,
    HandOverNotFound,
    MigrationRestricted,
    NotAKnownRegistrar,
    ReasonUnknown,
)
from services.registration.store.hand_overs import HandOverStore
from services.registration.use_cases.hand_over_file import (
    HandOverFile,
    ask_for_file,
    hand_over_file,
    registrar_of,
    take_file_back,
)
from services.registration.use_cases.judge_hand_over import (
    JudgeHandOver,
    mark_paper_files,
    refuse_hand_over,
    withdraw_request,
)
from services.registration.use_cases.read_hand_over import read_hand_over, seen
from services.registration.use_cases.registrar_desk import RegistrarDesk
from services.registration.use_cases.take_in_file import TakeInFile, take_in_file
from shared.database.unit_of_work import UnitOfWork
from shared.security.access import requires
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged, PageRequest
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/registration/v1/relocations", route_class=ServiceRoute, tags=["relocations"])
EXCHANGE = requires("registration.relocation.exchange")
RelocationId = Annotated[UUID, Path(description="Id of the relocation (迁移编号)")]
STANDING = (HandOverNotFound, HandOverNotAllowed)


@router.post("", status_code=201, dependencies=[EXCHANGE], summary="Ask for an enterprise's file (调档)")
@refuses(NotAKnownRegistrar, EnterpriseNotFound, EnterpriseStateForbids, HandOverInProgress)
async def ask(
    body: FileRequestIn, caller: Caller, uow: InTransaction, now: Now, desk: Desk, response: Response
) -> RelocationOut:
    """By the new registrar. Handed over in the call where nothing is open; otherwise what is open is listed."""
    return await _shaped(await ask_for_file(body.command(caller), uow, now, desk), uow, desk, response)


@router.get("", dependencies=[EXCHANGE], summary="List files on their way (迁移列表)")
@refuses(NotAKnownRegistrar)
async def list_all(
    caller: Caller,
    paged: Paged,
    uow: InTransaction,
    desk: Desk,
    response: Response,
    direction: Annotated[Direction | None, Query(description="Into this register or out of it")] = None,
    status: Annotated[HandOverStatus | None, Query(description="Where it stands")] = None,
) -> Page[RelocationSummaryOut]:
    """Newest first: all for the registrar here, for another one those that concern it."""
    response.headers["Cache-Control"] = "no-store"
    other = registrar_of(caller, desk)
    rows = await HandOverStore(uow.session).page(other, direction, status, _after(paged), paged.fetch)
    shown = [RelocationSummaryOut.of(row) for row in rows]
    return paged.page(shown, lambda r: (r.requested_at.isoformat(), str(r.id)), response)


@router.get("/{relocation_id}", dependencies=[EXCHANGE], summary="Read one (查看迁移)")
@refuses(NotAKnownRegistrar, HandOverNotFound)
async def read(
    relocation_id: RelocationId, caller: Caller, uow: InTransaction, desk: Desk, response: Response
) -> RelocationOut:
    """With who applied for it, or the signed file, for the registrar whom it concerns."""
    found = await read_hand_over(relocation_id, caller, uow, desk)
    response.headers["Cache-Control"] = "no-store"
    return RelocationOut.shaped(found.hand_over, desk.calendar, found.filing, found.dossier)


@router.post(
    "/{relocation_id}/dossier", dependencies=[EXCHANGE], summary="Hand a file over to here (移交档案)"
)
@refuses(NotAKnownRegistrar, *STANDING, FileNotSound, FaultsRemain, NameTaken, ActionNotAllowed)
async def take_in(
    relocation_id: RelocationId,
    body: DossierIn,
    caller: Caller,
    uow: InTransaction,
    now: Now,
    desk: Desk,
    response: Response,
) -> RelocationOut:
    """By the old registrar: the enterprise is entered here in the call, or nothing changes."""
    command = TakeInFile(relocation_id, caller, body.dossier)
    return await _shaped(await take_in_file(command, uow, now, desk), uow, desk, response)


@router.post("/{relocation_id}/release", dependencies=[EXCHANGE], summary="Let a file go (准予迁出)")
@refuses(NotTheRegistrar, *STANDING, EnterpriseStateForbids, HandOverInProgress, ChangesFrozen)
async def release(
    relocation_id: RelocationId, caller: Caller, uow: InTransaction, now: Now, desk: Desk, response: Response
) -> RelocationOut:
    """By an officer here; what is open elsewhere goes with it."""
    command = HandOverFile(relocation_id, caller)
    return await _shaped(await hand_over_file(command, uow, now, desk), uow, desk, response)


@router.post("/{relocation_id}/refusal", dependencies=[EXCHANGE], summary="Keep a file back (不予移交)")
@refuses(NotTheRegistrar, NotAKnownRegistrar, *STANDING, MigrationRestricted, ReasonUnknown, ActionNotAllowed)
async def refuse(
    relocation_id: RelocationId,
    body: KeepBackIn,
    caller: Caller,
    uow: InTransaction,
    now: Now,
    desk: Desk,
    response: Response,
) -> RelocationOut:
    """By the registrar that has the file, for one of the city's reasons; that it moves is none of them."""
    command = JudgeHandOver(relocation_id, caller)
    return await _shaped(await refuse_hand_over(command, body.refused(), uow, now, desk), uow, desk, response)


@router.post("/{relocation_id}/withdrawal", dependencies=[EXCHANGE], summary="Ask no more (撤回调档)")
@refuses(NotAKnownRegistrar, *STANDING)
async def withdraw(
    relocation_id: RelocationId, caller: Caller, uow: InTransaction, now: Now, desk: Desk, response: Response
) -> RelocationOut:
    """By the registrar that asked."""
    command = JudgeHandOver(relocation_id, caller)
    return await _shaped(await withdraw_request(command, uow, now, desk), uow, desk, response)


@router.post("/{relocation_id}/taking-back", dependencies=[EXCHANGE], summary="Give a file back (退回档案)")
@refuses(NotAKnownRegistrar, *STANDING)
async def take_back(
    relocation_id: RelocationId, caller: Caller, uow: InTransaction, now: Now, desk: Desk, response: Response
) -> RelocationOut:
    """By the new registrar that could not enter the enterprise: it stands here again as it left."""
    return await _shaped(await take_file_back(relocation_id, caller, uow, now, desk), uow, desk, response)


@router.post(
    "/{relocation_id}/paper-files", dependencies=[EXCHANGE], summary="Paper files moved (纸质档案移交)"
)
@refuses(NotTheRegistrar, *STANDING)
async def paper_files(
    relocation_id: RelocationId,
    body: PaperFilesIn,
    caller: Caller,
    uow: InTransaction,
    desk: Desk,
    response: Response,
) -> RelocationOut:
    """Marked by an officer here, of what came in and what went out."""
    command = JudgeHandOver(relocation_id, caller)
    return await _shaped(await mark_paper_files(command, body.moved_on, uow, desk), uow, desk, response)


async def _shaped(one: HandOver, uow: UnitOfWork, desk: RegistrarDesk, response: Response) -> RelocationOut:
    response.headers["Cache-Control"] = "no-store"
    found = await seen(one, uow)
    return RelocationOut.shaped(found.hand_over, desk.calendar, found.filing, found.dossier)


def _after(paged: PageRequest) -> tuple[datetime, UUID] | None:
    return (datetime.fromisoformat(paged.after[0]), UUID(paged.after[1])) if paged.after else None

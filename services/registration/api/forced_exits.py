"""Forced deregistration (强制注销): listed, noticed, objected to, decided."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from services.registration.api.authority_models import (
    ForcedExitDecisionIn,
    ForcedExitIn,
    ForcedExitObjectionIn,
    ForcedExitOut,
)
from services.registration.api.dependencies import Desk
from services.registration.api.name_models import BecauseIn
from services.registration.domain.authority_errors import (
    DecisionNotYetMade,
    DecisionTooEarly,
    ForcedExitMoveNotAllowed,
    ForcedExitNotDue,
    ForcedExitNotFound,
    ForcedExitRunning,
)
from services.registration.domain.errors import EnterpriseNotFound, EnterpriseStateForbids, NotTheRegistrar
from services.registration.domain.exit_errors import NotAnAgency
from services.registration.domain.forced_exit import RUNNING, ForcedExit, ForcedExitState
from services.registration.store.forced_exits import ForcedExitStore
from services.registration.use_cases.forced_deregistration import (
    ActOnForcedExit,
    decide_forced_exit,
    dismiss_objections,
    object_to_forced_exit,
    open_by_hand,
    publish_forced_notice,
    terminate_forced_exit,
)
from services.registration.use_cases.registrar_desk import RegistrarDesk
from services.registration.use_cases.registrars import keeps_register_at, require_registrar
from shared.security.access import public, requires
from shared.security.principal import Principal
from shared.web.conditional import set_etag
from shared.web.fields import UsccField
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged, PageRequest
from shared.web.routes import Caller, CallerIfAny, InTransaction, Now, ServiceRoute

router = APIRouter(
    prefix="/registration/v1/forced-exits", route_class=ServiceRoute, tags=["acts of authorities"]
)

DECIDE = requires("registration.filing.decide")
PUBLIC = public("notices of forced deregistrations are for everyone to read and object to (公司法 art. 241)")
ExitId = Annotated[UUID, Path(description="Id of the forced deregistration (强制注销编号)")]
_SHOWN: Final = frozenset(ForcedExitState) - {ForcedExitState.DUE}


@router.get("", dependencies=[PUBLIC], summary="List forced deregistrations (强制注销公告)")
async def list_public(
    paged: Paged,
    uow: InTransaction,
    response: Response,
    uscc: Annotated[UsccField | None, Query(description="Of one enterprise")] = None,
) -> Page[ForcedExitOut]:
    """Those that were under notice, the newest first."""
    found = await ForcedExitStore(uow.session).page(_SHOWN, uscc, _after(paged), paged.fetch)
    shown = [ForcedExitOut.of(one, with_words=False) for one in found]
    return paged.page(shown, lambda one: (one.opened_at.isoformat(), str(one.id)), response)


@router.get("/queue", dependencies=[DECIDE], summary="Forced deregistrations to act on (待办强制注销)")
@refuses(NotTheRegistrar)
async def queue(
    caller: Caller, paged: Paged, uow: InTransaction, desk: Desk, response: Response
) -> Page[ForcedExitOut]:
    """For the registrar: whoever is without its licence for three years, and what is on its way."""
    require_registrar(caller, desk)
    response.headers["Cache-Control"] = "no-store"
    found = await ForcedExitStore(uow.session).page(RUNNING, None, _after(paged), paged.fetch)
    shown = [ForcedExitOut.of(one, with_words=_is_registrar(one, caller, desk)) for one in found]
    return paged.page(shown, lambda one: (one.opened_at.isoformat(), str(one.id)), response)


@router.post("", status_code=201, dependencies=[DECIDE], summary="Begin one by hand (启动强制注销)")
@refuses(EnterpriseNotFound, NotTheRegistrar, ForcedExitRunning, ForcedExitNotDue)
async def begin(
    body: ForcedExitIn, caller: Caller, uow: InTransaction, now: Now, desk: Desk, response: Response
) -> ForcedExitOut:
    """The worker lists each enterprise once by itself; this is for after an earlier one was given up."""
    one = await open_by_hand(body.uscc, caller, uow, now, desk)
    response.headers["Location"] = f"{router.prefix}/{one.id}"
    return _shaped(one, response, with_words=True)


@router.get("/{exit_id}", dependencies=[PUBLIC], summary="Read a forced deregistration (查看强制注销)")
@refuses(ForcedExitNotFound)
async def read(
    exit_id: ExitId, caller: CallerIfAny, uow: InTransaction, desk: Desk, response: Response
) -> ForcedExitOut:
    """For everybody once it was noticed; the words of objections are for the registrar."""
    one = await ForcedExitStore(uow.session).find(exit_id)
    is_registrar = _is_registrar(one, caller, desk)
    if one.state not in _SHOWN and not is_registrar:
        raise ForcedExitNotFound
    return _shaped(one, response, with_words=is_registrar)


@router.post("/{exit_id}/notice", dependencies=[DECIDE], summary="Give notice (发布强制注销公告)")
@refuses(ForcedExitNotFound, NotTheRegistrar, ForcedExitMoveNotAllowed)
async def notify(
    exit_id: ExitId, caller: Caller, uow: InTransaction, now: Now, desk: Desk, response: Response
) -> ForcedExitOut:
    """For ninety days everybody may object."""
    one = await publish_forced_notice(ActOnForcedExit(exit_id, caller), uow, now, desk)
    return _shaped(one, response, with_words=True)


@router.post(
    "/{exit_id}/objections",
    status_code=201,
    dependencies=[requires("registration.objection.submit")],
    summary="Object to a forced deregistration (提出异议)",
)
@refuses(ForcedExitNotFound, NotAnAgency, ForcedExitMoveNotAllowed)
async def object_to(
    exit_id: ExitId,
    body: ForcedExitObjectionIn,
    caller: Caller,
    uow: InTransaction,
    now: Now,
    response: Response,
) -> ForcedExitOut:
    """By an agency or anybody signed in, within the notice: it stands still until the registrar has decided on it."""
    one = await object_to_forced_exit(exit_id, body.ground, body.reason, caller, uow, now)
    return _shaped(one, response, with_words=False)


@router.post("/{exit_id}/dismissal", dependencies=[DECIDE], summary="Dismiss the objections (异议不成立)")
@refuses(ForcedExitNotFound, NotTheRegistrar, ForcedExitMoveNotAllowed)
async def dismiss(
    exit_id: ExitId,
    body: BecauseIn,
    caller: Caller,
    uow: InTransaction,
    now: Now,
    desk: Desk,
    response: Response,
) -> ForcedExitOut:
    """The notice goes on."""
    command = ActOnForcedExit(exit_id, caller, body.wording())
    return _shaped(await dismiss_objections(command, uow, now, desk), response, with_words=True)


@router.post("/{exit_id}/termination", dependencies=[DECIDE], summary="Give it up (终止强制注销)")
@refuses(ForcedExitNotFound, NotTheRegistrar, ForcedExitMoveNotAllowed)
async def terminate(
    exit_id: ExitId,
    body: BecauseIn,
    caller: Caller,
    uow: InTransaction,
    now: Now,
    desk: Desk,
    response: Response,
) -> ForcedExitOut:
    """An objection is upheld, or something else stands against it."""
    command = ActOnForcedExit(exit_id, caller, body.wording())
    return _shaped(await terminate_forced_exit(command, uow, now, desk), response, with_words=True)


@router.post("/{exit_id}/decision", dependencies=[DECIDE], summary="Deregister by force (强制注销决定)")
@refuses(
    ForcedExitNotFound,
    NotTheRegistrar,
    ForcedExitMoveNotAllowed,
    EnterpriseStateForbids,
    DecisionNotYetMade,
    DecisionTooEarly,
)
async def decide(
    exit_id: ExitId,
    body: ForcedExitDecisionIn,
    caller: Caller,
    uow: InTransaction,
    now: Now,
    desk: Desk,
    response: Response,
) -> ForcedExitOut:
    """After the notice; for three years it can be undone by `POST /enterprises/{uscc}/restoration`."""
    command = ActOnForcedExit(exit_id, caller)
    one = await decide_forced_exit(command, body.decision(), uow, now, desk)
    return _shaped(one, response, with_words=True)


def _is_registrar(one: ForcedExit, caller: Principal | None, desk: RegistrarDesk) -> bool:
    return caller is not None and keeps_register_at(caller, one.division_code, desk)


def _shaped(one: ForcedExit, response: Response, *, with_words: bool) -> ForcedExitOut:
    set_etag(response, one.version)
    response.headers["Cache-Control"] = "no-store"
    return ForcedExitOut.of(one, with_words=with_words)


def _after(paged: PageRequest) -> tuple[datetime, UUID] | None:
    return (datetime.fromisoformat(paged.after[0]), UUID(paged.after[1])) if paged.after else None

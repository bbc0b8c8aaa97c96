"""Decisions on false registrations (撤销登记): it stands, it is revoked, the revocation is set aside."""

from fastapi import APIRouter, Response

from services.registration.api.authority_models import DocumentedIn
from services.registration.api.dependencies import Desk
from services.registration.api.false_registration_models import CaseOut, RevocationIn
from services.registration.api.false_registrations import DECIDE, CaseId, shaped
from services.registration.api.name_models import BecauseIn
from services.registration.domain.authority_errors import (
    CaseMoveNotAllowed,
    CaseNotFound,
    DecisionNotYetMade,
    DecisionTooEarly,
    LaterChangeStands,
    NotRevocable,
)
from services.registration.domain.errors import EnterpriseStateForbids, NotTheRegistrar
from services.registration.domain.false_registration import CaseMove
from services.registration.use_cases.false_registration import ActOnCase, judge_case
from services.registration.use_cases.revoke_registration import (
    RevokeRegistration,
    revoke_registration,
    set_revocation_aside,
)
from shared.web.openapi import refuses
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

router = APIRouter(
    prefix="/registration/v1/false-registrations", route_class=ServiceRoute, tags=["acts of authorities"]
)


@router.post("/{case_id}/keeping", dependencies=[DECIDE], summary="Let a registration stand (不予撤销)")
@refuses(CaseNotFound, NotTheRegistrar, CaseMoveNotAllowed)
async def keep(
    case_id: CaseId,
    body: BecauseIn,
    caller: Caller,
    uow: InTransaction,
    now: Now,
    desk: Desk,
    response: Response,
) -> CaseOut:
    """It is not false, or revoking it would do great harm (条例 art. 41)."""
    command = ActOnCase(case_id, caller, body.wording())
    return shaped(await judge_case(command, CaseMove.KEEP, uow, now, desk), caller, desk, response)


@router.post("/{case_id}/revocation", dependencies=[DECIDE], summary="Revoke a registration (撤销登记)")
@refuses(
    CaseNotFound,
    NotTheRegistrar,
    CaseMoveNotAllowed,
    EnterpriseStateForbids,
    DecisionNotYetMade,
    DecisionTooEarly,
    NotRevocable,
    LaterChangeStands,
)
async def revoke(
    case_id: CaseId,
    body: RevocationIn,
    caller: Caller,
    uow: InTransaction,
    now: Now,
    desk: Desk,
    response: Response,
) -> CaseOut:
    """An establishment falls as a whole; of one change what it changed goes back to what it was."""
    act = ActOnCase(case_id, caller)
    command = RevokeRegistration(act, body.decision(), tuple(body.responsible))
    return shaped(await revoke_registration(command, uow, now, desk), caller, desk, response)


@router.post(
    "/{case_id}/setting-aside", dependencies=[DECIDE], summary="Set a revocation aside (恢复原登记状态)"
)
@refuses(
    CaseNotFound,
    NotTheRegistrar,
    CaseMoveNotAllowed,
    EnterpriseStateForbids,
    NotRevocable,
    LaterChangeStands,
)
async def set_aside(
    case_id: CaseId,
    body: DocumentedIn,
    caller: Caller,
    uow: InTransaction,
    now: Now,
    desk: Desk,
    response: Response,
) -> CaseOut:
    """By the registrar or after a review: what was revoked stands again, bars are lifted."""
    act = ActOnCase(case_id, caller, body.wording())
    case = await set_revocation_aside(act, body.document_no, uow, now, desk)
    return shaped(case, caller, desk, response)

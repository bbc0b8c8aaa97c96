"""False registrations (虚假登记): applied for, looked into, published, revoked or kept."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from services.registration.api.dependencies import Desk
from services.registration.api.false_registration_models import (
    CaseIn,
    CaseOut,
    CasesOut,
    ExtensionIn,
    FactsIn,
    ObjectionToFactsIn,
)
from services.registration.api.name_models import BecauseIn
from services.registration.domain.authority_errors import (
    CaseMoveNotAllowed,
    CaseNotFound,
    CaseRunning,
    NotRevocable,
)
from services.registration.domain.errors import EnterpriseNotFound, EnterpriseStateForbids, NotTheRegistrar
from services.registration.domain.false_registration import CaseMove, FalseRegistration
from services.registration.domain.wording import Wording
from services.registration.store.false_registrations import FalseRegistrationStore
from services.registration.use_cases.false_registration import (
    ActOnCase,
    ReportFalseRegistration,
    due_next,
    extend_investigation,
    judge_case,
    object_to_facts,
    publish_facts,
    read_case,
    reads_all_of,
    report_false_registration,
    withdraw_case,
)
from services.registration.use_cases.registrar_desk import RegistrarDesk
from services.registration.use_cases.registrars import require_registrar
from shared.calendar import MoveNotAllowed
from shared.security.access import public, requires
from shared.security.principal import Principal
from shared.web.conditional import set_etag
from shared.web.fields import UsccField
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged, PageRequest
from shared.web.routes import Caller, CallerIfAny, InTransaction, Now, ServiceRoute

router = APIRouter(
    prefix="/registration/v1/false-registrations", route_class=ServiceRoute, tags=["acts of authorities"]
)

SUBMIT = requires("registration.filing.submit")
DECIDE = requires("registration.filing.decide")
PUBLIC = public("facts and revocations are published (条例 art. 40; 实施细则 arts. 53 and 56)")
CaseId = Annotated[UUID, Path(description="Id of the case (案件编号)")]


@router.post(
    "", status_code=201, dependencies=[SUBMIT], summary="Say that a registration is false (申请撤销登记)"
)
@refuses(EnterpriseNotFound, EnterpriseStateForbids, NotRevocable, CaseRunning)
async def report(
    body: CaseIn, caller: Caller, uow: InTransaction, now: Now, desk: Desk, response: Response
) -> CaseOut:
    """By whose name was used, or whom it concerns; the registrar says within three working days if it is taken up."""
    return await _report(body, caller, uow, now, desk, response)


@router.post(
    "/ex-officio", status_code=201, dependencies=[DECIDE], summary="Begin without an application (依职权调查)"
)
@refuses(EnterpriseNotFound, EnterpriseStateForbids, NotRevocable, CaseRunning, NotTheRegistrar)
async def begin(
    body: CaseIn, caller: Caller, uow: InTransaction, now: Now, desk: Desk, response: Response
) -> CaseOut:
    """By an officer of the registrar: the investigation begins at once."""
    return await _report(body, caller, uow, now, desk, response, is_ex_officio=True)


@router.get("", dependencies=[PUBLIC], summary="Cases of an enterprise (撤销登记公示)")
async def list_shown(
    uow: InTransaction,
    desk: Desk,
    uscc: Annotated[UsccField, Query(description="Of which enterprise")],
) -> CasesOut:
    """What was published or revoked, the newest first."""
    found = await FalseRegistrationStore(uow.session).shown(uscc)
    return CasesOut(entries=[CaseOut.of(case, due_next(case, desk), with_words=False) for case in found])


@router.get(
    "/own",
    dependencies=[requires("registration.filing.read")],
    summary="One's own applications (本人申请的撤销登记)",
)
async def list_own(
    caller: Caller, paged: Paged, uow: InTransaction, desk: Desk, response: Response
) -> Page[CaseOut]:
    """The newest first."""
    response.headers["Cache-Control"] = "no-store"
    store = FalseRegistrationStore(uow.session)
    found = await store.of_applicant(caller.subject, _after(paged), paged.fetch)
    shown = [CaseOut.of(case, due_next(case, desk), with_words=True) for case in found]
    return paged.page(shown, lambda case: (case.submitted_at.isoformat(), str(case.id)), response)


@router.get("/queue", dependencies=[DECIDE], summary="Cases to act on (待办撤销登记)")
@refuses(NotTheRegistrar)
async def queue(
    caller: Caller, paged: Paged, uow: InTransaction, desk: Desk, response: Response
) -> Page[CaseOut]:
    """For the registrar, the newest first; each with the time at which it has to have acted."""
    require_registrar(caller, desk)
    response.headers["Cache-Control"] = "no-store"
    found = await FalseRegistrationStore(uow.session).queue(_after(paged), paged.fetch)
    shown = [
        CaseOut.of(case, due_next(case, desk), with_words=reads_all_of(case, caller, desk)) for case in found
    ]
    return paged.page(shown, lambda case: (case.submitted_at.isoformat(), str(case.id)), response)


@router.get("/{case_id}", dependencies=[PUBLIC], summary="Read a case (查看撤销登记案件)")
@refuses(CaseNotFound)
async def read(
    case_id: CaseId, caller: CallerIfAny, uow: InTransaction, desk: Desk, response: Response
) -> CaseOut:
    """For the registrar and who applied; what was published for everybody."""
    return shaped(await read_case(case_id, caller, uow, desk), caller, desk, response)


@router.post("/{case_id}/withdrawal", dependencies=[SUBMIT], summary="Withdraw an application (撤回)")
@refuses(CaseNotFound, CaseMoveNotAllowed)
async def withdraw(
    case_id: CaseId, caller: Caller, uow: InTransaction, now: Now, desk: Desk, response: Response
) -> CaseOut:
    """By who applied, before anything was published."""
    case = await withdraw_case(ActOnCase(case_id, caller), uow, now, desk)
    return shaped(case, caller, desk, response)


@router.post("/{case_id}/acceptance", dependencies=[DECIDE], summary="Take a case up (受理)")
@refuses(CaseNotFound, NotTheRegistrar, CaseMoveNotAllowed)
async def accept(
    case_id: CaseId, caller: Caller, uow: InTransaction, now: Now, desk: Desk, response: Response
) -> CaseOut:
    """The three months of the investigation begin."""
    case = await judge_case(ActOnCase(case_id, caller), CaseMove.ACCEPT, uow, now, desk)
    return shaped(case, caller, desk, response)


@router.post("/{case_id}/rejection", dependencies=[DECIDE], summary="Do not take a case up (不予受理)")
@refuses(CaseNotFound, NotTheRegistrar, CaseMoveNotAllowed)
async def reject(
    case_id: CaseId,
    body: BecauseIn,
    caller: Caller,
    uow: InTransaction,
    now: Now,
    desk: Desk,
    response: Response,
) -> CaseOut:
    """With the reason."""
    command = ActOnCase(case_id, caller, body.wording())
    return shaped(await judge_case(command, CaseMove.REJECT, uow, now, desk), caller, desk, response)


@router.post("/{case_id}/extension", dependencies=[DECIDE], summary="Extend an investigation (延长调查)")
@refuses(CaseNotFound, NotTheRegistrar, CaseMoveNotAllowed, MoveNotAllowed)
async def extend(
    case_id: CaseId,
    body: ExtensionIn,
    caller: Caller,
    uow: InTransaction,
    now: Now,
    desk: Desk,
    response: Response,
) -> CaseOut:
    """Once, by three months, before the time has run out."""
    command = ActOnCase(case_id, caller, body.wording())
    case = await extend_investigation(command, body.legal_basis, uow, now, desk)
    return shaped(case, caller, desk, response)


@router.post("/{case_id}/publication", dependencies=[DECIDE], summary="Publish the facts (公示)")
@refuses(CaseNotFound, NotTheRegistrar, CaseMoveNotAllowed)
async def publish(
    case_id: CaseId,
    body: FactsIn,
    caller: Caller,
    uow: InTransaction,
    now: Now,
    desk: Desk,
    response: Response,
) -> CaseOut:
    """Where nobody can be reached: 45 days in which anybody may object and nothing is registered."""
    case = await publish_facts(ActOnCase(case_id, caller), body.wording(), uow, now, desk)
    return shaped(case, caller, desk, response)


@router.post(
    "/{case_id}/objection",
    dependencies=[requires("registration.objection.submit")],
    summary="Object to the facts (提出异议)",
)
@refuses(CaseNotFound, CaseMoveNotAllowed)
async def object_to(
    case_id: CaseId,
    body: ObjectionToFactsIn,
    caller: Caller,
    uow: InTransaction,
    now: Now,
    desk: Desk,
    response: Response,
) -> CaseOut:
    """The investigation goes on, and filings are taken again."""
    command = ActOnCase(case_id, caller, Wording(body.reason, body.reason))
    return shaped(await object_to_facts(command, uow, now, desk), caller, desk, response)


async def _report(
    body: CaseIn,
    caller: Principal,
    uow: InTransaction,
    now: datetime,
    desk: RegistrarDesk,
    response: Response,
    *,
    is_ex_officio: bool = False,
) -> CaseOut:
    command = ReportFalseRegistration(body.uscc, body.target_version, body.statement, caller, is_ex_officio)
    case = await report_false_registration(command, uow, now, desk)
    response.headers["Location"] = f"{router.prefix}/{case.id}"
    return shaped(case, caller, desk, response)


def shaped(
    case: FalseRegistration, caller: Principal | None, desk: RegistrarDesk, response: Response
) -> CaseOut:
    """The case as this reader may see it."""
    set_etag(response, case.version)
    response.headers["Cache-Control"] = "no-store"
    return CaseOut.of(case, due_next(case, desk), with_words=reads_all_of(case, caller, desk))


def _after(paged: PageRequest) -> tuple[datetime, UUID] | None:
    return (datetime.fromisoformat(paged.after[0]), UUID(paged.after[1])) if paged.after else None

"""Disputes over names (企业名称争议裁决): asked for, taken up, ruled on."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response

from services.registration.api.dependencies import Desk
from services.registration.api.name_models import BecauseIn, DisputeIn, DisputeOut, RulingIn
from services.registration.domain.errors import (
    EnterpriseNotFound,
    EnterpriseStateForbids,
    NotTheOwner,
    NotTheRegistrar,
)
from services.registration.domain.name_dispute import DisputeAction, NameDispute
from services.registration.domain.name_errors import (
    DisputeActionNotAllowed,
    DisputeNotFound,
    DisputeRunning,
    DisputeWithItself,
)
from services.registration.store.name_disputes import DisputeStore
from services.registration.use_cases.name_disputes import (
    AskForRuling,
    JudgeDispute,
    ask_for_ruling,
    due_next,
    judge_dispute,
    read_dispute,
    require_registrar,
    withdraw_dispute,
)
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.security.access import requires
from shared.web.conditional import set_etag
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged, PageRequest
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/registration/v1/names", route_class=ServiceRoute, tags=["names"])

SUBMIT = requires("registration.filing.submit")
READ = requires("registration.filing.read")
DECIDE = requires("registration.filing.decide")
DisputeId = Annotated[UUID, Path(description="Id of the dispute (争议编号)")]


@router.post("/disputes", status_code=201, dependencies=[SUBMIT], summary="Dispute a name (申请名称争议裁决)")
@refuses(EnterpriseNotFound, NotTheOwner, EnterpriseStateForbids, DisputeRunning, DisputeWithItself)
async def ask(
    body: DisputeIn, caller: Caller, uow: InTransaction, now: Now, desk: Desk, response: Response
) -> DisputeOut:
    """By an enterprise, or whoever owns it; the registrar says first whether it is taken up."""
    command = AskForRuling(caller, body.claimant_uscc, body.respondent_uscc, body.grounds)
    dispute = await ask_for_ruling(command, uow, now, desk)
    response.headers["Location"] = f"/registration/v1/names/disputes/{dispute.id}"
    return _shaped(dispute, desk, response)


@router.get("/disputes", dependencies=[READ], summary="List an enterprise's disputes (本企业名称争议)")
async def list_own(
    caller: Caller, paged: Paged, uow: InTransaction, desk: Desk, response: Response
) -> Page[DisputeOut]:
    """For a token in the enterprise's name: what it asked, and what was asked about it; newest first."""
    codes = [caller.enterprise] if caller.enterprise else []
    rows = await DisputeStore(uow.session).of_parties(codes, _after(paged), paged.fetch)
    return paged.page(_out(rows, desk, response), lambda d: (d.submitted_at.isoformat(), str(d.id)), response)


@router.get("/dispute-queue", dependencies=[DECIDE], summary="Disputes to decide (待裁决名称争议)")
@refuses(NotTheRegistrar)
async def queue(
    caller: Caller, paged: Paged, uow: InTransaction, desk: Desk, response: Response
) -> Page[DisputeOut]:
    """For the registrar: in which something is due, the most urgent first."""
    require_registrar(caller, desk)
    rows = await DisputeStore(uow.session).open(_after(paged), paged.fetch)
    return paged.page(
        _out(rows, desk, response), lambda d: (d.due_at.isoformat() if d.due_at else "", str(d.id)), response
    )


@router.get("/disputes/{dispute_id}", dependencies=[READ], summary="Read a dispute (查看名称争议)")
@refuses(DisputeNotFound)
async def read(
    dispute_id: DisputeId, caller: Caller, uow: InTransaction, desk: Desk, response: Response
) -> DisputeOut:
    """For both enterprises and the registrar."""
    return _shaped(await read_dispute(dispute_id, caller, uow, desk), desk, response)


@router.post("/disputes/{dispute_id}/withdrawal", dependencies=[SUBMIT], summary="Withdraw a dispute (撤回)")
@refuses(DisputeNotFound, DisputeActionNotAllowed)
async def withdraw(
    dispute_id: DisputeId, caller: Caller, uow: InTransaction, now: Now, desk: Desk, response: Response
) -> DisputeOut:
    """By the enterprise that asked."""
    command = JudgeDispute(dispute_id, caller, DisputeAction.WITHDRAW)
    return _shaped(await withdraw_dispute(command, uow, now, desk), desk, response)


@router.post("/disputes/{dispute_id}/acceptance", dependencies=[DECIDE], summary="Take a dispute up (受理)")
@refuses(NotTheRegistrar, DisputeNotFound, DisputeActionNotAllowed)
async def accept(
    dispute_id: DisputeId, caller: Caller, uow: InTransaction, now: Now, desk: Desk, response: Response
) -> DisputeOut:
    """The three months for the ruling begin."""
    command = JudgeDispute(dispute_id, caller, DisputeAction.ACCEPT)
    return _shaped(await judge_dispute(command, uow, now, desk), desk, response)


@router.post(
    "/disputes/{dispute_id}/rejection", dependencies=[DECIDE], summary="Do not take a dispute up (不予受理)"
)
@refuses(NotTheRegistrar, DisputeNotFound, DisputeActionNotAllowed)
async def reject(
    dispute_id: DisputeId,
    body: BecauseIn,
    caller: Caller,
    uow: InTransaction,
    now: Now,
    desk: Desk,
    response: Response,
) -> DisputeOut:
    """With the reason."""
    command = JudgeDispute(dispute_id, caller, DisputeAction.REJECT, body.wording())
    return _shaped(await judge_dispute(command, uow, now, desk), desk, response)


@router.post("/disputes/{dispute_id}/settlement", dependencies=[DECIDE], summary="Record a settlement (调解)")
@refuses(NotTheRegistrar, DisputeNotFound, DisputeActionNotAllowed)
async def settle(
    dispute_id: DisputeId,
    body: BecauseIn,
    caller: Caller,
    uow: InTransaction,
    now: Now,
    desk: Desk,
    response: Response,
) -> DisputeOut:
    """What the two agreed on; a change of name is filed like any other."""
    command = JudgeDispute(dispute_id, caller, DisputeAction.SETTLE, body.wording())
    return _shaped(await judge_dispute(command, uow, now, desk), desk, response)


@router.post("/disputes/{dispute_id}/ruling", dependencies=[DECIDE], summary="Rule on a name (裁决)")
@refuses(NotTheRegistrar, DisputeNotFound, DisputeActionNotAllowed)
async def rule(
    dispute_id: DisputeId,
    body: RulingIn,
    caller: Caller,
    uow: InTransaction,
    now: Now,
    desk: Desk,
    response: Response,
) -> DisputeOut:
    """`stop_use` gives the enterprise thirty days; afterwards its credit code stands in for the name."""
    command = JudgeDispute(dispute_id, caller, body.outcome.action, body.wording())
    return _shaped(await judge_dispute(command, uow, now, desk), desk, response)


def _shaped(dispute: NameDispute, desk: RegistrarDesk, response: Response) -> DisputeOut:
    set_etag(response, dispute.version)
    response.headers["Cache-Control"] = "no-store"
    return DisputeOut.of(dispute, due_next(dispute, desk))


def _out(rows: Sequence[NameDispute], desk: RegistrarDesk, response: Response) -> list[DisputeOut]:
    response.headers["Cache-Control"] = "no-store"
    return [DisputeOut.of(row, due_next(row, desk)) for row in rows]


def _after(paged: PageRequest) -> tuple[datetime, UUID] | None:
    return (datetime.fromisoformat(paged.after[0]), UUID(paged.after[1])) if paged.after else None

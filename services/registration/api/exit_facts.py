"""What agencies tell about enterprises that leave: bars (不适用简易注销的情形) and tax clearances (清税结果)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response

from services.registration.api.dependencies import Desk
from services.registration.api.exit_models import (
    ClearanceIn,
    ClearanceOut,
    ExitBarIn,
    ExitBarOut,
    ExitBarsOut,
)
from services.registration.domain.errors import EnterpriseNotFound, NotTheOwner
from services.registration.domain.exit_errors import ExitBarNotFound, NotAnAgency, NotTheTaxAgency
from services.registration.store.enterprises import EnterpriseStore
from services.registration.store.exit_standing import ExitStanding
from services.registration.use_cases.ownership import require_owner
from services.registration.use_cases.tell_exit_facts import (
    EnterBar,
    TellClearance,
    enter_bar,
    lift_bar,
    tell_clearance,
)
from shared.security.access import requires
from shared.web.fields import UsccField
from shared.web.openapi import refuses
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/registration/v1", route_class=ServiceRoute, tags=["exits"])

TELL = requires("registration.clearance.submit")
READ = requires("registration.enterprise.read")
UsccPath = Annotated[UsccField, Path(description="Unified social credit code (统一社会信用代码)")]


@router.get(
    "/enterprises/{uscc}/exit-bars", dependencies=[READ], summary="What stands against an exit (注销限制)"
)
@refuses(EnterpriseNotFound, NotTheOwner)
async def list_bars(
    uscc: UsccPath, caller: Caller, uow: InTransaction, desk: Desk, response: Response
) -> ExitBarsOut:
    """For the enterprise and agencies, before anything is filed: what stands, not the file that it stands in."""
    response.headers["Cache-Control"] = "no-store"
    one = (await EnterpriseStore(uow.session).find(uscc)).enterprise
    if caller.agency is None:
        require_owner(caller, one)
    standing = ExitStanding(uow.session)
    keeper = desk.policy.registrar.uscc
    bars = [
        ExitBarOut.of(bar, with_reference=caller.agency in (bar.agency_uscc, keeper))
        for bar in await standing.bars(uscc)
    ]
    told = await standing.clearance(uscc)
    return ExitBarsOut(bars=bars, tax_clearance=told.outcome if told else None)


@router.post(
    "/enterprises/{uscc}/exit-bars",
    status_code=201,
    dependencies=[TELL],
    summary="Enter a bar (登记注销限制)",
)
@refuses(EnterpriseNotFound, NotAnAgency)
async def enter(uscc: UsccPath, body: ExitBarIn, caller: Caller, uow: InTransaction, now: Now) -> ExitBarOut:
    """By the agency that holds the fact; the same again changes nothing."""
    return ExitBarOut.of(await enter_bar(EnterBar(uscc, body.kind, body.reference, caller), uow, now))


@router.post("/exit-bars/{bar_id}/lifting", dependencies=[TELL], summary="Lift a bar (解除注销限制)")
@refuses(ExitBarNotFound, NotAnAgency)
async def lift(
    bar_id: Annotated[UUID, Path(description="Id of the bar (限制编号)")],
    caller: Caller,
    uow: InTransaction,
    now: Now,
) -> ExitBarOut:
    """By the agency that entered it."""
    return ExitBarOut.of(await lift_bar(bar_id, caller, uow, now))


@router.post(
    "/enterprises/{uscc}/tax-clearance",
    status_code=201,
    dependencies=[TELL],
    summary="Tell that taxes are cleared (清税结果)",
)
@refuses(EnterpriseNotFound, NotTheTaxAgency)
async def clear(
    uscc: UsccPath, body: ClearanceIn, caller: Caller, uow: InTransaction, now: Now, desk: Desk
) -> ClearanceOut:
    """By the tax agency; the enterprise hands in no proof."""
    await tell_clearance(TellClearance(uscc, body.outcome, body.reference, caller), uow, now, desk)
    return ClearanceOut(uscc=uscc, outcome=body.outcome, reference=body.reference, told_at=now)

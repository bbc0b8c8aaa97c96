"""Matters (一件事) of the caller, or of who came to the caller's counter."""

from uuid import UUID

from fastapi import APIRouter, Response

from gateway.deliveries.public import AddressNeeded
from gateway.materials.public import MaterialNotFound
from gateway.matters.api.answers import HistoryOut, MatterOut
from gateway.matters.api.bodies import ChoiceIn, FormIn, OpenMatterIn
from gateway.matters.api.dependencies import Acting, Region
from gateway.matters.api.shown import shown
from gateway.matters.domain.choices import PartNotOptional, PartNotRefused
from gateway.matters.domain.life_cycles import ActionNotAllowed
from gateway.matters.store.cases import MatterIsOpen, MatterNotFound
from gateway.matters.use_cases.acting import actor_of
from gateway.matters.use_cases.change_matter import (
    MakeChoice,
    ResubmitForm,
    make_choice,
    matter_history,
    read_matter,
    resubmit_form,
    withdraw_matter,
)
from gateway.matters.use_cases.enterprises import EnterpriseNotFound, ThemeNotForCaller
from gateway.matters.use_cases.form_checks import FormNotAccepted
from gateway.matters.use_cases.open_matter import NotForAgents, OnlyAtHome, OpenMatter, open_matter
from gateway.matters.use_cases.themes import ThemeNotFound
from gateway.matters.use_cases.zero_material import FaceOrMaterialsNeeded
from shared.security.access import requires
from shared.security.deciding import NotEmpowered
from shared.web.conditional import IfMatch
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/matters/v1", route_class=ServiceRoute, tags=["matters"])


@router.post(
    "/matters",
    status_code=201,
    dependencies=[requires("matters.matter.submit")],
    summary="Open a matter (一件事申报)",
)
@refuses(
    ThemeNotFound,
    FormNotAccepted,
    MatterIsOpen,
    MaterialNotFound,
    NotEmpowered,
    EnterpriseNotFound,
    ThemeNotForCaller,
    OnlyAtHome,
    NotForAgents,
    FaceOrMaterialsNeeded,
    AddressNeeded,
)
async def open_one(
    body: OpenMatterIn, caller: Caller, region: Region, uow: InTransaction, now: Now, response: Response
) -> MatterOut:
    """Take one form, check it whole, and begin every part that waits for nothing. A helper opens one, once.

    Every office accepts it; where that is not the home of the business, it is handed over, which the history shows.
    """
    command = OpenMatter(
        theme=body.theme,
        form=body.form,
        channel=body.channel,
        commitments=tuple(body.commitments),
        actor=actor_of(caller, body.on_behalf_of, region),
        uscc=body.uscc,
        filing_region=body.filing_region,
        materials=tuple(body.materials),
        confidential_fields=tuple(body.confidential_fields),
        delivery=body.delivery,
    )
    case = await open_matter(command, region, uow, now)
    response.headers["Location"] = f"/matters/v1/matters/{case.matter.id}"
    return await shown(case, caller, region, uow, now, response)


@router.get(
    "/matters/{matter_id}",
    dependencies=[requires("matters.matter.read")],
    summary="Read a matter: state, steps, tasks, history, clock (进度查询)",
)
@refuses(MatterNotFound, NotEmpowered)
async def read_one(
    matter_id: UUID, actor: Acting, region: Region, uow: InTransaction, now: Now, response: Response
) -> MatterOut:
    """One's own only; a stranger is told that there is none."""
    case = await read_matter(matter_id, actor, uow, now)
    return await shown(case, actor.caller, region, uow, now, response)


@router.get(
    "/matters/{matter_id}/history",
    dependencies=[requires("matters.matter.read")],
    summary="All that happened to a matter (办理记录)",
)
@refuses(MatterNotFound, NotEmpowered)
async def read_history(
    matter_id: UUID, actor: Acting, paged: Paged, uow: InTransaction, now: Now, response: Response
) -> Page[HistoryOut]:
    """Newest first. The matter itself shows what happened of late."""
    before = int(paged.after[0]) if paged.after else None
    found = await matter_history(matter_id, actor, before, paged.fetch, uow, now)
    page = paged.page(found, lambda each: (each.position,), response)
    return Page(entries=[HistoryOut.of(each) for each in page.entries], next_cursor=page.next_cursor)


@router.put(
    "/matters/{matter_id}/form",
    dependencies=[requires("matters.matter.submit")],
    summary="Correct the form of a returned matter (补正)",
)
@refuses(MatterNotFound, ActionNotAllowed, FormNotAccepted, MaterialNotFound, NotEmpowered)
async def correct(
    matter_id: UUID,
    body: FormIn,
    if_match: IfMatch,
    actor: Acting,
    region: Region,
    uow: InTransaction,
    now: Now,
    response: Response,
) -> MatterOut:
    """What was sent back goes on with the corrected form; what is registered stays as it is."""
    command = ResubmitForm(matter_id, actor, body.form, tuple(body.commitments), tuple(body.materials))
    case = await resubmit_form(command, region, if_match.check, uow, now)
    return await shown(case, actor.caller, region, uow, now, response)


@router.post(
    "/matters/{matter_id}/choices",
    dependencies=[requires("matters.matter.submit")],
    summary="Choose how to go on after a refusal (部分不予办理的后续选择)",
)
@refuses(
    MatterNotFound,
    ActionNotAllowed,
    PartNotRefused,
    PartNotOptional,
    FormNotAccepted,
    MaterialNotFound,
    NotEmpowered,
)
async def choose(
    matter_id: UUID,
    body: ChoiceIn,
    actor: Acting,
    region: Region,
    uow: InTransaction,
    now: Now,
    response: Response,
) -> MatterOut:
    """Try a refused part again, finish without it, or withdraw what is left; the others go on meanwhile."""
    command = MakeChoice(
        matter_id=matter_id,
        actor=actor,
        choice=body.choice,
        part=body.part,
        form=body.form,
        commitments=None if body.commitments is None else tuple(body.commitments),
        materials=tuple(body.materials),
    )
    case = await make_choice(command, region, uow, now)
    return await shown(case, actor.caller, region, uow, now, response)


@router.post(
    "/matters/{matter_id}/withdrawal",
    dependencies=[requires("matters.matter.submit")],
    summary="Withdraw a matter (撤回)",
)
@refuses(MatterNotFound, ActionNotAllowed, NotEmpowered)
async def withdraw(
    matter_id: UUID, actor: Acting, region: Region, uow: InTransaction, now: Now, response: Response
) -> MatterOut:
    """What was granted stays; the register gives back a filing first; what is under review is decided there."""
    case = await withdraw_matter(matter_id, actor, uow, now)
    return await shown(case, actor.caller, region, uow, now, response)

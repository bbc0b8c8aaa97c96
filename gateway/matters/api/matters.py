"""Matters (一件事) of the caller."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from gateway.identity.public import responsible_helper
from gateway.matters.api.answers import MatterOut, MatterSummaryOut
from gateway.matters.api.dependencies import Applicant, Person, Region
from gateway.matters.api.examples import RESTAURANT_FORM
from gateway.matters.domain.life_cycles import ActionNotAllowed
from gateway.matters.domain.model import Case
from gateway.matters.store.cases import CaseStore, MatterIsOpen, MatterNotFound
from gateway.matters.use_cases.assistance import only_matter
from gateway.matters.use_cases.change_matter import (
    ResubmitForm,
    read_matter,
    resubmit_form,
    withdraw_matter,
)
from gateway.matters.use_cases.form_checks import FormNotAccepted
from gateway.matters.use_cases.open_matter import OpenMatter, open_matter
from gateway.matters.use_cases.themes import ThemeNotFound
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers.channel import Channel
from shared.security.access import requires
from shared.web.conditional import IfMatch, set_etag
from shared.web.fields import Code, RequestModel
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.routes import InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/matters/v1", route_class=ServiceRoute, tags=["matters"])

Form = Annotated[
    dict[str, Any],
    Field(
        max_length=100,
        description="By the theme's JSON Schema, see `/matters/v1/themes/{key}` (一张表单)",
        examples=[RESTAURANT_FORM],
    ),
]
Commitments = Annotated[
    list[Code],
    Field(max_length=20, description="Permit items that the applicant wants by commitment (告知承诺)"),
]


class OpenMatterIn(RequestModel):
    """One form for everybody who takes part."""

    theme: Code = Field(examples=["open_restaurant"])
    form: Form
    channel: Channel = Channel.PORTAL
    commitments: Commitments = Field(default=[])


class FormIn(RequestModel):
    """The whole form, corrected."""

    form: Form
    commitments: Commitments = Field(default=[])


@router.post(
    "/matters",
    status_code=201,
    dependencies=[requires("matters.matter.submit")],
    summary="Open a matter (一件事申报)",
)
@refuses(ThemeNotFound, FormNotAccepted, MatterIsOpen)
async def open_one(
    body: OpenMatterIn, person: Person, region: Region, uow: InTransaction, now: Now, response: Response
) -> MatterOut:
    """Take one form, check it whole, and begin every step that waits for nothing. A helper opens one, once."""
    command = OpenMatter(body.theme, body.form, body.channel, tuple(body.commitments), person)
    case = await open_matter(command, region, uow, now)
    response.headers["Location"] = f"/matters/v1/matters/{case.matter.id}"
    return await _shown(case, uow, now, response)


@router.get(
    "/matters/{matter_id}",
    dependencies=[requires("matters.matter.read")],
    summary="Read a matter: state, steps, tasks, history, clock (进度查询)",
)
@refuses(MatterNotFound)
async def read_one(
    matter_id: UUID, applicant: Applicant, uow: InTransaction, now: Now, response: Response
) -> MatterOut:
    """One's own only; a stranger is told that there is none."""
    response.headers["Cache-Control"] = "no-store"
    return await _shown(await read_matter(matter_id, applicant, uow, now), uow, now, response)


@router.get("/mine", dependencies=[requires("matters.matter.read")], summary="List one's matters (我的事项)")
async def list_mine(
    applicant: Applicant, paged: Paged, uow: InTransaction, response: Response
) -> Page[MatterSummaryOut]:
    """Newest first; to a helper the one that they carry."""
    after = UUID(paged.after[0]) if paged.after else None
    store, only = CaseStore(uow.session), only_matter(applicant)
    matters = await store.of_applicant(applicant.subject, only, after, paged.fetch)
    return paged.page([MatterSummaryOut.of(matter) for matter in matters], lambda each: (each.id,), response)


@router.put(
    "/matters/{matter_id}/form",
    dependencies=[requires("matters.matter.submit")],
    summary="Correct the form of a returned matter (补正)",
)
@refuses(MatterNotFound, ActionNotAllowed, FormNotAccepted)
async def correct(
    matter_id: UUID,
    body: FormIn,
    if_match: IfMatch,
    applicant: Applicant,
    region: Region,
    uow: InTransaction,
    now: Now,
    response: Response,
) -> MatterOut:
    """What was sent back goes on with the corrected form; what is registered stays as it is."""
    command = ResubmitForm(matter_id, applicant, body.form, tuple(body.commitments))
    case = await resubmit_form(command, region, if_match.check, uow, now)
    return await _shown(case, uow, now, response)


@router.post(
    "/matters/{matter_id}/withdrawal",
    dependencies=[requires("matters.matter.submit")],
    summary="Withdraw a matter (撤回)",
)
@refuses(MatterNotFound, ActionNotAllowed)
async def withdraw(
    matter_id: UUID, applicant: Applicant, uow: InTransaction, now: Now, response: Response
) -> MatterOut:
    """Possible until the enterprise is registered; what a service holds is asked back from it first."""
    case = await withdraw_matter(matter_id, applicant, uow, now)
    return await _shown(case, uow, now, response)


async def _shown(case: Case, uow: UnitOfWork, now: Now, response: Response) -> MatterOut:
    set_etag(response, case.matter.version)
    history = await CaseStore(uow.session).history(case.matter.id)
    helper = await responsible_helper(case.matter.applicant, case.matter.id, uow, now)
    return MatterOut.of_case(case, history, helper, now)

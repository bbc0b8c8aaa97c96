"""Drafts (草稿) of the caller, or of who came to the caller's counter."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from gateway.deliveries.public import AddressNeeded, DeliveryChoice
from gateway.materials.public import MaterialNotFound
from gateway.matters.api.answers import MatterOut
from gateway.matters.api.bodies import DraftIn, NewDraftIn
from gateway.matters.api.dependencies import DraftActing, Drafter, Region
from gateway.matters.api.shown import shown
from gateway.matters.store.cases import MatterIsOpen
from gateway.matters.store.drafts import Draft, DraftNotFound, DraftStore
from gateway.matters.use_cases.acting import actor_of
from gateway.matters.use_cases.drafts import (
    DraftContent,
    change_draft,
    check_draft,
    delete_draft,
    read_draft,
    save_draft,
    submit_draft,
)
from gateway.matters.use_cases.enterprises import EnterpriseNotFound, ThemeNotForCaller
from gateway.matters.use_cases.form_checks import FormNotAccepted
from gateway.matters.use_cases.open_matter import OnlyAtHome
from gateway.matters.use_cases.themes import ThemeNotFound
from gateway.matters.use_cases.zero_material import FaceOrMaterialsNeeded
from shared.identifiers.channel import Channel
from shared.security.access import requires
from shared.security.deciding import NotEmpowered
from shared.web.conditional import IfMatch, set_etag
from shared.web.fields import ResponseModel
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.problems import FieldFault
from shared.web.routes import InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/matters/v1/drafts", route_class=ServiceRoute, tags=["drafts"])

SUBMIT = requires("matters.matter.submit")


class DraftSummaryOut(ResponseModel):
    id: UUID
    theme: str = Field(examples=["open_restaurant"])
    channel: Channel
    created_at: datetime
    changed_at: datetime
    expires_at: datetime

    @classmethod
    def of(cls, draft: Draft) -> "DraftSummaryOut":
        return cls(**_summary(draft))


class DraftOut(DraftSummaryOut):
    """A form as far as it is filled; forgotten when its time runs out."""

    version: int
    uscc: str | None
    form: dict[str, Any]
    commitments: list[str]
    materials: list[UUID]
    filing_region: str | None
    confidential_fields: list[str]
    delivery: DeliveryChoice | None

    @classmethod
    def of(cls, draft: Draft) -> "DraftOut":
        content = DraftContent.of(draft)
        return cls(
            **_summary(draft),
            version=draft.version,
            uscc=content.uscc,
            form=content.form,
            commitments=list(content.commitments),
            materials=list(content.materials),
            filing_region=content.filing_region,
            confidential_fields=list(content.confidential_fields),
            delivery=content.delivery,
        )


class MissingOut(ResponseModel):
    """One thing that is missing or wrong, and where."""

    pointer: str = Field(examples=["/form/enterprise_name"])
    code: str = Field(examples=["missing"])
    text_zh: str = Field(examples=["此项必填"])
    text_en: str = Field(examples=["this field is required"])

    @classmethod
    def of(cls, fault: FieldFault) -> "MissingOut":
        return cls(pointer=fault.pointer, code=fault.code, text_zh=fault.detail_zh, text_en=fault.detail_en)


class CheckOut(ResponseModel):
    """The one list of everything that is missing (一次告知)."""

    is_complete: bool
    missing: list[MissingOut]


@router.post("", status_code=201, dependencies=[SUBMIT], summary="Save a draft (保存草稿)")
@refuses(ThemeNotFound, NotEmpowered)
async def save(
    body: NewDraftIn, drafter: Drafter, region: Region, uow: InTransaction, now: Now, response: Response
) -> DraftOut:
    """Whole or not: nothing is checked yet."""
    actor = actor_of(drafter, body.on_behalf_of, region)
    draft = await save_draft(body.content(), actor, region, uow, now)
    response.headers["Location"] = f"{router.prefix}/{draft.id}"
    return _shown(draft, response)


@router.get("", dependencies=[SUBMIT], summary="List drafts (草稿箱)")
@refuses(NotEmpowered)
async def list_own(
    actor: DraftActing, paged: Paged, uow: InTransaction, now: Now, response: Response
) -> Page[DraftSummaryOut]:
    """Newest first."""
    after = UUID(paged.after[0]) if paged.after else None
    drafts = await DraftStore(uow.session).of_owner(actor.subject, after, paged.fetch, now)
    return paged.page([DraftSummaryOut.of(draft) for draft in drafts], lambda each: (each.id,), response)


@router.get("/{draft_id}", dependencies=[SUBMIT], summary="Read a draft (读取草稿)")
@refuses(DraftNotFound, NotEmpowered)
async def read_one(
    draft_id: UUID, actor: DraftActing, uow: InTransaction, now: Now, response: Response
) -> DraftOut:
    """With the version that a change must name."""
    return _shown(await read_draft(draft_id, actor, uow, now), response)


@router.put("/{draft_id}", dependencies=[SUBMIT], summary="Change a draft (修改草稿)")
@refuses(DraftNotFound, ThemeNotFound, NotEmpowered)
async def change(
    draft_id: UUID,
    body: DraftIn,
    if_match: IfMatch,
    actor: DraftActing,
    region: Region,
    uow: InTransaction,
    now: Now,
    response: Response,
) -> DraftOut:
    """It is kept from now on for as long as a new one."""
    draft = await change_draft(draft_id, body.content(), actor, region, if_match.check, uow, now)
    return _shown(draft, response)


@router.delete("/{draft_id}", status_code=204, dependencies=[SUBMIT], summary="Delete a draft (删除草稿)")
@refuses(DraftNotFound, NotEmpowered)
async def delete(draft_id: UUID, if_match: IfMatch, actor: DraftActing, uow: InTransaction, now: Now) -> None:
    """It is gone."""
    await delete_draft(draft_id, actor, if_match.check, uow, now)


@router.get("/{draft_id}/check", dependencies=[SUBMIT], summary="What is missing still (一次告知)")
@refuses(DraftNotFound, ThemeNotFound, EnterpriseNotFound, ThemeNotForCaller, NotEmpowered)
async def check(
    draft_id: UUID, actor: DraftActing, region: Region, uow: InTransaction, now: Now, response: Response
) -> CheckOut:
    """One list of everything, as the submission would refuse it."""
    response.headers["Cache-Control"] = "no-store"
    faults = await check_draft(draft_id, actor, region, uow, now)
    return CheckOut(is_complete=not faults, missing=[MissingOut.of(fault) for fault in faults])


@router.post(
    "/{draft_id}/submission", status_code=201, dependencies=[SUBMIT], summary="Hand in a draft (提交草稿)"
)
@refuses(
    DraftNotFound,
    ThemeNotFound,
    FormNotAccepted,
    MatterIsOpen,
    MaterialNotFound,
    EnterpriseNotFound,
    ThemeNotForCaller,
    OnlyAtHome,
    FaceOrMaterialsNeeded,
    AddressNeeded,
    NotEmpowered,
)
async def submit(
    draft_id: UUID, actor: DraftActing, region: Region, uow: InTransaction, now: Now, response: Response
) -> MatterOut:
    """The draft becomes a matter; refused, it stays as it is."""
    case = await submit_draft(draft_id, actor, region, uow, now)
    response.headers["Location"] = f"/matters/v1/matters/{case.matter.id}"
    return await shown(case, actor.caller, region, uow, now, response)


def _summary(draft: Draft) -> dict[str, Any]:
    return {
        "id": draft.id,
        "theme": draft.theme,
        "channel": draft.channel,
        "created_at": draft.created_at,
        "changed_at": draft.changed_at,
        "expires_at": draft.expires_at,
    }


def _shown(draft: Draft, response: Response) -> DraftOut:
    set_etag(response, draft.version)
    response.headers["Cache-Control"] = "no-store"
    return DraftOut.of(draft)

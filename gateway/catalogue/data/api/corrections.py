"""Correction requests (校核申请): raised by who uses a datum or whom it is about, answered by its owner."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from gateway.catalogue.data.api.dependencies import CorrectionSealer, RegionInUse
from gateway.catalogue.data.api.grants import FieldName, ResourceKey
from gateway.catalogue.data.api.resource_shapes import HappeningOut
from gateway.catalogue.data.domain.correction import Correction, CorrectionStatus, Doubt, Outcome
from gateway.catalogue.data.domain.errors import ResourceNotFound
from gateway.catalogue.data.domain.refusals import (
    NotTheOwner,
    SharingNotPossible,
    SharingRecordNotFound,
    StepNotAllowed,
    UsesNoSuchData,
)
from gateway.catalogue.data.use_cases import handle_corrections
from shared.security.access import requires
from shared.web.conditional import set_etag
from shared.web.fields import Code, LongText, RequestModel, ResponseModel, ShortText
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/catalogue/v1/corrections", route_class=ServiceRoute, tags=["catalogue"])
SUBMIT = requires("catalogue.correction.submit")
ANSWER = requires("catalogue.request.manage")


class CorrectionIn(RequestModel):
    """Which field of which record is held to be wrong, what it ought to be, and how one knows."""

    resource: Annotated[ResourceKey, Field(examples=["registration.enterprise"])]
    record_key: Annotated[Code, Field(examples=["91140881MAE000002E"])]
    field: Annotated[FieldName, Field(examples=["contact_phone"])]
    claimed: Annotated[ShortText, Field(examples=["13900000000"], description="Kept sealed")]
    reason: Annotated[LongText, Field(examples=["电话已停机，企业提供了新号码"])]
    evidence: Annotated[UUID | None, Field(description="Id of a material (证明材料)")] = None


class AnswerIn(RequestModel):
    """What the owner found."""

    outcome: Annotated[Outcome, Field(examples=["corrected"])]
    reason: Annotated[ShortText, Field(examples=["经核实已更正"])]


class CorrectionOut(ResponseModel):
    """A correction request and where it stands; `claimed` is for its owner and its reporter."""

    correction_id: UUID
    resource: Annotated[str, Field(examples=["registration.enterprise"])]
    record_key: str
    field: str
    reason: str
    evidence: UUID | None
    owner_uscc: str
    reporter_agency_uscc: str | None
    status: Annotated[CorrectionStatus, Field(examples=["open"])]
    submitted_at: datetime
    due_at: datetime
    is_overdue: bool
    answered_at: datetime | None
    claimed: str | None
    history: list[HappeningOut]

    @classmethod
    def of(cls, correction: Correction, now: datetime, claimed: str | None = None) -> Self:
        """Shape a correction as it stands now."""
        ended = correction.answered_at or now
        return cls(
            **vars(correction.doubt),
            correction_id=correction.correction_id,
            owner_uscc=correction.owner_uscc,
            reporter_agency_uscc=correction.reporter_agency_uscc,
            status=correction.status,
            submitted_at=correction.submitted_at,
            due_at=correction.due_at,
            is_overdue=correction.due_at < ended,
            answered_at=correction.answered_at,
            claimed=claimed,
            history=[HappeningOut(**vars(step)) for step in correction.history],
        )


@router.post(
    "", status_code=HTTPStatus.CREATED, dependencies=[SUBMIT], summary="Say that a datum is wrong (校核申请)"
)
@refuses(ResourceNotFound, SharingNotPossible, UsesNoSuchData)
async def raise_one(
    body: CorrectionIn,
    caller: Caller,
    sealer: CorrectionSealer,
    region: RegionInUse,
    uow: InTransaction,
    now: Now,
    response: Response,
) -> CorrectionOut:
    """By whom the record is about, or an agency that holds the datum under a grant; answered in 10 working days."""
    doubt = Doubt(body.resource, body.record_key, body.field, body.reason, body.evidence)
    command = handle_corrections.RaiseCorrection(doubt, body.claimed, caller)
    correction = await handle_corrections.raise_correction(command, sealer, region, uow, now)
    response.headers["Location"] = f"{router.prefix}/{correction.correction_id}"
    set_etag(response, correction.version)
    return CorrectionOut.of(correction, now, body.claimed)


@router.get("", dependencies=[SUBMIT], summary="List correction requests (校核清单)")
async def show_corrections(
    caller: Caller,
    region: RegionInUse,
    paged: Paged,
    uow: InTransaction,
    now: Now,
    response: Response,
    status: CorrectionStatus | None = None,
    overdue: bool | None = None,
) -> Page[CorrectionOut]:
    """List what the caller reported or has to answer, the newest first; the data bureau sees all."""
    before = UUID(str(paged.after[0])) if paged.after else None
    filters = handle_corrections.visible_to(caller, region, status, overdue)
    found = await handle_corrections.list_corrections(filters, uow, before=before, limit=paged.fetch)
    shown = [CorrectionOut.of(correction, now) for correction in found]
    return paged.page(shown, lambda correction: (str(correction.correction_id),), response)


@router.get("/{correction_id}", dependencies=[SUBMIT], summary="Read a correction request (校核详情)")
@refuses(SharingRecordNotFound)
async def show_correction(
    correction_id: UUID,
    caller: Caller,
    sealer: CorrectionSealer,
    region: RegionInUse,
    uow: InTransaction,
    now: Now,
    response: Response,
) -> CorrectionOut:
    """Return it to its reporter, the owner of the datum and the data bureau; the claimed value to the first two."""
    correction, claimed = await handle_corrections.read_correction(
        correction_id, caller, sealer, region, uow, now
    )
    response.headers["Cache-Control"] = "no-store"
    set_etag(response, correction.version)
    return CorrectionOut.of(correction, now, claimed)


@router.post(
    "/{correction_id}/answer", dependencies=[ANSWER], summary="Answer a correction request (校核答复)"
)
@refuses(SharingRecordNotFound, NotTheOwner, StepNotAllowed)
async def answer(
    correction_id: UUID,
    body: AnswerIn,
    caller: Caller,
    region: RegionInUse,
    uow: InTransaction,
    now: Now,
    response: Response,
) -> CorrectionOut:
    """Say what was found; every agency that holds the datum is told."""
    command = handle_corrections.AnswerCorrection(correction_id, body.outcome, body.reason, caller)
    correction = await handle_corrections.answer_correction(command, region, uow, now)
    set_etag(response, correction.version)
    return CorrectionOut.of(correction, now)

"""Where one's cases stand, whichever service has them (审批进度一网查询)."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Response
from starlette.requests import Request

from gateway.progress.api.answers import CaseOut, ProgressOut
from gateway.progress.api.dependencies import NOT_MODIFIED, Applicant, InWords, private
from gateway.progress.domain.case import CaseState
from gateway.progress.domain.errors import CaseNotFound
from gateway.progress.use_cases.read_progress import ListCases, list_cases, read_progress
from shared.security.access import requires
from shared.web.fields import Instant
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/matters/v1", route_class=ServiceRoute, tags=["progress"])

READ = requires("matters.matter.read")
Service = Literal["registration", "licensing", "hotline", "gateway"]
Reference = Annotated[
    str,
    Path(
        min_length=1,
        max_length=64,
        pattern="^[A-Za-z0-9-]+$",
        description="Case number (受理编号), or the case's id",
        examples=["DJ-140881-20260302-000001-E"],
    ),
]


@router.get(
    "/mine",
    dependencies=[READ],
    summary="List one's cases of all services (我的办件)",
    response_model=Page[CaseOut],
    responses=NOT_MODIFIED,
)
async def list_mine(
    applicant: Applicant,
    wording: InWords,
    paged: Paged,
    uow: InTransaction,
    request: Request,
    response: Response,
    state: Annotated[CaseState | None, Query(description="In this state only")] = None,
    service: Annotated[
        Service | None, Query(description="Of this service only; matters are the gateway's")
    ] = None,
    since: Annotated[Instant | None, Query(description="What has changed since this instant")] = None,
) -> Response:
    """Newest first, parts under their matter; to a helper the matter that they carry. From events, within a second."""
    after = (str(paged.after[0]), str(paged.after[1])) if paged.after else None
    command = ListCases(applicant, state, service, since, after, paged.fetch)
    found = [CaseOut.of(each, wording) for each in await list_cases(command, uow)]
    page = paged.page(found, lambda each: (each.opened_at.isoformat(), each.id), response)
    return private(request, page, response.headers.get("Link"))


@router.get(
    "/progress/{case_no}",
    dependencies=[READ],
    summary="Read where a case stands, with its history (进度查询)",
    response_model=ProgressOut,
    responses=NOT_MODIFIED,
)
@refuses(CaseNotFound)
async def read_one(
    case_no: Reference,
    caller: Caller,
    wording: InWords,
    uow: InTransaction,
    now: Now,
    request: Request,
) -> Response:
    """One's own, or one that the caller's agency handles: such a look is recorded. A stranger is told of none."""
    told = await read_progress(case_no, caller, wording, uow, now)
    return private(request, ProgressOut.of_told(told, wording))

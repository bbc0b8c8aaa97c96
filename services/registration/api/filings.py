"""Filings (登记申请): submit, correct, withdraw, judge, read."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response

from services.registration.api.acts import AnyContentIn, AnyFilingIn
from services.registration.api.dependencies import Desk
from services.registration.api.exit_problems import EXIT_CONFLICTS
from services.registration.api.filing_models import (
    CheckedOut,
    FilingOut,
    FilingSummaryOut,
    ReasonIn,
    RefusalIn,
)
from services.registration.domain.errors import (
    ActionNotAllowed,
    AnotherMatter,
    CodesExhausted,
    EnterpriseNotFound,
    EnterpriseStateForbids,
    FaultsRemain,
    FilingInProgress,
    FilingNotFound,
    KindNotOffered,
    NameTaken,
    NotTheOwner,
    NotTheRegistrar,
)
from services.registration.domain.filing import Filing
from services.registration.domain.relocation_errors import (
    FileNotSound,
    HandOverInProgress,
    MigrationRestricted,
    ReasonUnknown,
)
from services.registration.store.filings import FilingStore
from services.registration.use_cases.amend_filing import AmendFiling, amend_filing
from services.registration.use_cases.ask_for_person import ask_for_person
from services.registration.use_cases.authority import may_read, queue_of
from services.registration.use_cases.check_filing import check_filing
from services.registration.use_cases.draft_filing import DraftFiling, keep_draft, submit_filing
from services.registration.use_cases.judge_filing import (
    JudgeFiling,
    approve_filing,
    extend_filing,
    refuse_filing,
    return_filing,
)
from services.registration.use_cases.registrar_desk import RegistrarDesk
from services.registration.use_cases.resubmit_filing import resubmit_filing
from services.registration.use_cases.withdraw_filing import withdraw_filing
from shared.calendar import MoveNotAllowed
from shared.security.access import requires
from shared.security.deciding import NotEmpowered
from shared.security.principal import Principal
from shared.web.channels import Before, ChannelCountsOut, Since
from shared.web.conditional import IfMatch, set_etag
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged, PageRequest
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/registration/v1", route_class=ServiceRoute, tags=["filings"])

SUBMIT = requires("registration.filing.submit")
READ = requires("registration.filing.read")
DECIDE = requires("registration.filing.decide")
MOVING = (HandOverInProgress, FileNotSound)
CONFLICTS = (NameTaken, CodesExhausted, EnterpriseStateForbids, FilingInProgress, *EXIT_CONFLICTS, *MOVING)
A_YEAR = timedelta(days=366)
FilingId = Annotated[UUID, Path(description="Id of the filing (申请编号)")]


@router.post("/filings", status_code=201, dependencies=[SUBMIT], summary="Submit a filing (提交登记申请)")
@refuses(KindNotOffered, EnterpriseNotFound, NotTheOwner, NotEmpowered, *CONFLICTS)
async def submit(
    body: AnyFilingIn, caller: Caller, uow: InTransaction, now: Now, desk: Desk, response: Response
) -> FilingOut:
    """Decided in the call by rules: approved, returned with all faults at once, or left to a registrar.

    The comprehensive window, and the reception platform of a zone, send it for whoever came to their counter.
    """
    filing = await submit_filing(_drafted(body, caller), uow, now, desk)
    response.headers["Location"] = f"/registration/v1/filings/{filing.id}"
    return _shaped(filing, desk, response)


@router.post("/filings/drafts", status_code=201, dependencies=[SUBMIT], summary="Keep a draft (暂存登记申请)")
@refuses(KindNotOffered, EnterpriseNotFound, NotTheOwner, NotEmpowered)
async def draft(
    body: AnyFilingIn, caller: Caller, uow: InTransaction, now: Now, desk: Desk, response: Response
) -> FilingOut:
    """Nothing is decided or reserved; go on with `PUT`, `GET …/check` and `POST …/submission`."""
    filing = await keep_draft(_drafted(body, caller), uow, now, desk)
    response.headers["Location"] = f"/registration/v1/filings/{filing.id}"
    return _shaped(filing, desk, response)


@router.get("/filings", dependencies=[READ], summary="List one's own filings (我的登记申请)")
async def list_own(
    caller: Caller, paged: Paged, uow: InTransaction, response: Response
) -> Page[FilingSummaryOut]:
    """Newest first."""
    _private(response)
    rows = await FilingStore(uow.session).of_applicant(caller.subject, _after(paged), paged.fetch)
    return _page(rows, paged, response)


@router.get("/review-queue", dependencies=[DECIDE], summary="What waits for a registrar (待审核)")
@refuses(NotTheRegistrar)
async def review_queue(
    caller: Caller, paged: Paged, uow: InTransaction, now: Now, desk: Desk, response: Response
) -> Page[FilingSummaryOut]:
    """Oldest first; an officer sees those of the office's region, a zone those delegated to it."""
    _private(response)
    queue = await queue_of(caller, uow, now, desk)
    rows = await FilingStore(uow.session).to_review(queue, _after(paged), paged.fetch)
    return _page(rows, paged, response)


@router.get("/filings/{filing_id}", dependencies=[READ], summary="Read a filing (查看登记申请)")
@refuses(FilingNotFound)
async def read(
    filing_id: FilingId, caller: Caller, uow: InTransaction, now: Now, desk: Desk, response: Response
) -> FilingOut:
    """For the applicant, and whoever accepted it or decides on it, in the region of their office."""
    filing = await FilingStore(uow.session).find(filing_id)
    if not await may_read(filing, caller, uow, now, desk):
        raise FilingNotFound
    return _shaped(filing, desk, response)


@router.put(
    "/filings/{filing_id}", dependencies=[SUBMIT], summary="Change a draft or a returned filing (补正)"
)
@refuses(FilingNotFound, NotTheOwner, ActionNotAllowed, AnotherMatter, EnterpriseNotFound)
async def amend(
    filing_id: FilingId,
    body: AnyContentIn,
    caller: Caller,
    if_match: IfMatch,
    uow: InTransaction,
    desk: Desk,
    response: Response,
) -> FilingOut:
    """Puts the whole content anew, but for the matter; it is decided on when it is submitted again."""
    command = AmendFiling(filing_id, caller, body.content(), if_match.check)
    return _shaped(await amend_filing(command, uow), desk, response)


@router.post("/filings/{filing_id}/submission", dependencies=[SUBMIT], summary="Submit again (重新提交)")
@refuses(FilingNotFound, NotTheOwner, ActionNotAllowed, *CONFLICTS)
async def resubmit(
    filing_id: FilingId, caller: Caller, uow: InTransaction, now: Now, desk: Desk, response: Response
) -> FilingOut:
    """Decided in the call, like the first time."""
    return _shaped(await resubmit_filing(filing_id, caller, uow, now, desk), desk, response)


@router.get(
    "/filings/{filing_id}/check", dependencies=[SUBMIT], summary="What is missing, in one list (一次性告知)"
)
@refuses(FilingNotFound, NotTheOwner, ActionNotAllowed, *CONFLICTS)
async def check(
    filing_id: FilingId, caller: Caller, uow: InTransaction, now: Now, desk: Desk, response: Response
) -> CheckedOut:
    """Every rule as on submission, of a draft or a returned filing; nothing is reserved or kept."""
    _private(response)
    return CheckedOut.of(await check_filing(filing_id, caller, uow, now, desk))


@router.post(
    "/filings/{filing_id}/person-request", dependencies=[SUBMIT], summary="Ask for a person (申请人工审查)"
)
@refuses(FilingNotFound, NotTheOwner, ActionNotAllowed, *CONFLICTS)
async def person_request(
    filing_id: FilingId, caller: Caller, uow: InTransaction, now: Now, desk: Desk, response: Response
) -> FilingOut:
    """Of a returned filing: an officer looks at what the rules found. A new filing says `wants_person`."""
    return _shaped(await ask_for_person(filing_id, caller, uow, now, desk), desk, response)


@router.post(
    "/filings/{filing_id}/extension",
    dependencies=[DECIDE],
    summary="Extend the time for a complex filing (延期)",
)
@refuses(FilingNotFound, NotEmpowered, ActionNotAllowed, MoveNotAllowed)
async def extend(
    filing_id: FilingId,
    body: ReasonIn,
    caller: Caller,
    uow: InTransaction,
    now: Now,
    desk: Desk,
    response: Response,
) -> FilingOut:
    """Once, while it runs, with the approval of the registrar's head (条例 art. 19)."""
    command = JudgeFiling(filing_id, caller)
    return _shaped(await extend_filing(command, body.wording(), uow, now, desk), desk, response)


@router.post("/filings/{filing_id}/withdrawal", dependencies=[SUBMIT], summary="Withdraw a filing (撤回)")
@refuses(FilingNotFound, ActionNotAllowed)
async def withdraw(
    filing_id: FilingId, caller: Caller, uow: InTransaction, now: Now, desk: Desk, response: Response
) -> FilingOut:
    """What it reserved is free at once."""
    return _shaped(await withdraw_filing(filing_id, caller.subject, uow, now), desk, response)


@router.post("/filings/{filing_id}/approval", dependencies=[DECIDE], summary="Approve a filing (核准)")
@refuses(FilingNotFound, NotEmpowered, ActionNotAllowed, FaultsRemain, *CONFLICTS)
async def approve(
    filing_id: FilingId, caller: Caller, uow: InTransaction, now: Now, desk: Desk, response: Response
) -> FilingOut:
    """By the registrar, a zone to which that is delegated, or at the window what is decided on the spot."""
    return _shaped(await approve_filing(JudgeFiling(filing_id, caller), uow, now, desk), desk, response)


@router.post("/filings/{filing_id}/refusal", dependencies=[DECIDE], summary="Refuse a filing (不予登记)")
@refuses(FilingNotFound, NotEmpowered, ActionNotAllowed, MigrationRestricted, ReasonUnknown)
async def refuse(
    filing_id: FilingId,
    body: RefusalIn,
    caller: Caller,
    uow: InTransaction,
    now: Now,
    desk: Desk,
    response: Response,
) -> FilingOut:
    """By whoever may approve it, with the reason; that an enterprise moves is never one."""
    command = JudgeFiling(filing_id, caller, body.reason_code)
    return _shaped(await refuse_filing(command, body.wording(), uow, now, desk), desk, response)


@router.post("/filings/{filing_id}/return", dependencies=[DECIDE], summary="Send a filing back (退回补正)")
@refuses(FilingNotFound, NotEmpowered, ActionNotAllowed)
async def send_back(
    filing_id: FilingId,
    body: ReasonIn,
    caller: Caller,
    uow: InTransaction,
    now: Now,
    desk: Desk,
    response: Response,
) -> FilingOut:
    """By whoever may approve it, with what is to be corrected."""
    command = JudgeFiling(filing_id, caller)
    return _shaped(await return_filing(command, body.wording(), uow, now, desk), desk, response)


@router.get("/stats/channels", dependencies=[READ], summary="Count filings by channel (渠道统计)")
@refuses(NotTheRegistrar)
async def channels(
    caller: Caller,
    uow: InTransaction,
    now: Now,
    desk: Desk,
    submitted_from: Since = None,
    submitted_before: Before = None,
) -> ChannelCountsOut:
    """For those who decide filings; an officer's counts are of the office's region. Of the last year, unless a first
    instant is named."""
    queue = await queue_of(caller, uow, now, desk)
    since = submitted_from or now - A_YEAR
    counted = FilingStore(uow.session).count_by_channel(queue.regions, since, submitted_before)
    return ChannelCountsOut.of(await counted)


def _shaped(filing: Filing, desk: RegistrarDesk, response: Response) -> FilingOut:
    set_etag(response, filing.version)
    _private(response)
    return FilingOut.of(filing, desk.policy, desk.calendar)


def _drafted(body: AnyFilingIn, caller: Principal) -> DraftFiling:
    return DraftFiling(
        caller, body.matter_id, body.content(), body.channel, body.on_behalf_of, body.wants_person
    )


def _private(response: Response) -> None:
    response.headers["Cache-Control"] = "no-store"


def _after(paged: PageRequest) -> tuple[datetime, UUID] | None:
    return (datetime.fromisoformat(paged.after[0]), UUID(paged.after[1])) if paged.after else None


def _page(filings: list[Filing], paged: PageRequest, response: Response) -> Page[FilingSummaryOut]:
    shown = [FilingSummaryOut.of(filing) for filing in filings]
    return paged.page(shown, lambda f: (f.submitted_at.isoformat(), str(f.id)), response)

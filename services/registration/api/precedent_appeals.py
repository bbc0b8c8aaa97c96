"""Appeals with a precedent (有先例可办): made by who was refused, answered by the registrar in writing."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response
from pydantic import Field

from services.registration.api.clocks import ClockOut
from services.registration.api.dependencies import Desk
from services.registration.api.filing_models import Reason
from services.registration.domain.errors import (
    AppealActionNotAllowed,
    AppealInProgress,
    AppealNotFound,
    FilingForgotten,
    FilingNotFound,
    NotRefused,
    NotTheRegistrar,
)
from services.registration.domain.precedent_appeal import (
    AppealAction,
    AppealStatus,
    Precedent,
    PrecedentAppeal,
)
from services.registration.domain.wording import Wording
from services.registration.store.precedent_appeals import AppealStore
from services.registration.use_cases.precedent_appeals import (
    AnswerAppeal,
    MakeAppeal,
    answer_appeal,
    make_appeal,
    read_appeal,
    withdraw_appeal,
)
from services.registration.use_cases.registrar_desk import RegistrarDesk
from services.registration.use_cases.registrars import require_registrar
from shared.security.access import requires
from shared.web.conditional import set_etag
from shared.web.fields import RequestModel, ResponseModel, ShortText
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/registration/v1", route_class=ServiceRoute, tags=["appeals"])

SUBMIT = requires("registration.filing.submit")
READ = requires("registration.filing.read")
DECIDE = requires("registration.filing.decide")
AppealId = Annotated[UUID, Path(description="Id of the appeal (先例申诉编号)")]


class AppealIn(RequestModel):
    """The precedent: where it was done, and which matter it was."""

    region: ShortText = Field(examples=["运城市盐湖区"])
    item: ShortText = Field(examples=["名称使用行业表述“曲艺”的企业设立登记"])
    words: Reason = Field(examples=["盐湖区2026年1月登记了同类企业，请参照办理"])

    def precedent(self) -> Precedent:
        """As the domain knows it."""
        return Precedent(self.region, self.item, self.words)


class Outcome(StrEnum):
    """What comes of an appeal."""

    UPHELD = "upheld"
    REJECTED = "rejected"


class AnswerIn(RequestModel):
    """The written answer, which is mandatory whatever comes of it."""

    outcome: Outcome = Field(examples=["upheld"])
    answer_zh: Reason = Field(examples=["参照先例可以办理，撤销原不予登记决定"])
    answer_en: Reason = Field(examples=["it can be done as there: the refusal is set aside"])


class AnswerOut(ResponseModel):
    """The registrar's written answer (书面答复)."""

    zh: str
    en: str


class AppealOut(ResponseModel):
    """An appeal with the time for its answer."""

    id: UUID
    filing_id: UUID
    status: AppealStatus
    version: int
    region: str
    item: str
    words: str
    made_at: datetime
    clock: ClockOut
    answer: AnswerOut | None
    ended_at: datetime | None

    @classmethod
    def of(cls, one: PrecedentAppeal, desk: RegistrarDesk) -> "AppealOut":
        """Shape an appeal."""
        return cls(
            id=one.id,
            filing_id=one.filing_id,
            status=one.status,
            version=one.version,
            region=one.precedent.region,
            item=one.precedent.item,
            words=one.precedent.words,
            made_at=one.made_at,
            clock=ClockOut.of(one.clock, desk.calendar),
            answer=AnswerOut(zh=one.answer.zh, en=one.answer.en) if one.answer else None,
            ended_at=one.ended_at,
        )


@router.post(
    "/filings/{filing_id}/appeals",
    status_code=201,
    dependencies=[SUBMIT],
    summary="Appeal a refusal with a precedent (有先例可办申诉)",
)
@refuses(FilingNotFound, NotRefused, FilingForgotten, AppealInProgress)
async def appeal(
    filing_id: Annotated[UUID, Path(description="Id of the refused filing (申请编号)")],
    body: AppealIn,
    caller: Caller,
    uow: InTransaction,
    now: Now,
    desk: Desk,
    response: Response,
) -> AppealOut:
    """What can be done in another city is coordinated by its precedent; a written answer is owed in time."""
    made = await make_appeal(MakeAppeal(filing_id, caller, body.precedent()), uow, now, desk)
    response.headers["Location"] = f"/registration/v1/appeals/{made.id}"
    return _shaped(made, desk, response)


@router.get("/appeals", dependencies=[DECIDE], summary="Appeals that wait for an answer (待答复)")
@refuses(NotTheRegistrar)
async def waiting(
    caller: Caller, paged: Paged, uow: InTransaction, desk: Desk, response: Response
) -> Page[AppealOut]:
    """For the registrar, oldest first; an officer sees those of the office's region."""
    response.headers["Cache-Control"] = "no-store"
    require_registrar(caller, desk)
    regions = [caller.office.region] if caller.office else None
    after = (datetime.fromisoformat(paged.after[0]), UUID(paged.after[1])) if paged.after else None
    rows = await AppealStore(uow.session).waiting(regions, after, paged.fetch)
    shown = [AppealOut.of(row, desk) for row in rows]
    return paged.page(shown, lambda out: (out.made_at.isoformat(), str(out.id)), response)


@router.get("/appeals/{appeal_id}", dependencies=[READ], summary="Read an appeal (查看申诉)")
@refuses(AppealNotFound)
async def read(
    appeal_id: AppealId, caller: Caller, uow: InTransaction, desk: Desk, response: Response
) -> AppealOut:
    """For whoever made it, and the registrar."""
    return _shaped(await read_appeal(appeal_id, caller, uow, desk), desk, response)


@router.post("/appeals/{appeal_id}/answer", dependencies=[DECIDE], summary="Answer in writing (书面答复)")
@refuses(NotTheRegistrar, AppealNotFound, AppealActionNotAllowed)
async def answer(
    appeal_id: AppealId,
    body: AnswerIn,
    caller: Caller,
    uow: InTransaction,
    now: Now,
    desk: Desk,
    response: Response,
) -> AppealOut:
    """Upheld: the refusal is set aside, and the filing reviewed anew; rejected: the answer says why not."""
    action = AppealAction.UPHOLD if body.outcome is Outcome.UPHELD else AppealAction.REJECT
    command = AnswerAppeal(appeal_id, caller, action, Wording(body.answer_zh, body.answer_en))
    return _shaped(await answer_appeal(command, uow, now, desk), desk, response)


@router.post("/appeals/{appeal_id}/withdrawal", dependencies=[SUBMIT], summary="Withdraw an appeal (撤回)")
@refuses(AppealNotFound, AppealActionNotAllowed)
async def withdraw(
    appeal_id: AppealId, caller: Caller, uow: InTransaction, now: Now, desk: Desk, response: Response
) -> AppealOut:
    """By whoever made it."""
    return _shaped(await withdraw_appeal(appeal_id, caller, uow, now, desk), desk, response)


def _shaped(one: PrecedentAppeal, desk: RegistrarDesk, response: Response) -> AppealOut:
    response.headers["Cache-Control"] = "no-store"
    set_etag(response, one.version)
    return AppealOut.of(one, desk)

"""Credit subjects (信用主体): grade, evaluation and records, as far as the caller may see."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Final, Self
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import ConfigDict, JsonValue

from services.credit.api.dependencies import READ_SCOPE, Rules, SubjectCode, ViewerOfSubject
from services.credit.api.records import RecordOut, TextOut
from services.credit.domain.errors import AgencyOnly, SubjectNotFound
from services.credit.domain.evaluation import Scorecard
from services.credit.domain.subjects import Subject
from services.credit.domain.viewing import Relation
from services.credit.use_cases.leave_access_record import leave_access_record
from services.credit.use_cases.read_subject import (
    EvaluationView,
    list_records,
    list_subjects,
    read_evaluation,
    read_subject,
)
from services.credit.use_cases.view_by_grant import EVALUATION, RECORDS, verify_evaluation, view_by_grant
from shared.security.access import public, requires
from shared.sharing.refusals import CaseNumberMissing, ReadingRefused, TooManyClaims
from shared.sharing.stating import ClaimsIn, Stating, VerdictsOut, who_states
from shared.web.conditional import set_etag
from shared.web.fields import ResponseModel
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.problems import SCOPE_MISSING, UNAUTHENTICATED
from shared.web.routes import Caller, CallerIfAny, InTransaction, ServiceRoute

router = APIRouter(prefix="/credit/v1/subjects", route_class=ServiceRoute, tags=["subjects"])

_SUBJECT_EXAMPLE: Final[dict[str, JsonValue]] = {
    "uscc": "91140881MB9Y00075F",
    "name": "永济市示例餐饮有限公司",
    "state": "active",
    "grade": "B",
    "risk": {"zh": "信用风险一般", "en": "Ordinary credit risk"},
    "allows_commitment": True,
    "scorecard_version": "yongji-2026.1",
    "evaluated_at": "2026-05-11T01:30:00Z",
}


class SubjectOut(ResponseModel):
    """The public grade of a subject."""

    model_config = ConfigDict(json_schema_extra={"examples": [_SUBJECT_EXAMPLE]})

    uscc: str
    name: str
    state: str
    grade: str
    risk: TextOut
    allows_commitment: bool
    scorecard_version: str
    evaluated_at: datetime

    @classmethod
    def of(cls, subject: Subject, scorecard: Scorecard) -> Self:
        """Show a subject; every kept subject is evaluated."""
        made = subject.evaluation
        if made is None:
            raise SubjectNotFound(uscc=subject.uscc)
        return cls(
            uscc=subject.uscc,
            name=subject.enterprise.name,
            state=subject.enterprise.state,
            grade=made.grade,
            risk=TextOut.of(scorecard.step_of(made.score).risk),
            allows_commitment=made.allows_commitment,
            scorecard_version=made.scorecard_version,
            evaluated_at=made.evaluated_at,
        )


class ContributionOut(ResponseModel):
    """What one factor of the score card gave."""

    code: str
    title: TextOut | None
    points: Decimal | None
    count: int
    records: list[UUID]


class EvaluationOut(ResponseModel):
    """An evaluation, explained; strangers see the public part: no score, no points, public records only."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "uscc": "91140881MB9Y00075F",
                    "grade": "B",
                    "score": "70.00",
                    "scorecard_version": "yongji-2026.1",
                    "allows_commitment": True,
                    "evaluated_at": "2026-05-11T01:30:00Z",
                    "number": 2,
                    "is_full": True,
                    "contributions": [
                        {
                            "code": "penalty_general",
                            "title": {"zh": "一般失信行政处罚", "en": "General penalty"},
                            "points": "-10.00",
                            "count": 1,
                            "records": ["019705e2-6d52-7c1e-9a46-5b1f0f0c7a11"],
                        }
                    ],
                }
            ]
        }
    )

    uscc: str
    grade: str
    score: Decimal | None
    scorecard_version: str
    allows_commitment: bool
    evaluated_at: datetime
    number: int
    is_full: bool
    contributions: list[ContributionOut]

    @classmethod
    def of(cls, view: EvaluationView, scorecard: Scorecard) -> Self:
        """Show a view of an evaluation."""
        made = view.evaluation
        titles = {factor.code: TextOut.of(factor.title) for factor in scorecard.factors}
        return cls(
            uscc=view.subject.uscc,
            grade=made.grade,
            score=made.score if view.shows_score else None,
            scorecard_version=made.scorecard_version,
            allows_commitment=made.allows_commitment,
            evaluated_at=made.evaluated_at,
            number=view.subject.evaluation_number,
            is_full=view.shows_score and len(view.contributions) == len(made.contributions),
            contributions=[
                ContributionOut(
                    code=c.code,
                    title=titles.get(c.code),
                    points=c.points if view.shows_score else None,
                    count=c.count,
                    records=list(c.records),
                )
                for c in view.contributions
            ],
        )


@router.get("", dependencies=[requires(READ_SCOPE)], summary="List subjects of a grade (按等级列出信用主体)")
@refuses(AgencyOnly)
async def list_by_grade(
    grade: Annotated[str, Query(pattern="^[A-Z]$", min_length=1, max_length=1, description="等级")],
    caller: Caller,
    paged: Paged,
    rules: Rules,
    uow: InTransaction,
    response: Response,
) -> Page[SubjectOut]:
    """List subjects for classified supervision (分级分类监管), by credit code."""
    if caller.agency is None:
        raise AgencyOnly
    after = str(paged.after[0]) if paged.after else ""
    subjects = await list_subjects(grade, uow, after=after, limit=paged.fetch)
    shown = [SubjectOut.of(subject, rules.scorecard) for subject in subjects]
    return paged.page(shown, lambda subject: (subject.uscc,), response)


@router.get(
    "/{uscc}",
    dependencies=[public("the grade of an enterprise is public credit information")],
    summary="Read a subject's grade (信用等级查询)",
)
@refuses(SubjectNotFound)
async def read(uscc: SubjectCode, rules: Rules, uow: InTransaction, response: Response) -> SubjectOut:
    """Read the public grade summary."""
    subject, _ = await read_subject(uscc, uow)
    set_etag(response, subject.evaluation_number)
    return SubjectOut.of(subject, rules.scorecard)


@router.get(
    "/{uscc}/evaluation",
    dependencies=[public("everybody sees the public part; owner and agencies see more with their token")],
    summary="Read a subject's evaluation (公共信用综合评价)",
)
@refuses(SubjectNotFound, ReadingRefused, CaseNumberMissing, UNAUTHENTICATED, SCOPE_MISSING)
async def evaluation(
    uscc: SubjectCode,
    viewer: ViewerOfSubject,
    caller: CallerIfAny,
    stated: Stating,
    rules: Rules,
    uow: InTransaction,
) -> EvaluationOut:
    """Read the newest evaluation with the factors and records that it rests on; an agency the score by grant."""
    if stated.asks:
        reader = who_states(caller, READ_SCOPE)
        viewer = await view_by_grant(uscc, EVALUATION, viewer, stated, reader, uow)
    view = await read_evaluation(uscc, viewer, uow)
    if caller is not None and viewer.relation is Relation.AGENCY:
        leave_access_record(uscc, view.records, viewer, caller, uow)
    return EvaluationOut.of(view, rules.scorecard)


@router.get(
    "/{uscc}/records",
    dependencies=[public("everybody sees open records inside their publicity period")],
    summary="List a subject's records (信用记录查询)",
)
@refuses(SubjectNotFound, ReadingRefused, CaseNumberMissing, UNAUTHENTICATED, SCOPE_MISSING)
async def records(
    uscc: SubjectCode,
    viewer: ViewerOfSubject,
    caller: CallerIfAny,
    stated: Stating,
    paged: Paged,
    uow: InTransaction,
    response: Response,
) -> Page[RecordOut]:
    """List records, newest entry first; an agency those shared on conditions by grant."""
    if stated.asks:
        reader = who_states(caller, READ_SCOPE)
        viewer = await view_by_grant(uscc, RECORDS, viewer, stated, reader, uow)
    before = UUID(str(paged.after[0])) if paged.after else None
    found = await list_records(uscc, viewer, uow, before=before, limit=paged.fetch)
    shown = found[: paged.limit]
    if caller is not None and viewer.relation is Relation.AGENCY:
        leave_access_record(uscc, shown, viewer, caller, uow)
    return paged.page([RecordOut.of(record) for record in found], lambda record: (record.id,), response)


@router.post(
    "/{uscc}/verification",
    dependencies=[requires(READ_SCOPE)],
    summary="Verify what is claimed of an evaluation (数据核验)",
    openapi_extra={"x-idempotent": True},
)
@refuses(SubjectNotFound, ReadingRefused, CaseNumberMissing, TooManyClaims)
async def verify_claimed(
    uscc: SubjectCode, body: ClaimsIn, caller: Caller, uow: InTransaction, response: Response
) -> VerdictsOut:
    """Match or no match for each field, never the value; only under a grant whose way is `verify`."""
    response.headers["Cache-Control"] = "no-store"
    return VerdictsOut.of(await verify_evaluation(uscc, body.made(), body.stated(), caller, uow))

"""Annual reports (年度报告): the form, filing and correcting, reading, a department's request."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from services.registration.api.annual_report_models import (
    AnnualReportIn,
    AnnualReportOut,
    PublishedReportOut,
    PublishedReportsOut,
    PublishedVersionOut,
    ReportContentIn,
    ReportFormOut,
    ReportRequestIn,
    ReportRequestOut,
)
from services.registration.api.dependencies import Desk
from services.registration.domain.annual_report import AnnualReport, last_year, public_answers, window_of
from services.registration.domain.errors import EnterpriseNotFound
from services.registration.domain.publicity_errors import (
    AskedAlready,
    KnownFieldChanged,
    ReportFaulty,
    ReportFiled,
    ReportMoveNotAllowed,
    ReportNotFound,
    ReportNotTaken,
)
from services.registration.use_cases.file_annual_report import (
    CorrectReport,
    FileReport,
    correct_annual_report,
    file_annual_report,
    known_for_reporter,
)
from services.registration.use_cases.read_annual_report import (
    OpenedReport,
    published_reports,
    read_annual_report,
)
from services.registration.use_cases.registrar_desk import RegistrarDesk
from services.registration.use_cases.request_report import RequestReport, request_report
from shared.security.access import public, requires
from shared.security.deciding import NotEmpowered
from shared.web.conditional import IfMatch, set_etag
from shared.web.fields import UsccField
from shared.web.openapi import refuses
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/registration/v1", route_class=ServiceRoute, tags=["annual reports"])

SUBMIT = requires("registration.filing.submit")
READ = requires("registration.enterprise.read")
UsccPath = Annotated[UsccField, Path(description="Unified social credit code (统一社会信用代码)")]
ReportId = Annotated[UUID, Path(description="Id of the report (年度报告编号)")]


@router.get(
    "/enterprises/{uscc}/annual-reports",
    dependencies=[public("the law publishes annual reports (企业信息公示暂行条例)")],
    summary="Published annual reports (公示的年度报告)",
)
@refuses(EnterpriseNotFound)
async def published(
    uscc: UsccPath, uow: InTransaction, desk: Desk, response: Response
) -> PublishedReportsOut:
    """What everybody may see, the newest first; what a correction replaced is shown beside it."""
    response.headers["Cache-Control"] = "public, max-age=60"
    opened = await published_reports(uscc, uow, desk.policy.publicity)
    return PublishedReportsOut(uscc=uscc, reports=[_published(each, desk) for each in opened])


@router.get(
    "/enterprises/{uscc}/annual-reports/form",
    dependencies=[SUBMIT],
    summary="The form of the annual report, filled in with what is known (年报表单)",
)
@refuses(EnterpriseNotFound)
async def form(
    uscc: UsccPath,
    caller: Caller,
    uow: InTransaction,
    now: Now,
    desk: Desk,
    response: Response,
    year: Annotated[int | None, Query(ge=1949, le=2999, description="Year reported on; last year")] = None,
) -> ReportFormOut:
    """For the enterprise, and a counter for it."""
    response.headers["Cache-Control"] = "no-store"
    known, wanted = await known_for_reporter(uscc, caller, uow, desk), year or last_year(now)
    policy = desk.policy.publicity.report
    return ReportFormOut.of(uscc, wanted, window_of(wanted, policy), known, policy)


@router.post(
    "/enterprises/{uscc}/annual-reports",
    status_code=201,
    dependencies=[SUBMIT],
    summary="File the annual report, once for all departments (报送年度报告)",
)
@refuses(EnterpriseNotFound, ReportNotTaken, ReportFiled, KnownFieldChanged, ReportFaulty)
async def submit(
    uscc: UsccPath,
    body: AnnualReportIn,
    caller: Caller,
    uow: InTransaction,
    now: Now,
    desk: Desk,
    response: Response,
) -> AnnualReportOut:
    """In time until 30 June 24:00, marked as made up (补报) afterwards; each department is told its part."""
    command = FileReport(uscc, body.year, body.content(), body.known, caller, body.channel, body.is_on_paper)
    report = await file_annual_report(command, uow, now, desk)
    response.headers["Location"] = f"/registration/v1/annual-reports/{report.id}"
    return _whole(report, response)


@router.get(
    "/annual-reports/{report_id}", dependencies=[READ], summary="Read an annual report (查看年度报告)"
)
@refuses(ReportNotFound)
async def read(
    report_id: ReportId, caller: Caller, uow: InTransaction, desk: Desk, response: Response
) -> AnnualReportOut:
    """All of it for the enterprise and the supervisor, a department's own part for that department."""
    opened = await read_annual_report(report_id, caller, uow, desk)
    set_etag(response, opened.report.version)
    response.headers["Cache-Control"] = "no-store"
    return AnnualReportOut.of(opened)


@router.put(
    "/annual-reports/{report_id}", dependencies=[SUBMIT], summary="Correct an annual report (更正年报)"
)
@refuses(ReportNotFound, ReportMoveNotAllowed, KnownFieldChanged, ReportFaulty)
async def correct(
    report_id: ReportId,
    body: ReportContentIn,
    caller: Caller,
    if_match: IfMatch,
    uow: InTransaction,
    now: Now,
    desk: Desk,
    response: Response,
) -> AnnualReportOut:
    """Until 30 June; both what was and what is are published."""
    command = CorrectReport(report_id, body.content(), body.known, caller, if_match.check)
    return _whole(await correct_annual_report(command, uow, now, desk), response)


@router.post(
    "/enterprises/{uscc}/report-requests",
    status_code=201,
    dependencies=[READ],
    summary="A department asks for a report that is not in (部门催报)",
)
@refuses(NotEmpowered, EnterpriseNotFound, ReportNotTaken, AskedAlready)
async def ask(
    uscc: UsccPath,
    body: ReportRequestIn,
    caller: Caller,
    uow: InTransaction,
    now: Now,
    desk: Desk,
    response: Response,
) -> ReportRequestOut:
    """Once for all departments. Whoever asks again, or for what is in, is told where the data are."""
    response.headers["Cache-Control"] = "no-store"
    return ReportRequestOut.of(await request_report(RequestReport(uscc, body.year, caller), uow, now, desk))


def _whole(report: AnnualReport, response: Response) -> AnnualReportOut:
    set_etag(response, report.version)
    response.headers["Cache-Control"] = "no-store"
    return AnnualReportOut.of(OpenedReport(report, report.content.answers, ()))


def _published(opened: OpenedReport, desk: RegistrarDesk) -> PublishedReportOut:
    report, policy = opened.report, desk.policy.publicity.report
    return PublishedReportOut(
        id=report.id,
        year=report.year,
        state=report.state,
        is_late=report.is_late,
        is_withheld=report.content.is_withheld,
        filed_at=report.filed_at,
        fields=public_answers(report.content, policy),
        before=[
            PublishedVersionOut(
                version=each.version,
                filed_at=each.filed_at,
                fields=public_answers(each.content, policy),
            )
            for each in opened.before
        ],
    )

"""A department asks for a report that is not in: once, and never for what was reported. Source: REG-35."""

from dataclasses import dataclass
from datetime import datetime

from services.registration.domain.annual_report import is_owed, last_year, window_of
from services.registration.domain.publicity_errors import AskedAlready, ReportNotTaken
from services.registration.store.annual_reports import AnnualReportStore
from services.registration.store.enterprises import EnterpriseStore
from services.registration.use_cases.file_annual_report import path_of
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.database.unit_of_work import UnitOfWork
from shared.security.deciding import NotEmpowered
from shared.security.principal import Principal


@dataclass(frozen=True)
class RequestReport:
    """Which department asks for whose report on which year."""

    uscc: str
    year: int
    caller: Principal


@dataclass(frozen=True)
class RequestedReport:
    """The report is awaited; the department is told its part when it comes."""

    uscc: str
    year: int
    agency_uscc: str
    department: str
    due_at: datetime


async def request_report(
    command: RequestReport, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> RequestedReport:
    """Raises: NotEmpowered for an agency without a part in the report; EnterpriseNotFound, ReportNotTaken,
    AskedAlready with the place where the data are.
    """
    policy = desk.policy.publicity.report
    part = policy.part_of(command.caller.agency)
    if part is None:
        raise NotEmpowered("本单位在年度报告中没有事项", "the agency has no part in the annual report")
    file = await EnterpriseStore(uow.session).lock(command.uscc)
    if command.year > last_year(now) or not is_owed(file.enterprise, command.year, policy):
        raise ReportNotTaken(command.year)
    store = AnnualReportStore(uow.session)
    if report := await store.of_year(command.uscc, command.year):
        raise AskedAlready(command.year, path_of(report.id), report.uscc)
    asked_by = await store.ask(command.uscc, command.year, part.agency_uscc, now)
    if asked_by is not None:
        where = f"/registration/v1/enterprises/{command.uscc}/annual-reports"
        raise AskedAlready(command.year, where, asked_by)
    due_at = window_of(command.year, policy).closes_at
    return RequestedReport(command.uscc, command.year, part.agency_uscc, part.key, due_at)

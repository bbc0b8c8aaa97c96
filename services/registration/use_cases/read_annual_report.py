"""Read a report: the enterprise and the supervisor see all of it, a department its part, everybody what is public."""

from dataclasses import dataclass
from uuid import UUID

from services.registration.domain.annual_report import AnnualReport, Answers, public_answers
from services.registration.domain.publicity_errors import ReportNotFound
from services.registration.domain.publicity_policy import PublicityPolicy
from services.registration.store.annual_reports import AnnualReportStore, Superseded
from services.registration.store.enterprises import EnterpriseStore
from services.registration.use_cases.file_annual_report import reports_for
from services.registration.use_cases.registrar_desk import RegistrarDesk
from services.registration.use_cases.supervision import supervises
from shared.database.unit_of_work import UnitOfWork
from shared.security.office import within
from shared.security.principal import Principal


@dataclass(frozen=True)
class OpenedReport:
    """A report with what of it this reader may see, and what corrections replaced of that."""

    report: AnnualReport
    answers: Answers
    before: tuple[Superseded, ...]


async def read_annual_report(
    report_id: UUID, reader: Principal, uow: UnitOfWork, desk: RegistrarDesk
) -> OpenedReport:
    """Raises: ReportNotFound, also where nothing of it is for the reader."""
    store = AnnualReportStore(uow.session)
    report = await store.find(report_id)
    file = await EnterpriseStore(uow.session).find(report.uscc)
    before = (await store.before([report])).get(report.id, ())
    policy = desk.policy.publicity
    if reports_for(reader, file.enterprise, desk) or _oversees(
        reader, desk, file.enterprise.domicile_division_code
    ):
        return OpenedReport(report, report.content.answers, before)
    part = policy.report.part_of(reader.agency)
    if part is None:
        raise ReportNotFound
    return OpenedReport(report, {part.key: report.content.answers.get(part.key, {})}, ())


async def published_reports(uscc: str, uow: UnitOfWork, policy: PublicityPolicy) -> tuple[OpenedReport, ...]:
    """What everybody may see of an enterprise's reports, corrections included. Raises: EnterpriseNotFound."""
    await EnterpriseStore(uow.session).find(uscc)
    store = AnnualReportStore(uow.session)
    reports = await store.of_enterprise(uscc)
    before = await store.before(reports)
    return tuple(
        OpenedReport(
            report,
            {"published": public_answers(report.content, policy.report)},
            before.get(report.id, ()),
        )
        for report in reports
    )


def _oversees(reader: Principal, desk: RegistrarDesk, division_code: str) -> bool:
    return supervises(reader, desk) and within(reader.office, division_code)

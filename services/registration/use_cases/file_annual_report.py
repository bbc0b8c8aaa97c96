"""File the annual report once for all departments, correct it until 30 June, make it up afterwards."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from services.registration.domain.abnormal_list import Cause
from services.registration.domain.annual_report import (
    AnnualReport,
    FiledContent,
    ReportMove,
    ReportState,
    advance,
    corrected,
    known_fields,
    may_report,
    may_withhold,
    window_of,
)
from services.registration.domain.enterprise import Enterprise, EnterpriseFile
from services.registration.domain.errors import EnterpriseNotFound
from services.registration.domain.publicity_errors import (
    KnownFieldChanged,
    ReportFaulty,
    ReportFiled,
    ReportNotFound,
    ReportNotTaken,
)
from services.registration.domain.report_check import ReportFault, content_faults, known_faults
from services.registration.domain.wording import Wording
from services.registration.published.annual_reports import annual_report_received, annual_report_submitted
from services.registration.store.annual_reports import AnnualReportStore
from services.registration.store.enterprises import EnterpriseStore
from services.registration.use_cases.end_listings import cure_listing
from services.registration.use_cases.ownership import is_owner
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import new_uuid7
from shared.identifiers.channel import Channel
from shared.security.deciding import accepting_regions
from shared.security.office import region_covers, within
from shared.security.principal import Principal
from shared.web.problems import FieldFault

_MADE_UP: Final = Wording("已补报并公示年度报告", "the annual report was made up and published")
_NOT_ITS_OWN: Final = Wording("仅个体工商户可以选择", "only an individual business has this choice")
_AT_COUNTER: Final = Wording(
    "纸质年报由登记机关或者窗口代为录入", "a report on paper is entered at the counter"
)


@dataclass(frozen=True)
class FileReport:
    """What is reported, by whom and how; `stated` are facts of the register as the form sent them back."""

    uscc: str
    year: int
    content: FiledContent
    stated: Mapping[str, str]
    caller: Principal
    channel: Channel = Channel.PORTAL
    is_on_paper: bool = False


async def file_annual_report(
    command: FileReport, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> AnnualReport:
    """Take it, tell each department its part, take the enterprise off the list where that is the cure.

    Raises: EnterpriseNotFound, ReportNotTaken, ReportFiled, KnownFieldChanged, ReportFaulty.
    """
    file = await EnterpriseStore(uow.session).lock(command.uscc)
    one, policy = file.enterprise, desk.policy.publicity.report
    if not reports_for(command.caller, one, desk):
        raise EnterpriseNotFound
    if not may_report(one, command.year, policy, now):
        raise ReportNotTaken(command.year)
    store = AnnualReportStore(uow.session)
    if filed := await store.of_year(one.uscc, command.year):
        raise ReportFiled(command.year, path_of(filed.id))
    known = known_of(file)
    _refuse_faults(command.content, command.stated, known, one, desk)
    _refuse_paper(command, one, desk)
    move = window_of(command.year, policy).move_at(now)
    report = AnnualReport(
        id=new_uuid7(),
        uscc=one.uscc,
        year=command.year,
        state=advance(ReportState.DUE, move),
        version=1,
        content=command.content,
        known=known,
        channel=command.channel,
        is_on_paper=command.is_on_paper,
        filed_by=command.caller.reference,
        filed_at=now,
        is_late=move is ReportMove.MAKE_UP,
    )
    await store.save(report)
    _tell(report, one, uow, desk)
    await cure_listing(one.uscc, Cause.NO_ANNUAL_REPORT, _MADE_UP, uow, desk, year=report.year)
    return report


@dataclass(frozen=True)
class CorrectReport:
    """Which report, by what; `expects` refuses a version that is not the one that was read."""

    report_id: UUID
    content: FiledContent
    stated: Mapping[str, str]
    caller: Principal
    expects: Callable[[int], None]


async def correct_annual_report(
    command: CorrectReport, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> AnnualReport:
    """Until 30 June; what it replaces stays beside it and is published too.

    Raises: ReportNotFound, ReportMoveNotAllowed, KnownFieldChanged, ReportFaulty.
    """
    store = AnnualReportStore(uow.session)
    found = await store.find(command.report_id)
    file = await EnterpriseStore(uow.session).lock(found.uscc)
    if not reports_for(command.caller, file.enterprise, desk):
        raise ReportNotFound
    report = await store.find(command.report_id)  # as it is now that its enterprise is locked
    command.expects(report.version)
    after = corrected(report, command.content, desk.policy.publicity.report, now)
    _refuse_faults(command.content, command.stated, report.known, file.enterprise, desk)
    await store.save(after, replaces=report)
    _tell(after, file.enterprise, uow, desk)
    return after


def reports_for(caller: Principal, one: Enterprise, desk: RegistrarDesk) -> bool:
    """Whether the caller is the enterprise itself, or a counter for it."""
    return is_owner(caller, one) or _keeps_counter_for(caller, one, desk)


async def known_for_reporter(
    uscc: str, caller: Principal, uow: UnitOfWork, desk: RegistrarDesk
) -> dict[str, str]:
    """What the form shows filled in. Raises: EnterpriseNotFound."""
    file = await EnterpriseStore(uow.session).find(uscc)
    if not reports_for(caller, file.enterprise, desk):
        raise EnterpriseNotFound
    return known_of(file)


def known_of(file: EnterpriseFile) -> dict[str, str]:
    """What the register has and the form shows filled in."""
    return known_fields(file.enterprise, file.principal.name if file.principal else None, file.contact_phone)


def path_of(report_id: UUID) -> str:
    """Where a report is read."""
    return f"/registration/v1/annual-reports/{report_id}"


def as_field_faults(faults: Iterable[ReportFault]) -> tuple[FieldFault, ...]:
    """Faults as a refusal lists them."""
    return tuple(FieldFault(f.pointer, f.code, f.text.zh, f.text.en) for f in faults)


def _keeps_counter_for(caller: Principal, one: Enterprise, desk: RegistrarDesk) -> bool:
    place = one.domicile_division_code
    if caller.agency == desk.policy.registrar.uscc:
        return within(caller.office, place)
    return any(region_covers(region, place) for region in accepting_regions(caller, desk.policy.zones))


def _refuse_paper(command: FileReport, one: Enterprise, desk: RegistrarDesk) -> None:
    if not command.is_on_paper:
        return
    if not may_withhold(one):
        raise ReportFaulty(as_field_faults([ReportFault("/is_on_paper", "not_its_choice", _NOT_ITS_OWN)]))
    if not _keeps_counter_for(command.caller, one, desk):
        raise ReportFaulty(as_field_faults([ReportFault("/is_on_paper", "at_the_counter", _AT_COUNTER)]))


def _refuse_faults(
    content: FiledContent,
    stated: Mapping[str, str],
    known: Mapping[str, str],
    one: Enterprise,
    desk: RegistrarDesk,
) -> None:
    if changed := known_faults(stated, known):
        raise KnownFieldChanged(as_field_faults(changed))
    faults = list(content_faults(content, desk.policy.publicity.report))
    if content.is_withheld and not may_withhold(one):
        faults.append(ReportFault("/is_withheld", "not_its_choice", _NOT_ITS_OWN))
    if faults:
        raise ReportFaulty(as_field_faults(faults))


def _tell(report: AnnualReport, one: Enterprise, uow: UnitOfWork, desk: RegistrarDesk) -> None:
    policy = desk.policy.publicity.report
    uow.announce(annual_report_submitted(report, one, policy))
    for part in policy.parts:
        if part.key in report.content.answers:
            uow.announce(annual_report_received(report, one, part))

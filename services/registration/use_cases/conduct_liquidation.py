"""A liquidation from its group to its report (清算组备案、债权人公告、清算报告); or it is given up."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from services.registration.domain.court_ruling import Proceedings
from services.registration.domain.enterprise import EnterpriseFile
from services.registration.domain.errors import EnterpriseStateForbids
from services.registration.domain.exit_errors import (
    BeforeCourt,
    ClaimsStillOpen,
    LiquidationRunning,
    LiquidationUnsound,
    NoLiquidationNeeded,
    NoticeRunning,
)
from services.registration.domain.exit_notice import settled
from services.registration.domain.kinds import GONE, IN_BUSINESS, EnterpriseState
from services.registration.domain.liquidation import (
    WITHOUT_LIQUIDATION,
    CreditorNotice,
    ExitReason,
    Liquidation,
    LiquidationGroup,
    LiquidationMove,
    LiquidationReport,
    LiquidationState,
    advance,
    application_due,
    claims_until,
    require_may_go_on,
)
from services.registration.domain.liquidation_rules import review_group, review_report
from services.registration.domain.register_acts import Cause, RegisterAct
from services.registration.domain.rule import RuleResult
from services.registration.published.liquidations import (
    ABANDONED,
    CONCLUDED,
    CREDITORS_NOTIFIED,
    GROUP_CHANGED,
    OPENED,
    liquidation_told,
)
from services.registration.store.enterprises import EnterpriseStore
from services.registration.store.exit_notices import ExitNoticeStore
from services.registration.store.exit_standing import ExitStanding
from services.registration.store.liquidations import LiquidationStore
from services.registration.use_cases.change_register import change_register
from services.registration.use_cases.exit_filer import applicant_for
from services.registration.use_cases.faults import faults_of
from services.registration.use_cases.registrar_desk import RegistrarDesk
from services.registration.use_cases.suspend import cut_suspension_short
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import new_uuid7
from shared.security.principal import Principal

_ACT: Final = "liquidation"


@dataclass(frozen=True)
class OpenLiquidation:
    """Why the enterprise ends, on a decision of which day, and who winds it up."""

    uscc: str
    reason: ExitReason
    decided_on: date
    group: LiquidationGroup
    caller: Principal
    on_behalf_of: str | None = None


@dataclass(frozen=True)
class MoveLiquidation:
    """Which liquidation, by whom; `expects` refuses a version that is not the one that was read."""

    liquidation_id: UUID
    caller: Principal
    expects: Callable[[int], None]
    on_behalf_of: str | None = None


async def open_liquidation(
    command: OpenLiquidation, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> Liquidation:
    """Put the group on record, which publishes it; the enterprise winds up from now on.

    Raises: EnterpriseNotFound, NotTheOwner, NotEmpowered, EnterpriseStateForbids, NoLiquidationNeeded,
    BeforeCourt, LiquidationRunning, NoticeRunning, LiquidationUnsound.
    """
    file = await EnterpriseStore(uow.session).lock(command.uscc)
    one, store = file.enterprise, LiquidationStore(uow.session)
    applicant_for(command.caller, one, command.on_behalf_of, desk)
    if one.state in GONE:
        raise EnterpriseStateForbids(one.state.value, _ACT)
    if one.enterprise_kind in WITHOUT_LIQUIDATION:
        raise NoLiquidationNeeded(one.enterprise_kind.value)
    await _require_no_court(one.uscc, uow)
    if await store.lock_unfinished(one.uscc) is not None:
        raise LiquidationRunning
    notice = await ExitNoticeStore(uow.session).lock_running(one.uscc)
    if notice is not None and settled(notice, now).is_running:
        raise NoticeRunning(notice.term.ends_on)
    _require_sound(review_group(command.group, command.decided_on, local_date(now)))
    liquidation = _opened(command, file, now)
    await store.save(liquidation)
    if one.state in IN_BUSINESS:
        await cut_suspension_short(one.uscc, uow, now)
        await _enter_state(file, EnterpriseState.IN_LIQUIDATION, liquidation, uow, now, desk)
    uow.announce(liquidation_told(OPENED, liquidation))
    return liquidation


async def change_group(
    command: MoveLiquidation, group: LiquidationGroup, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> Liquidation:
    """Others wind it up. Raises: as `notify_creditors`, LiquidationUnsound."""
    _, liquidation = await _lock(command, uow, desk)
    changed = replace(advance(liquidation, LiquidationMove.CHANGE_GROUP), group=group)
    _require_sound(review_group(group, liquidation.decided_on, local_date(now)))
    await LiquidationStore(uow.session).save(changed)
    uow.announce(liquidation_told(GROUP_CHANGED, changed))
    return changed


async def notify_creditors(
    command: MoveLiquidation, notice: CreditorNotice, uow: UnitOfWork, desk: RegistrarDesk
) -> Liquidation:
    """Publish the notice to creditors. Raises: LiquidationNotFound, NotTheOwner, LiquidationMoveNotAllowed."""
    _, liquidation = await _lock(command, uow, desk)
    notified = replace(advance(liquidation, LiquidationMove.NOTIFY_CREDITORS), creditors=notice)
    await LiquidationStore(uow.session).save(notified)
    until = claims_end(notified, desk)
    uow.announce(liquidation_told(CREDITORS_NOTIFIED, notified, until))
    return notified


async def conclude_liquidation(
    command: MoveLiquidation, report: LiquidationReport, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> Liquidation:
    """Confirm the report, once creditors have had their days.

    Raises: LiquidationNotFound, NotTheOwner, LiquidationMoveNotAllowed, ClaimsStillOpen, LiquidationUnsound.
    """
    file, liquidation = await _lock(command, uow, desk)
    concluded = replace(advance(liquidation, LiquidationMove.CONCLUDE), report=report)
    until = claims_end(liquidation, desk)
    if until is not None and local_date(now) <= until:
        raise ClaimsStillOpen(until)
    _require_sound(review_report(report, liquidation, file, local_date(now)))
    await LiquidationStore(uow.session).save(concluded)
    uow.announce(liquidation_told(CONCLUDED, concluded, until, application_end(concluded, desk)))
    return concluded


async def abandon_liquidation(
    command: MoveLiquidation, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> Liquidation:
    """The enterprise goes on (公司法 art. 230); taxes are cleared anew before another end.

    Raises: LiquidationNotFound, NotTheOwner, BeforeCourt, LiquidationGoesOn, LiquidationMoveNotAllowed.
    """
    file, liquidation = await _lock(command, uow, desk)
    await _require_no_court(liquidation.uscc, uow)
    require_may_go_on(liquidation, file.enterprise.state)
    abandoned = replace(advance(liquidation, LiquidationMove.ABANDON), ended_at=now)
    await LiquidationStore(uow.session).save(abandoned)
    await ExitStanding(uow.session).void_clearance(liquidation.uscc)
    if file.enterprise.state is EnterpriseState.IN_LIQUIDATION:
        await _enter_state(file, EnterpriseState.ACTIVE, abandoned, uow, now, desk)
    uow.announce(liquidation_told(ABANDONED, abandoned))
    return abandoned


def claims_end(liquidation: Liquidation, desk: RegistrarDesk) -> date | None:
    """Until when creditors state their claims, once they were notified."""
    notice, kind = liquidation.creditors, liquidation.enterprise_kind
    if notice is None:
        return None
    return claims_until(notice.published_at, kind, desk.policy.exits.ordinary, desk.calendar).on


def application_end(liquidation: Liquidation, desk: RegistrarDesk) -> date | None:
    """Until when the deregistration is applied for, once the report is confirmed."""
    report, kind = liquidation.report, liquidation.enterprise_kind
    if report is None:
        return None
    return application_due(report.ended_on, kind, desk.policy.exits.ordinary, desk.calendar).on


async def _lock(
    command: MoveLiquidation, uow: UnitOfWork, desk: RegistrarDesk
) -> tuple[EnterpriseFile, Liquidation]:
    """The enterprise first, like everybody else."""
    store = LiquidationStore(uow.session)
    about = (await store.find(command.liquidation_id)).uscc
    file = await EnterpriseStore(uow.session).lock(about)
    applicant_for(command.caller, file.enterprise, command.on_behalf_of, desk)
    liquidation = await store.lock(command.liquidation_id)
    command.expects(liquidation.version)
    return file, liquidation


async def _require_no_court(uscc: str, uow: UnitOfWork) -> None:
    """What a court has in hand or has ended is not wound up anew. Raises: BeforeCourt."""
    proceedings = (await ExitStanding(uow.session).of(uscc)).proceedings
    if proceedings is not Proceedings.NONE:
        raise BeforeCourt(proceedings.value)


async def _enter_state(
    file: EnterpriseFile,
    state: EnterpriseState,
    liquidation: Liquidation,
    uow: UnitOfWork,
    now: datetime,
    desk: RegistrarDesk,
) -> None:
    after = replace(file, enterprise=replace(file.enterprise, state=state, suspended_until=None))
    cause = Cause(RegisterAct.RECORDED, details={"liquidation_id": str(liquidation.id)})
    await change_register(file, after, cause, uow, now, desk)


def _opened(command: OpenLiquidation, file: EnterpriseFile, now: datetime) -> Liquidation:
    one = file.enterprise
    return Liquidation(
        id=new_uuid7(),
        uscc=one.uscc,
        name=one.name,
        enterprise_kind=one.enterprise_kind,
        division_code=one.domicile_division_code,
        state=LiquidationState.OPEN,
        version=1,
        reason=command.reason,
        decided_on=command.decided_on,
        group=command.group,
        opened_at=now,
    )


def _require_sound(results: Iterable[RuleResult]) -> None:
    if faults := faults_of(results):
        raise LiquidationUnsound(faults)

"""Disputes over names (企业名称争议裁决): asked for by an enterprise, taken up and ruled on by the registrar."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from services.registration.domain.errors import EnterpriseStateForbids, NotTheRegistrar
from services.registration.domain.kinds import GONE
from services.registration.domain.name_dispute import (
    DisputeAction,
    DisputeStatus,
    NameDispute,
    advance,
    next_limit,
)
from services.registration.domain.name_errors import DisputeNotFound, DisputeRunning, DisputeWithItself
from services.registration.domain.wording import Wording
from services.registration.published.names import (
    CLOSED,
    DISPUTED,
    REJECTED,
    TAKEN_UP,
    dispute_told,
    name_ruled,
)
from services.registration.store.enterprises import EnterpriseStore
from services.registration.store.name_disputes import DisputeStore
from services.registration.use_cases.ownership import is_owner, require_owner
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.calendar import ClockState, DeadlineLedger, DueInstant
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import new_uuid7
from shared.messaging.events import EventType
from shared.security.office import within
from shared.security.principal import Principal

_TOLD: Final[dict[DisputeStatus, EventType]] = {
    DisputeStatus.ACCEPTED: TAKEN_UP,
    DisputeStatus.REJECTED: REJECTED,
    DisputeStatus.SETTLED: CLOSED,
    DisputeStatus.WITHDRAWN: CLOSED,
}


@dataclass(frozen=True)
class AskForRuling:
    """Who asks in which enterprise's name about whose name, and why."""

    caller: Principal
    claimant_uscc: str
    respondent_uscc: str
    grounds: str


@dataclass(frozen=True)
class JudgeDispute:
    """Which dispute, who acts on it, what is done and why."""

    dispute_id: UUID
    caller: Principal
    action: DisputeAction
    reason: Wording | None = None


async def ask_for_ruling(
    command: AskForRuling, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> NameDispute:
    """Raises: EnterpriseNotFound, NotTheOwner, DisputeWithItself, EnterpriseStateForbids, DisputeRunning."""
    enterprises, disputes = EnterpriseStore(uow.session), DisputeStore(uow.session)
    claimant = (await enterprises.find(command.claimant_uscc)).enterprise
    require_owner(command.caller, claimant)
    if command.claimant_uscc == command.respondent_uscc:
        raise DisputeWithItself
    respondent = (await enterprises.lock(command.respondent_uscc)).enterprise
    for one in (claimant, respondent):
        if one.state in GONE:
            raise EnterpriseStateForbids(one.state.value, "name_dispute")
    running = await disputes.running(command.claimant_uscc, command.respondent_uscc)
    if running is not None:
        raise DisputeRunning(str(running))
    dispute = NameDispute(
        id=new_uuid7(),
        status=DisputeStatus.SUBMITTED,
        version=1,
        applicant=command.caller.subject,
        claimant_uscc=command.claimant_uscc,
        respondent_uscc=command.respondent_uscc,
        respondent_name=respondent.name,
        grounds=command.grounds,
        submitted_at=now,
        clock=DeadlineLedger.started(desk.policy.names.disputes.acceptance, now),
    )
    due = await save_dispute(dispute, uow, desk)
    uow.announce(dispute_told(DISPUTED, dispute, due.at if due else None))
    return dispute


async def judge_dispute(
    command: JudgeDispute, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> NameDispute:
    """The registrar takes it up or not, settles it or rules.

    Raises: NotTheRegistrar, DisputeNotFound, DisputeActionNotAllowed.
    """
    require_registrar(command.caller, desk)
    dispute = await DisputeStore(uow.session).find(command.dispute_id, lock=True)
    return await _act(dispute, command, uow, now, desk)


async def withdraw_dispute(
    command: JudgeDispute, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> NameDispute:
    """By whoever asked, or the enterprise in whose name. Raises: DisputeNotFound, DisputeActionNotAllowed."""
    dispute = await DisputeStore(uow.session).find(command.dispute_id, lock=True)
    claimant = (await EnterpriseStore(uow.session).find(dispute.claimant_uscc)).enterprise
    if not is_owner(command.caller, claimant):
        raise DisputeNotFound
    return await _act(dispute, command, uow, now, desk)


async def read_dispute(
    dispute_id: UUID, caller: Principal, uow: UnitOfWork, desk: RegistrarDesk
) -> NameDispute:
    """For both enterprises and the registrar. Raises: DisputeNotFound."""
    dispute = await DisputeStore(uow.session).find(dispute_id)
    if _keeps_register(caller, desk):
        return dispute
    enterprises = EnterpriseStore(uow.session)
    for uscc in (dispute.claimant_uscc, dispute.respondent_uscc):
        if is_owner(caller, (await enterprises.find(uscc)).enterprise):
            return dispute
    raise DisputeNotFound


def require_registrar(caller: Principal, desk: RegistrarDesk) -> None:
    """Raises: NotTheRegistrar."""
    if not _keeps_register(caller, desk):
        raise NotTheRegistrar


async def save_dispute(dispute: NameDispute, uow: UnitOfWork, desk: RegistrarDesk) -> DueInstant | None:
    """Write the dispute, with the time at which what is due next is due; returns that."""
    due = due_next(dispute, desk)
    await DisputeStore(uow.session).save(dispute, due)
    return due


def due_next(dispute: NameDispute, desk: RegistrarDesk) -> DueInstant | None:
    """When what is due next is due; None where nothing is."""
    is_running = next_limit(dispute.status, desk.policy.names.disputes) is not None
    if not is_running or dispute.clock.state is ClockState.STOPPED:
        return None
    return dispute.clock.due_at(desk.calendar)


async def _act(
    dispute: NameDispute, command: JudgeDispute, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> NameDispute:
    moved = advance(dispute, command.action, now, desk.policy.names.disputes, command.reason)
    due = await save_dispute(moved, uow, desk)
    due_at = due.at if due else None
    told = _TOLD.get(moved.status)
    uow.announce(dispute_told(told, moved, due_at) if told else name_ruled(moved, due_at))
    return moved


def _keeps_register(caller: Principal, desk: RegistrarDesk) -> bool:
    """An officer of the whole city's registrar: a ruling is not a matter of one town."""
    policy = desk.policy
    return caller.agency == policy.registrar.uscc and within(caller.office, policy.division_code)

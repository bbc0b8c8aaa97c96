"""Look into a registration that is said to be false (虚假登记): take it up, publish the facts, revoke it or not."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from services.registration.domain.authority_errors import (
    CaseMoveNotAllowed,
    CaseNotFound,
    CaseRunning,
    NotRevocable,
)
from services.registration.domain.enterprise import EnterpriseFile
from services.registration.domain.errors import EnterpriseStateForbids
from services.registration.domain.false_registration import (
    OPEN,
    REVOCABLE,
    SHOWN,
    CaseMove,
    CaseStatus,
    FalseRegistration,
    advance,
    has_elapsed,
    published,
)
from services.registration.domain.kinds import GONE
from services.registration.domain.wording import Wording
from services.registration.published.authority_acts import (
    CASE_ACCEPTED,
    CASE_DECIDED,
    CASE_ELAPSED,
    CASE_OBJECTED,
    CASE_PUBLISHED,
    CASE_REJECTED,
    CASE_SET_ASIDE,
    CASE_SUBMITTED,
    CASE_WITHDRAWN,
    case_told,
)
from services.registration.store.enterprises import EnterpriseStore
from services.registration.store.false_registrations import FalseRegistrationStore
from services.registration.use_cases.registrar_desk import RegistrarDesk
from services.registration.use_cases.registrars import (
    keeps_register_at,
    require_registrar,
    require_registrar_at,
)
from services.registration.use_cases.undo_change import change_of
from shared.calendar import ClockState, DeadlineLedger, DueInstant, Move, MoveNotAllowed, local_date
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import new_uuid7
from shared.messaging.events import EventType
from shared.security.principal import Principal

_TOLD: Final[dict[CaseStatus, EventType]] = {
    CaseStatus.SUBMITTED: CASE_SUBMITTED,
    CaseStatus.INVESTIGATING: CASE_ACCEPTED,
    CaseStatus.REJECTED: CASE_REJECTED,
    CaseStatus.WITHDRAWN: CASE_WITHDRAWN,
    CaseStatus.PUBLISHED: CASE_PUBLISHED,
    CaseStatus.UNOPPOSED: CASE_ELAPSED,
    CaseStatus.KEPT: CASE_DECIDED,
    CaseStatus.REVOKED: CASE_DECIDED,
    CaseStatus.SET_ASIDE: CASE_SET_ASIDE,
}


@dataclass(frozen=True)
class ReportFalseRegistration:
    """Who says which registration is false, and why; 1 is the establishment. The registrar may begin on its own."""

    uscc: str
    target_version: int
    statement: str
    caller: Principal
    is_ex_officio: bool = False


@dataclass(frozen=True)
class ActOnCase:
    """Which case, who acts on it, why."""

    case_id: UUID
    caller: Principal
    reason: Wording | None = None


async def report_false_registration(
    command: ReportFalseRegistration, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> FalseRegistration:
    """By whose name was used; an officer of the registrar begins the investigation at once (依职权).

    Raises: EnterpriseNotFound, NotTheRegistrar, EnterpriseStateForbids, NotRevocable, CaseRunning.
    """
    if command.is_ex_officio:
        require_registrar(command.caller, desk)
    file = await EnterpriseStore(uow.session).lock(command.uscc)
    if command.is_ex_officio:
        require_registrar_at(command.caller, file.enterprise.domicile_division_code, desk)
    await _require_revocable(file, command.target_version, uow)
    store = FalseRegistrationStore(uow.session)
    running = await store.open_for(command.uscc, command.target_version)
    if running is not None:
        raise CaseRunning(str(running))
    policy, one = desk.policy.authority.false_registration, file.enterprise
    case = FalseRegistration(
        id=new_uuid7(),
        uscc=one.uscc,
        name=one.name,
        division_code=one.domicile_division_code,
        target_version=command.target_version,
        applicant=None if command.is_ex_officio else command.caller.subject,
        statement=command.statement,
        status=CaseStatus.SUBMITTED,
        version=1,
        submitted_at=now,
        clock=DeadlineLedger.started(policy.acceptance, now),
    )
    if command.is_ex_officio:
        case = advance(case, CaseMove.ACCEPT, now, policy)
    await save_case(case, uow, desk, tell=_TOLD[case.status])
    return case


async def judge_case(
    command: ActOnCase, move: CaseMove, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> FalseRegistration:
    """The registrar takes it up, or not, or finds that the registration stays.

    Raises: CaseNotFound, NotTheRegistrar, CaseMoveNotAllowed.
    """
    case = await lock_case(command, uow, now, desk)
    moved = advance(case, move, now, desk.policy.authority.false_registration, command.reason)
    await save_case(moved, uow, desk, tell=_TOLD[moved.status])
    return moved


async def withdraw_case(
    command: ActOnCase, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> FalseRegistration:
    """By who applied. Raises: CaseNotFound, CaseMoveNotAllowed."""
    case = await FalseRegistrationStore(uow.session).find(command.case_id, lock=True)
    if case.applicant != command.caller.subject:
        raise CaseNotFound
    moved = advance(case, CaseMove.WITHDRAW, now, desk.policy.authority.false_registration)
    await save_case(moved, uow, desk, tell=CASE_WITHDRAWN)
    return moved


async def publish_facts(
    command: ActOnCase, facts: Wording, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> FalseRegistration:
    """Nobody can be reached: everybody may read the facts and object; nothing is registered meanwhile.

    Raises: CaseNotFound, NotTheRegistrar, CaseMoveNotAllowed.
    """
    require_registrar(command.caller, desk)
    about = await FalseRegistrationStore(uow.session).find(command.case_id)
    await EnterpriseStore(uow.session).lock(
        about.uscc
    )  # what is being registered now is done before the freeze
    case = await lock_case(command, uow, now, desk)
    moved = published(case, facts, now, desk.policy.authority.false_registration, desk.calendar)
    await save_case(moved, uow, desk, tell=CASE_PUBLISHED)
    return moved


async def object_to_facts(
    command: ActOnCase, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> FalseRegistration:
    """By whoever it concerns, until the last day: the investigation goes on.

    Raises: CaseNotFound, CaseMoveNotAllowed.
    """
    case = await FalseRegistrationStore(uow.session).find(command.case_id, lock=True)
    if case.status not in SHOWN:
        raise CaseNotFound
    case = await save_elapsed(case, uow, now, desk)
    moved = advance(case, CaseMove.OBJECT, now, desk.policy.authority.false_registration, command.reason)
    await save_case(moved, uow, desk, tell=CASE_OBJECTED)
    return moved


async def extend_investigation(
    command: ActOnCase, legal_basis: str, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> FalseRegistration:
    """Three months more for a complex case, once.

    Raises: CaseNotFound, NotTheRegistrar, CaseMoveNotAllowed; MoveNotAllowed where the time has run out, or was
    extended before.
    """
    case = await lock_case(command, uow, now, desk)
    policy = desk.policy.authority.false_registration
    if case.status not in OPEN or case.status is CaseStatus.SUBMITTED:
        raise CaseMoveNotAllowed(case.status.value, "extend")
    if any(entry.move is Move.EXTENDED for entry in case.clock.entries):
        raise MoveNotAllowed(case.clock.state, Move.EXTENDED, "it was extended before")
    clock = case.clock.extend(
        now,
        by=policy.extension,
        reason=command.reason.zh if command.reason else "",
        legal_basis=legal_basis,
        calendar=desk.calendar,
    )
    moved = replace(case, clock=clock, version=case.version + 1)
    await save_case(moved, uow, desk)
    return moved


async def read_case(
    case_id: UUID, caller: Principal | None, uow: UnitOfWork, desk: RegistrarDesk
) -> FalseRegistration:
    """For the registrar and who applied; what was published for everybody. Raises: CaseNotFound."""
    case = await FalseRegistrationStore(uow.session).find(case_id)
    if case.status in SHOWN or (caller is not None and reads_all_of(case, caller, desk)):
        return case
    raise CaseNotFound


def reads_all_of(case: FalseRegistration, caller: Principal | None, desk: RegistrarDesk) -> bool:
    """Whether the words of whoever applied are shown."""
    if caller is None:
        return False
    is_applicant = case.applicant is not None and case.applicant == caller.subject
    return is_applicant or keeps_register_at(caller, case.division_code, desk)


async def lock_case(
    command: ActOnCase, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> FalseRegistration:
    """For an officer of the registrar, as the days have made it. Raises: CaseNotFound, NotTheRegistrar."""
    require_registrar(command.caller, desk)
    case = await FalseRegistrationStore(uow.session).find(command.case_id, lock=True)
    require_registrar_at(command.caller, case.division_code, desk)
    return await save_elapsed(case, uow, now, desk)


async def save_elapsed(
    case: FalseRegistration, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> FalseRegistration:
    """Write and tell that the facts were published for long enough, where they were."""
    if not has_elapsed(case, local_date(now)):
        return case
    moved = advance(case, CaseMove.ELAPSE, now, desk.policy.authority.false_registration)
    await save_case(moved, uow, desk, tell=CASE_ELAPSED)
    return moved


async def save_case(
    case: FalseRegistration, uow: UnitOfWork, desk: RegistrarDesk, tell: EventType | None = None
) -> None:
    """Write it with the time at which what is next is due, and tell where there is something to tell."""
    due = due_next(case, desk)
    await FalseRegistrationStore(uow.session).save(case, due)
    if tell is not None:
        uow.announce(case_told(tell, case, due.at if due else None))


def due_next(case: FalseRegistration, desk: RegistrarDesk) -> DueInstant | None:
    """When the registrar has to have acted; None once it has."""
    if case.status not in OPEN or case.clock.state is ClockState.STOPPED:
        return None
    return case.clock.due_at(desk.calendar)


async def _require_revocable(file: EnterpriseFile, version: int, uow: UnitOfWork) -> None:
    """Source: 实施细则 art. 52(2): not of an enterprise that has left the register."""
    one = file.enterprise
    if one.state in GONE:
        raise EnterpriseStateForbids(one.state.value, "false_registration")
    if version != 1 and (await change_of(one.uscc, version, uow)).act not in REVOCABLE:
        raise NotRevocable(version)

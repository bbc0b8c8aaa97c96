"""Forced deregistration (强制注销) by the registrar: notice, objections, decision."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from services.registration.domain.authority_errors import (
    DecisionTooEarly,
    ForcedExitNotDue,
    ForcedExitNotFound,
    ForcedExitRunning,
)
from services.registration.domain.closure import AWAITING_EXIT, Decision
from services.registration.domain.enterprise import Enterprise
from services.registration.domain.exit_notice import ObjectionGround
from services.registration.domain.forced_exit import (
    RUNNING,
    ForcedExit,
    ForcedExitMove,
    ForcedExitObjection,
    ForcedExitState,
    advance,
    due_on,
    noticed,
    objected,
    settled,
)
from services.registration.domain.kinds import COMPANIES
from services.registration.domain.register_acts import RegisterAct
from services.registration.domain.wording import Wording
from services.registration.published.authority_acts import (
    FORCED_EXIT_DUE,
    FORCED_EXIT_ELAPSED,
    FORCED_EXIT_NOTICED,
    FORCED_EXIT_OBJECTED,
    FORCED_EXIT_RESUMED,
    FORCED_EXIT_TERMINATED,
    forced_exit_told,
)
from services.registration.store.closures import ClosureStore
from services.registration.store.enterprises import EnterpriseStore
from services.registration.store.forced_exits import ForcedExitStore
from services.registration.use_cases.close_enterprise import close_enterprise
from services.registration.use_cases.object_to_exit import objector_of
from services.registration.use_cases.registrar_desk import RegistrarDesk
from services.registration.use_cases.registrars import require_registrar, require_registrar_at
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import new_uuid7
from shared.security.principal import Principal


@dataclass(frozen=True)
class ActOnForcedExit:
    """Which forced deregistration, by which officer, why."""

    exit_id: UUID
    officer: Principal
    reason: Wording | None = None


async def open_by_hand(
    uscc: str, officer: Principal, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> ForcedExit:
    """Once more, after an earlier one was given up.

    Raises: EnterpriseNotFound, NotTheRegistrar, ForcedExitRunning, ForcedExitNotDue.
    """
    require_registrar(officer, desk)
    one = (await EnterpriseStore(uow.session).lock(uscc)).enterprise
    require_registrar_at(officer, one.domicile_division_code, desk)
    running = next((e for e in await ForcedExitStore(uow.session).of(uscc) if e.state in RUNNING), None)
    if running is not None:
        raise ForcedExitRunning(str(running.id))
    return await open_forced_exit(one, uow, now, desk)


async def open_forced_exit(
    one: Enterprise, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> ForcedExit:
    """Of a company, which is locked (公司法 art. 241). Raises: ForcedExitNotDue."""
    if one.state not in AWAITING_EXIT or one.enterprise_kind not in COMPANIES:
        raise ForcedExitNotDue(None)
    closure = await ClosureStore(uow.session).standing(one.uscc)
    closed_on = closure.decision.decided_on if closure else local_date(one.changed_at)
    begins = due_on(closed_on, desk.policy.authority.forced_exit.after)
    if local_date(now) < begins:
        raise ForcedExitNotDue(begins)
    opened = ForcedExit(
        id=new_uuid7(),
        uscc=one.uscc,
        name=one.name,
        division_code=one.domicile_division_code,
        registrar_uscc=desk.policy.registrar.uscc,
        state=ForcedExitState.DUE,
        version=1,
        closed_on=closed_on,
        opened_at=now,
    )
    await ForcedExitStore(uow.session).save(opened)
    uow.announce(forced_exit_told(FORCED_EXIT_DUE, opened))
    return opened


async def publish_forced_notice(
    command: ActOnForcedExit, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> ForcedExit:
    """Raises: ForcedExitNotFound, NotTheRegistrar, ForcedExitMoveNotAllowed."""
    one = await _locked(command, uow, now, desk)
    published = noticed(one, now, desk.policy.authority.forced_exit.notice, desk.calendar)
    await ForcedExitStore(uow.session).save(published)
    uow.announce(forced_exit_told(FORCED_EXIT_NOTICED, published))
    return published


async def object_to_forced_exit(
    exit_id: UUID, ground: ObjectionGround, reason: str, caller: Principal, uow: UnitOfWork, now: datetime
) -> ForcedExit:
    """By an agency or a person, until the notice's last day: it stands still.

    Raises: ForcedExitNotFound, NotAnAgency, ForcedExitMoveNotAllowed.
    """
    objector, is_by_agency = objector_of(caller)
    store = ForcedExitStore(uow.session)
    one = await store.lock(exit_id)
    if one.state is ForcedExitState.DUE:  # nobody else knows of it before the notice
        raise ForcedExitNotFound
    one = await save_settled(one, uow, now)
    after = objected(one, ForcedExitObjection(objector, is_by_agency, ground, reason, now))
    await store.save(after)
    uow.announce(forced_exit_told(FORCED_EXIT_OBJECTED, after))
    return after


async def dismiss_objections(
    command: ActOnForcedExit, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> ForcedExit:
    """The notice goes on, or has ended meanwhile.

    Raises: ForcedExitNotFound, NotTheRegistrar, ForcedExitMoveNotAllowed.
    """
    one = await _locked(command, uow, now, desk)
    after = replace(advance(one, ForcedExitMove.DISMISS), reason=command.reason)
    await ForcedExitStore(uow.session).save(after)
    uow.announce(forced_exit_told(FORCED_EXIT_RESUMED, after))
    return await save_settled(after, uow, now)


async def terminate_forced_exit(
    command: ActOnForcedExit, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> ForcedExit:
    """An objection is upheld, or there is another reason to give it up.

    Raises: ForcedExitNotFound, NotTheRegistrar, ForcedExitMoveNotAllowed.
    """
    return await terminate(await _locked(command, uow, now, desk), command.reason, uow)


async def decide_forced_exit(
    command: ActOnForcedExit, decision: Decision, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> ForcedExit:
    """After the notice: the enterprise leaves the register.

    Raises: ForcedExitNotFound, NotTheRegistrar, ForcedExitMoveNotAllowed, EnterpriseStateForbids,
    DecisionNotYetMade, DecisionTooEarly.
    """
    require_registrar(command.officer, desk)
    uscc = (await ForcedExitStore(uow.session).find(command.exit_id)).uscc
    file = await EnterpriseStore(uow.session).lock(uscc)
    one = await _locked(command, uow, now, desk)
    decided = advance(one, ForcedExitMove.DECIDE)
    if one.ends_on is not None and decision.decided_on <= one.ends_on:
        raise DecisionTooEarly(one.ends_on + timedelta(days=1))
    act = RegisterAct.FORCIBLY_DEREGISTERED
    _, closure = await close_enterprise(file, act, decision, (), command.officer, uow, now, desk)
    decided = replace(decided, closure_id=closure.id)
    await ForcedExitStore(uow.session).save(decided)
    return decided


async def save_settled(one: ForcedExit, uow: UnitOfWork, now: datetime) -> ForcedExit:
    """Write and tell what the days have done to a locked one; nothing, where that was done before."""
    after = settled(one, local_date(now))
    if after.state is not one.state:
        await ForcedExitStore(uow.session).save(after)
        uow.announce(forced_exit_told(FORCED_EXIT_ELAPSED, after))
    return after


async def terminate(one: ForcedExit, reason: Wording | None, uow: UnitOfWork) -> ForcedExit:
    """Give a locked one up. Raises: ForcedExitMoveNotAllowed."""
    ended = replace(advance(one, ForcedExitMove.TERMINATE), reason=reason)
    await ForcedExitStore(uow.session).save(ended)
    uow.announce(forced_exit_told(FORCED_EXIT_TERMINATED, ended))
    return ended


async def _locked(
    command: ActOnForcedExit, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> ForcedExit:
    require_registrar(command.officer, desk)
    one = await ForcedExitStore(uow.session).lock(command.exit_id)
    require_registrar_at(command.officer, one.division_code, desk)
    return await save_settled(one, uow, now)

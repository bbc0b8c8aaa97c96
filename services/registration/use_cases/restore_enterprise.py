"""Restore an enterprise (恢复登记): the decision against it was set aside, or its forced deregistration is undone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from services.registration.domain.authority_errors import (
    NothingToRestore,
    RestorationTooLate,
    RevocationStands,
)
from services.registration.domain.closure import CLOSES_AS, Closure
from services.registration.domain.enterprise import EnterpriseFile
from services.registration.domain.errors import EnterpriseStateForbids
from services.registration.domain.forced_exit import (
    RUNNING,
    ForcedExitMove,
    ForcedExitState,
    advance,
    due_on,
)
from services.registration.domain.register_acts import Cause, RegisterAct
from services.registration.domain.wording import Wording
from services.registration.store.closures import ClosureStore
from services.registration.store.enterprises import EnterpriseStore
from services.registration.store.exit_standing import ExitStanding
from services.registration.store.forced_exits import ForcedExitStore
from services.registration.store.person_bars import PersonBarStore
from services.registration.use_cases.change_register import change_register
from services.registration.use_cases.forced_deregistration import terminate
from services.registration.use_cases.person_bars import lift_bar
from services.registration.use_cases.registrar_desk import RegistrarDesk
from services.registration.use_cases.registrars import require_registrar, require_registrar_at
from services.registration.use_cases.undo_change import undo_change
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork
from shared.security.principal import Principal

_OF_STATE: Final = ("state", "suspended_until", "ended_on")


@dataclass(frozen=True)
class RestoreEnterprise:
    """Which enterprise, why, by which document, by which officer."""

    uscc: str
    reason: Wording
    document_no: str
    officer: Principal


async def restore_enterprise(
    command: RestoreEnterprise, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> EnterpriseFile:
    """Undo the newest decision that stands against it.

    Raises: EnterpriseNotFound, NotTheRegistrar, NothingToRestore, RevocationStands, EnterpriseStateForbids,
    RestorationTooLate.
    """
    require_registrar(command.officer, desk)
    file = await EnterpriseStore(uow.session).lock(command.uscc)
    require_registrar_at(command.officer, file.enterprise.domicile_division_code, desk)
    closure = await ClosureStore(uow.session).standing(command.uscc)
    if closure is None:
        raise NothingToRestore
    if closure.act is RegisterAct.REGISTRATION_REVOKED:
        raise RevocationStands
    if closure.act is RegisterAct.FORCIBLY_DEREGISTERED:
        until = due_on(local_date(closure.entered_at), desk.policy.authority.forced_exit.restoration)
        if local_date(now) > until:
            raise RestorationTooLate(until)
    return await undo_closure(file, closure, command, uow, now, desk)


async def undo_closure(
    file: EnterpriseFile,
    closure: Closure,
    command: RestoreEnterprise,
    uow: UnitOfWork,
    now: datetime,
    desk: RegistrarDesk,
) -> EnterpriseFile:
    """It stands as it stood before the decision; bars that came with it are lifted. The enterprise is locked.

    Raises: EnterpriseStateForbids where another act came in between.
    """
    if file.enterprise.state is not CLOSES_AS[closure.act]:
        raise EnterpriseStateForbids(file.enterprise.state.value, RegisterAct.RESTORED.value)
    after = await undo_change(file, closure.version, _OF_STATE, uow, now, desk)
    cause = Cause(
        RegisterAct.RESTORED,
        reason=command.reason,
        details={
            "undone": closure.act.value,
            "document_no": command.document_no,
            "agency_uscc": desk.policy.registrar.uscc,
        },
    )
    restored = await change_register(file, after, cause, uow, now, desk)
    await ClosureStore(uow.session).undone(closure.id, now)
    await ExitStanding(uow.session).void_clearance(closure.uscc)
    await lift_bars(closure.bars, command.reason.zh, command.officer, uow, now, desk)
    await _settle_forced_exits(closure, command.reason, uow)
    return restored


async def lift_bars(
    bars: tuple[UUID, ...],
    why: str,
    officer: Principal,
    uow: UnitOfWork,
    now: datetime,
    desk: RegistrarDesk,
) -> None:
    """Those that were not lifted before."""
    store = PersonBarStore(uow.session)
    for bar_id in bars:
        if (await store.lock(bar_id)).lifted_at is None:
            await lift_bar(bar_id, why, officer, uow, now, desk)


async def _settle_forced_exits(closure: Closure, reason: Wording, uow: UnitOfWork) -> None:
    """The forced deregistration is undone, or what was on its way to one ends."""
    store = ForcedExitStore(uow.session)
    for known in await store.of(closure.uscc):
        one = await store.lock(known.id)  # somebody may object at this moment
        if one.state is ForcedExitState.DEREGISTERED and one.closure_id == closure.id:
            await store.save(advance(one, ForcedExitMove.RESTORE))
        elif one.state in RUNNING:
            await terminate(one, reason, uow)

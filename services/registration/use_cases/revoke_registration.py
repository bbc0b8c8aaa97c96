"""Revoke a false registration (撤销登记), and set the revocation aside."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.registration.domain.closure import Closure, Decision
from services.registration.domain.enterprise import EnterpriseFile
from services.registration.domain.errors import EnterpriseStateForbids
from services.registration.domain.false_registration import CaseMove, FalseRegistration, advance
from services.registration.domain.kinds import GONE
from services.registration.domain.person_bar import BarKind
from services.registration.domain.register_acts import Cause, RegisterAct
from services.registration.domain.wording import Wording
from services.registration.published.authority_acts import CASE_DECIDED, CASE_SET_ASIDE
from services.registration.store.closures import ClosureStore
from services.registration.store.enterprises import EnterpriseStore
from services.registration.store.false_registrations import FalseRegistrationStore
from services.registration.use_cases.change_register import change_register
from services.registration.use_cases.close_enterprise import (
    bar_persons,
    close_enterprise,
    require_possible_day,
)
from services.registration.use_cases.false_registration import ActOnCase, lock_case, save_case
from services.registration.use_cases.registrar_desk import RegistrarDesk
from services.registration.use_cases.registrars import require_registrar
from services.registration.use_cases.restore_enterprise import RestoreEnterprise, lift_bars, undo_closure
from services.registration.use_cases.undo_change import change_of, undo_change
from shared.database.unit_of_work import UnitOfWork

_REVOKED = Wording("撤销虚假登记，恢复原登记状态", "a false registration was revoked")


@dataclass(frozen=True)
class RevokeRegistration:
    """The decision on a case, and who is directly responsible: barred from registering anything for three years.

    Source: 市场主体登记管理条例 art. 40.
    """

    act: ActOnCase
    decision: Decision
    responsible: Sequence[str]


async def revoke_registration(
    command: RevokeRegistration, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> FalseRegistration:
    """The establishment falls with all that rests on it; of one change only what it changed goes back.

    Raises: CaseNotFound, NotTheRegistrar, CaseMoveNotAllowed, EnterpriseStateForbids, DecisionNotYetMade,
    DecisionTooEarly, NotRevocable, LaterChangeStands.
    """
    act, decision = command.act, command.decision
    file, case = await _locked(act, uow, now, desk)
    revoked = advance(case, CaseMove.REVOKE, now, desk.policy.authority.false_registration, act.reason)
    bars = await bar_persons(
        command.responsible, BarKind.FALSE_REGISTRATION, case.uscc, decision, act.caller, uow, now, desk
    )
    if case.is_about_establishment:
        annulled = RegisterAct.REGISTRATION_REVOKED
        changed, _ = await close_enterprise(file, annulled, decision, bars, act.caller, uow, now, desk)
    else:
        changed = await _take_back(file, case, decision, uow, now, desk)
    revoked = replace(revoked, revoked_in=changed.enterprise.version, bars=bars)
    await save_case(revoked, uow, desk, tell=CASE_DECIDED)
    return revoked


async def set_revocation_aside(
    act: ActOnCase, document_no: str, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> FalseRegistration:
    """The revocation was wrong: what it took away stands again.

    Source: 市场主体登记管理条例 art. 42.
    Raises: CaseNotFound, NotTheRegistrar, CaseMoveNotAllowed, EnterpriseStateForbids, LaterChangeStands.
    """
    file, case = await _locked(act, uow, now, desk)
    aside = advance(case, CaseMove.SET_ASIDE, now, desk.policy.authority.false_registration, act.reason)
    reason = act.reason or _REVOKED
    closure = await _closure_of(case, uow)
    if closure is not None:
        command = RestoreEnterprise(case.uscc, reason, document_no, act.caller)
        await undo_closure(file, closure, command, uow, now, desk)
    elif case.revoked_in is not None:
        changed = (await change_of(case.uscc, case.revoked_in, uow)).changed
        after = await undo_change(file, case.revoked_in, changed, uow, now, desk)
        details = {"case_id": str(case.id), "document_no": document_no} | _provider(desk)
        cause = Cause(RegisterAct.RESTORED, reason=reason, details=details)
        await change_register(file, after, cause, uow, now, desk)
        await lift_bars(case.bars, reason.zh, act.caller, uow, now, desk)
    await save_case(aside, uow, desk, tell=CASE_SET_ASIDE)
    return aside


async def _take_back(
    file: EnterpriseFile,
    case: FalseRegistration,
    decision: Decision,
    uow: UnitOfWork,
    now: datetime,
    desk: RegistrarDesk,
) -> EnterpriseFile:
    if file.enterprise.state in GONE:
        raise EnterpriseStateForbids(file.enterprise.state.value, RegisterAct.REGISTRATION_REVOKED.value)
    require_possible_day(decision, file.enterprise, now)
    changed = (await change_of(case.uscc, case.target_version, uow)).changed
    after = await undo_change(file, case.target_version, changed, uow, now, desk)
    cause = Cause(
        RegisterAct.REGISTRATION_REVOKED,
        reason=_REVOKED,
        effective_on=decision.decided_on,
        details={
            "decision_no": decision.number,
            "decided_by": decision.decided_by,
            "basis": decision.basis,
            "revoked_version": str(case.target_version),
        }
        | _provider(desk),
    )
    return await change_register(file, after, cause, uow, now, desk)


async def _closure_of(case: FalseRegistration, uow: UnitOfWork) -> Closure | None:
    if not case.is_about_establishment:
        return None
    closures = await ClosureStore(uow.session).of(case.uscc)
    return next((each for each in closures if each.version == case.revoked_in), None)


async def _locked(
    act: ActOnCase, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> tuple[EnterpriseFile, FalseRegistration]:
    """The enterprise first, then the case."""
    require_registrar(act.caller, desk)
    found = await FalseRegistrationStore(uow.session).find(act.case_id)
    file = await EnterpriseStore(uow.session).lock(found.uscc)
    return file, await lock_case(act, uow, now, desk)


def _provider(desk: RegistrarDesk) -> dict[str, str]:
    return {"agency_uscc": desk.policy.registrar.uscc}

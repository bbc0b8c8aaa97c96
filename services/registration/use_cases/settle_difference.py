"""Settle a difference between the register and an outside one: ours stands, or theirs is entered, with the reason."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from services.registration.domain.enterprise import Enterprise, EnterpriseFile, RegisteredScope
from services.registration.domain.errors import EnterpriseStateForbids
from services.registration.domain.imported_extras import principal_role
from services.registration.domain.imported_row import StatedEnterprise, read_row
from services.registration.domain.kinds import GONE, PRINCIPAL_ROLES, Origin
from services.registration.domain.person import Person
from services.registration.domain.reconciliation import (
    Difference,
    DifferenceKind,
    Reconciliation,
    Settlement,
    compare,
)
from services.registration.domain.register_acts import Cause, RegisterAct
from services.registration.domain.register_errors import (
    DifferenceNeedsFiling,
    DifferenceOutdated,
    DifferenceSettled,
)
from services.registration.domain.wording import Wording
from services.registration.store.changes import RegisterChanges
from services.registration.store.enterprises import EnterpriseStore
from services.registration.store.reconciliations import ReconciliationStore
from services.registration.store.takeover import TakeoverStore
from services.registration.use_cases.change_register import change_register
from services.registration.use_cases.frozen_changes import require_not_frozen
from services.registration.use_cases.registrar_desk import RegistrarDesk
from services.registration.use_cases.registrars import require_registrar, require_registrar_at
from services.registration.use_cases.take_over_batch import tell_taken_over
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork
from shared.security.principal import Principal

_Taken = Callable[[Enterprise, StatedEnterprise], Enterprise]
# Of what was taken over as it stood, until a filing here changed it: from then on it is altered by filings, which ask
# owners and creditors. A name has to be checked, and people have to be asked, in any case.
_CORRECTED: Final[Mapping[str, _Taken]] = {
    "enterprise_kind": lambda one, said: replace(one, enterprise_kind=said.kind),
    "established_on": lambda one, said: replace(one, established_on=said.established_on),
    "registered_capital_fen": lambda one, said: replace(one, registered_capital_fen=said.capital_fen),
    "domicile_text": lambda one, said: replace(one, domicile_text=said.address),
    "scope": lambda one, said: replace(
        one, scope=(RegisteredScope(None, said.scope_stated or ""),), scope_stated=said.scope_stated
    ),
}
# And only until something happens to it here: from then on each state comes by its act.
_CORRECTED_UNTOUCHED: Final[Mapping[str, _Taken]] = {
    "state": lambda one, said: replace(one, state=said.state or one.state),
}
_LEAVES: Final = "注销或迁出须经相应登记。It leaves by deregistration or relocation."


@dataclass(frozen=True)
class SettleDifference:
    """Which difference is settled how, by whom and why."""

    reconciliation_id: UUID
    number: int
    settlement: Settlement
    reason: str
    officer: Principal


async def settle_difference(
    command: SettleDifference, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> Difference:
    """Settling it the same way again changes nothing.

    Raises: NotTheRegistrar, also for an enterprise of another office's region; ReconciliationNotFound,
    DifferenceNotFound, DifferenceSettled, DifferenceOutdated, DifferenceNeedsFiling, EnterpriseStateForbids,
    ChangesFrozen.
    """
    officer, store = command.officer, ReconciliationStore(uow.session)
    require_registrar(officer, desk)
    reconciliation = await store.find(command.reconciliation_id, desk.policy.registrar.uscc)
    difference = await store.lock(reconciliation.id, command.number)
    if difference.settlement is not Settlement.OPEN:
        if difference.settlement is command.settlement:
            return difference
        raise DifferenceSettled(difference.settlement.value)
    if command.settlement is Settlement.THEIRS:
        await _take_theirs(difference, reconciliation, command, uow, now, desk)
    settled = replace(difference, settlement=command.settlement, settled_at=now, reason=command.reason)
    await store.settle(reconciliation.id, settled, officer.reference)
    return settled


async def _take_theirs(
    difference: Difference,
    reconciliation: Reconciliation,
    command: SettleDifference,
    uow: UnitOfWork,
    now: datetime,
    desk: RegistrarDesk,
) -> None:
    if difference.kind is DifferenceKind.ONLY_HERE:
        raise DifferenceNeedsFiling(_LEAVES)
    if difference.kind is DifferenceKind.UNREADABLE:
        raise DifferenceNeedsFiling("对方数据无法识别。The other register's row cannot be read.")
    line, cells = await ReconciliationStore(uow.session).cells(reconciliation.id, difference.uscc)
    said = read_row(line, cells, desk.policy, local_date(now)).stated
    if said is None:
        raise DifferenceNeedsFiling("对方数据无法识别。The other register's row cannot be read.")
    if difference.kind is DifferenceKind.ONLY_THERE:
        require_registrar_at(command.officer, said.division_code, desk)
        await _take_over(said, reconciliation.id, uow, now, desk)
    else:
        await _correct(difference, said, command, uow, now, desk)


async def _take_over(
    said: StatedEnterprise, source: UUID, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> None:
    if not await TakeoverStore(uow.session).enter((said,), source, now):
        raise DifferenceOutdated
    tell_taken_over(said, uow, now, desk)


async def _correct(
    difference: Difference,
    said: StatedEnterprise,
    command: SettleDifference,
    uow: UnitOfWork,
    now: datetime,
    desk: RegistrarDesk,
) -> None:
    before = await EnterpriseStore(uow.session).lock(difference.uscc)
    one = before.enterprise
    require_registrar_at(command.officer, one.domicile_division_code, desk)
    if one.state in GONE:
        raise EnterpriseStateForbids(one.state.value, RegisterAct.ALTERED.value)
    await require_not_frozen(one.uscc, uow)
    apart = {each.field: each for each in compare(said, one, before.principal)}
    field = difference.field or ""
    if field not in apart or apart[field].ours != difference.ours:
        raise DifferenceOutdated
    taken = await _taken(field, one, uow)
    people = tuple(_standing_in(person, said) for person in before.people)
    after = EnterpriseFile(taken(one, said), people if field == "enterprise_kind" else before.people)
    if after.enterprise.state in GONE:
        raise DifferenceNeedsFiling(_LEAVES)
    cause = Cause(RegisterAct.ALTERED, reason=Wording(command.reason, command.reason))
    await change_register(before, after, cause, uow, now, desk)


def _standing_in(person: Person, said: StatedEnterprise) -> Person:
    """Whoever stands for an enterprise of one kind is called otherwise in another (法定代表人、经营者、投资人)."""
    role = principal_role(said.kind)
    return replace(person, roles=tuple(role if each in PRINCIPAL_ROLES else each for each in person.roles))


async def _taken(field: str, one: Enterprise, uow: UnitOfWork) -> _Taken:
    allowed = dict(_CORRECTED)
    if one.version == 1:
        allowed |= _CORRECTED_UNTOUCHED
    is_as_taken_over = one.origin is Origin.IMPORT and field in allowed
    if not is_as_taken_over or await RegisterChanges(uow.session).was_filed(one.uscc, field):
        raise DifferenceNeedsFiling(f"{field} 须经变更登记。{field} is altered by a filing.")
    return allowed[field]

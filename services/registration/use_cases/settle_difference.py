"""Settle a difference between the register and an outside one: ours stands, or theirs is entered, with the reason."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from services.registration.domain.enterprise import Enterprise, EnterpriseFile, RegisteredScope
from services.registration.domain.errors import NotTheRegistrar
from services.registration.domain.imported_row import StatedEnterprise, read_row
from services.registration.domain.kinds import Origin
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
from services.registration.published.enterprises import enterprise_registered
from services.registration.store.enterprises import EnterpriseStore
from services.registration.store.reconciliations import ReconciliationStore
from services.registration.store.takeover import TakeoverStore
from services.registration.use_cases.change_register import change_register
from services.registration.use_cases.registrar_desk import RegistrarDesk
from services.registration.use_cases.take_over_batch import enterprise_stated
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork
from shared.security.principal import Principal

_Taken = Callable[[Enterprise, StatedEnterprise], Enterprise]
# What may be corrected without a filing; a name has to be checked, and people have to be asked.
_CORRECTED: Final[Mapping[str, _Taken]] = {
    "enterprise_kind": lambda one, said: replace(one, enterprise_kind=said.kind),
    "established_on": lambda one, said: replace(one, established_on=said.established_on),
    "registered_capital_fen": lambda one, said: replace(one, registered_capital_fen=said.capital_fen),
    "domicile_text": lambda one, said: replace(one, domicile_text=said.address),
}
# And only of what was taken over as it stood: who filed here has standard entries and went through the acts.
_CORRECTED_OF_IMPORTS: Final[Mapping[str, _Taken]] = {
    "state": lambda one, said: replace(one, state=said.state or one.state),
    "scope": lambda one, said: replace(
        one, scope=(RegisteredScope(None, said.scope_stated or ""),), scope_stated=said.scope_stated
    ),
}


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

    Raises: NotTheRegistrar, ReconciliationNotFound, DifferenceNotFound, DifferenceSettled, DifferenceOutdated,
    DifferenceNeedsFiling.
    """
    officer, store = command.officer, ReconciliationStore(uow.session)
    if officer.agency is None or officer.agency != desk.policy.registrar.uscc:
        raise NotTheRegistrar
    reconciliation = await store.find(command.reconciliation_id, officer.agency)
    difference = await store.lock(reconciliation.id, command.number)
    if difference.settlement is not Settlement.OPEN:
        if difference.settlement is command.settlement:
            return difference
        raise DifferenceSettled(difference.settlement.value)
    if command.settlement is Settlement.THEIRS:
        await _take_theirs(difference, reconciliation, command.reason, uow, now, desk)
    settled = replace(difference, settlement=command.settlement, settled_at=now, reason=command.reason)
    await store.settle(reconciliation.id, settled, officer.reference)
    return settled


async def _take_theirs(
    difference: Difference,
    reconciliation: Reconciliation,
    why: str,
    uow: UnitOfWork,
    now: datetime,
    desk: RegistrarDesk,
) -> None:
    if difference.kind is DifferenceKind.ONLY_HERE:
        raise DifferenceNeedsFiling("注销或迁出须经相应登记。It leaves by deregistration or relocation.")
    if difference.kind is DifferenceKind.UNREADABLE:
        raise DifferenceNeedsFiling("对方数据无法识别。The other register's row cannot be read.")
    line, cells = await ReconciliationStore(uow.session).cells(reconciliation.id, difference.uscc)
    said = read_row(line, cells, desk.policy, local_date(now)).stated
    if said is None:
        raise DifferenceNeedsFiling("对方数据无法识别。The other register's row cannot be read.")
    if difference.kind is DifferenceKind.ONLY_THERE:
        await _take_over(said, reconciliation.id, uow, now)
    else:
        await _correct(difference, said, why, uow, now, desk)


async def _take_over(said: StatedEnterprise, source: UUID, uow: UnitOfWork, now: datetime) -> None:
    if not await TakeoverStore(uow.session).enter((said,), source, now):
        raise DifferenceOutdated
    uow.announce(enterprise_registered(enterprise_stated(said, now)))


async def _correct(
    difference: Difference,
    said: StatedEnterprise,
    why: str,
    uow: UnitOfWork,
    now: datetime,
    desk: RegistrarDesk,
) -> None:
    before = await EnterpriseStore(uow.session).lock(difference.uscc)
    apart = {each.field: each for each in compare(said, before.enterprise, before.principal)}
    field = difference.field or ""
    if field not in apart or apart[field].ours != difference.ours:
        raise DifferenceOutdated
    after = EnterpriseFile(_taken(field, before.enterprise)(before.enterprise, said), before.people)
    cause = Cause(RegisterAct.ALTERED, reason=Wording(why, why))
    await change_register(before, after, cause, uow, now, desk)


def _taken(field: str, one: Enterprise) -> _Taken:
    allowed = {**_CORRECTED, **(_CORRECTED_OF_IMPORTS if one.origin is Origin.IMPORT else {})}
    if field not in allowed:
        raise DifferenceNeedsFiling(f"{field} 须经变更登记。{field} is altered by a filing.")
    return allowed[field]

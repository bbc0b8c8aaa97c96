"""Agencies tell the register what they hold against an exit, and that taxes are cleared."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.registration.domain.exit_bars import BarKind, ExitBar
from services.registration.domain.exit_errors import ExitBarNotFound, NotAnAgency, NotTheTaxAgency
from services.registration.domain.liquidation_rules import ClearanceOutcome
from services.registration.published.exits import BAR_ENTERED, BAR_LIFTED, bar_told, clearance_told
from services.registration.store.enterprises import EnterpriseStore
from services.registration.store.exit_standing import ExitStanding
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import new_uuid7
from shared.security.principal import Principal


@dataclass(frozen=True)
class EnterBar:
    """What stands against whose exit; `reference` is the agency's own number for it."""

    uscc: str
    kind: BarKind
    reference: str
    caller: Principal


async def enter_bar(command: EnterBar, uow: UnitOfWork, now: datetime) -> ExitBar:
    """The same fact again changes nothing. Raises: NotAnAgency, EnterpriseNotFound."""
    agency = _agency(command.caller)
    await EnterpriseStore(uow.session).lock(command.uscc)
    bar = ExitBar(new_uuid7(), command.uscc, command.kind, agency, command.reference, now)
    entered, is_new = await ExitStanding(uow.session).enter(bar)
    if is_new:
        uow.announce(bar_told(BAR_ENTERED, entered))
    return entered


async def lift_bar(bar_id: UUID, caller: Principal, uow: UnitOfWork, now: datetime) -> ExitBar:
    """Only the agency that entered it. Raises: NotAnAgency, ExitBarNotFound."""
    agency, store = _agency(caller), ExitStanding(uow.session)
    bar = await store.lock_bar(bar_id)
    if bar.agency_uscc != agency:
        raise ExitBarNotFound
    if bar.lifted_at is not None:
        return bar
    await store.lift(bar_id, now)
    lifted = replace(bar, lifted_at=now)
    uow.announce(bar_told(BAR_LIFTED, lifted))
    return lifted


@dataclass(frozen=True)
class TellClearance:
    """What the tax agency says of whose taxes, under which number."""

    uscc: str
    outcome: ClearanceOutcome
    reference: str
    caller: Principal


async def tell_clearance(command: TellClearance, uow: UnitOfWork, now: datetime, desk: RegistrarDesk) -> None:
    """Raises: NotTheTaxAgency, EnterpriseNotFound."""
    agency = command.caller.agency
    if agency is None or agency != desk.policy.exits.tax_uscc:
        raise NotTheTaxAgency
    await keep_clearance(command.uscc, command.outcome, agency, command.reference, uow, now)


async def keep_clearance(
    uscc: str, outcome: ClearanceOutcome, agency: str, reference: str, uow: UnitOfWork, now: datetime
) -> None:
    """The latest counts. Raises: EnterpriseNotFound."""
    await EnterpriseStore(uow.session).lock(uscc)
    await ExitStanding(uow.session).clear(uscc, outcome, agency, reference, now)
    uow.announce(clearance_told(uscc, outcome, agency, reference, now))


def _agency(caller: Principal) -> str:
    if caller.agency is None:
        raise NotAnAgency
    return caller.agency

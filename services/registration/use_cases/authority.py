"""Who reads and decides a filing beside its applicant: registrar, zone, window; each in its region."""

from datetime import datetime

from services.registration.domain.errors import FilingNotFound, NotTheRegistrar
from services.registration.domain.filing import Filing
from services.registration.domain.filing_kinds import FilingKind
from services.registration.store.filings import Queue
from services.registration.store.powers import PowerStore
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.database.unit_of_work import UnitOfWork
from shared.security.deciding import DecisionPoint, is_at_window, may_decide, may_see
from shared.security.office import OfficeLevel, narrowed
from shared.security.principal import Principal


def power_over(kind: FilingKind) -> str:
    """The power to decide filings of a kind, as delegations name it."""
    return f"registration.{kind.value}"


async def require_decider(
    filing: Filing, caller: Principal, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> None:
    """Raises: FilingNotFound where the filing is not the caller's to know; NotEmpowered."""
    powers = await PowerStore(uow.session).of_zone(caller.agency, power_over(filing.kind))
    if not may_decide(caller, _point(filing, desk), powers, now):
        raise FilingNotFound


async def may_read(
    filing: Filing, caller: Principal, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> bool:
    """Whether the filing is the caller's to read: who submitted or accepted it, and who decides."""
    if filing.applicant == caller.subject:
        return True
    if filing.counter is not None and filing.counter.agency_uscc == caller.agency and caller.office is None:
        return True
    if filing.agent is not None and filing.agent.client_id == caller.client_id and caller.office is None:
        return True
    powers = await PowerStore(uow.session).of_zone(caller.agency, power_over(filing.kind))
    return may_see(caller, _point(filing, desk), powers, now)


async def queue_of(caller: Principal, uow: UnitOfWork, now: datetime, desk: RegistrarDesk) -> Queue:
    """What waits for the caller. Raises: NotTheRegistrar for whoever decides no filing."""
    policy = desk.policy
    if is_at_window(caller):
        instant = {kind.kind.value for kind in policy.kinds.values() if kind.is_instant}
        return Queue(narrowed((policy.division_code,), caller.office), frozenset(instant))
    if caller.agency == policy.registrar.uscc:
        return Queue(None if caller.office is None else (caller.office.region,))
    store = PowerStore(uow.session)
    powers = []
    for kind in FilingKind:
        delegated = await store.of_zone(caller.agency, power_over(kind))
        running = [region for power in delegated if power.is_running(now) for region in power.regions]
        if running:
            powers.append((kind, narrowed(running, caller.office)))
    if not powers:
        raise NotTheRegistrar
    everywhere = {region for _, regions in powers for region in regions}
    return Queue(tuple(sorted(everywhere)), powers=tuple(powers))


def _point(filing: Filing, desk: RegistrarDesk) -> DecisionPoint:
    kind = desk.policy.kinds.get(filing.concerns.enterprise_kind)  # a kind may be registered here no more
    return DecisionPoint(
        item=power_over(filing.kind),
        agency_uscc=desk.policy.registrar.uscc,
        division_code=filing.concerns.division_code,
        level=kind.decided_at_level if kind else OfficeLevel.COUNTY,
        is_instant=kind is not None and kind.is_instant,
    )

"""Business was done during a suspension (歇业期间开展经营活动): it counts as resumed."""

from dataclasses import dataclass
from datetime import date, datetime

from services.registration.domain.enterprise import EnterpriseFile
from services.registration.domain.errors import EnterpriseStateForbids, NotTheRegistrar
from services.registration.domain.kinds import EnterpriseState
from services.registration.domain.suspension import SuspensionEnd
from services.registration.store.enterprises import EnterpriseStore
from services.registration.store.suspensions import SuspensionStore
from services.registration.use_cases.registrar_desk import RegistrarDesk
from services.registration.use_cases.suspend import resume_business, unfinished
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork
from shared.security.office import within
from shared.security.principal import Principal


@dataclass(frozen=True)
class ReportBusiness:
    """Which officer found that an enterprise does business since a day."""

    uscc: str
    since: date
    officer: Principal


async def report_business(
    command: ReportBusiness, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> EnterpriseFile:
    """Raises: NotTheRegistrar, EnterpriseNotFound; EnterpriseStateForbids where nothing is suspended then."""
    store = EnterpriseStore(uow.session)
    if command.officer.agency != desk.policy.registrar.uscc:
        raise NotTheRegistrar
    file = await store.lock(command.uscc)
    if not within(command.officer.office, file.enterprise.domicile_division_code):
        raise NotTheRegistrar
    one, held = file.enterprise, unfinished(await SuspensionStore(uow.session).of(command.uscc))
    began = held.begins_on if held else one.established_on or command.since
    is_suspended = one.state is EnterpriseState.SUSPENDED
    if not is_suspended or not began <= command.since <= local_date(now):
        raise EnterpriseStateForbids(one.state.value, SuspensionEnd.BUSINESS_DONE.value)
    await resume_business(file, held, SuspensionEnd.BUSINESS_DONE, command.since, uow, now, desk)
    return await store.find(command.uscc)

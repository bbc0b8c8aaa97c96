"""The registrar enters who stands for an enterprise of an old register that did not say (补录法定代表人)."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.registration.domain.enterprise import EnterpriseFile
from services.registration.domain.errors import EnterpriseStateForbids, NotTheRegistrar, RepresentativeOnFile
from services.registration.domain.establishment import Person
from services.registration.domain.kinds import GONE
from services.registration.domain.register_acts import Cause, RegisterAct
from services.registration.store.enterprises import EnterpriseStore
from services.registration.use_cases.change_register import change_register
from services.registration.use_cases.frozen_changes import require_not_frozen
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.database.unit_of_work import UnitOfWork
from shared.security.office import within
from shared.security.principal import Principal


@dataclass(frozen=True)
class EnterRepresentative:
    """Which officer enters whom for which enterprise."""

    uscc: str
    person: Person
    officer: Principal


async def enter_representative(
    command: EnterRepresentative, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> EnterpriseFile:
    """What is on file already is changed by a filing, not here.

    Raises: NotTheRegistrar, EnterpriseNotFound, EnterpriseStateForbids, ChangesFrozen, RepresentativeOnFile.
    """
    officer = command.officer
    if officer.agency != desk.policy.registrar.uscc:
        raise NotTheRegistrar
    file = await EnterpriseStore(uow.session).lock(command.uscc)
    if not within(officer.office, file.enterprise.division_code):
        raise NotTheRegistrar
    if file.enterprise.state in GONE:
        raise EnterpriseStateForbids(file.enterprise.state.value, RegisterAct.REPRESENTATIVE_ENTERED.value)
    await require_not_frozen(command.uscc, uow)
    if file.principal is not None:
        raise RepresentativeOnFile
    entered = replace(file, people=(*file.people, command.person))
    cause = Cause(RegisterAct.REPRESENTATIVE_ENTERED)
    return await change_register(file, entered, cause, uow, now, desk)

"""Look at what was registered on a promise (登记后核查)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.registration.domain.errors import FollowUpNotFound
from services.registration.domain.follow_up import Finding, FollowUp, conclude
from services.registration.store.follow_ups import FollowUpStore
from services.registration.use_cases.registrar_desk import RegistrarDesk
from services.registration.use_cases.registrars import keeps_register_at, require_registrar
from shared.database.unit_of_work import UnitOfWork
from shared.security.principal import Principal


@dataclass(frozen=True)
class ConcludeFollowUp:
    """Which officer found what."""

    follow_up_id: UUID
    officer: Principal
    finding: Finding
    remark: str


async def conclude_follow_up(
    command: ConcludeFollowUp, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> FollowUp:
    """What is untrue is for supervision to go after. Raises: NotTheRegistrar, FollowUpNotFound, FollowUpConcluded."""
    require_registrar(command.officer, desk)
    store = FollowUpStore(uow.session)
    noted = await store.lock(command.follow_up_id)
    if not keeps_register_at(command.officer, noted.division_code, desk):
        raise FollowUpNotFound
    concluded = conclude(noted, command.finding, command.remark, command.officer.reference, now)
    await store.conclude(concluded)
    return concluded

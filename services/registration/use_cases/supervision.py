"""Who supervises publicity: officers and systems of the agency that the region pack names (市场监督管理部门)."""

from services.registration.domain.publicity_errors import NotTheSupervisor
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.security.office import within
from shared.security.principal import Principal


def supervises(caller: Principal, desk: RegistrarDesk) -> bool:
    """Whether the caller works for that agency."""
    return caller.agency is not None and caller.agency == desk.policy.publicity.authority_uscc


def require_supervisor(caller: Principal, desk: RegistrarDesk) -> None:
    """Raises: NotTheSupervisor; before anything is looked up, so that nothing is told of it."""
    if not supervises(caller, desk):
        raise NotTheSupervisor


def require_region(caller: Principal, division_code: str) -> None:
    """An officer decides in the region of the office only. Raises: NotTheSupervisor."""
    if not within(caller.office, division_code):
        raise NotTheSupervisor

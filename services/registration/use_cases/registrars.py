"""Who keeps this register (登记机关): its officers and systems, each officer in the office's region."""

from services.registration.domain.errors import NotTheRegistrar
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.security.office import within
from shared.security.principal import Principal


def require_registrar(caller: Principal, desk: RegistrarDesk) -> None:
    """Raises: NotTheRegistrar."""
    if caller.agency != desk.policy.registrar.uscc:
        raise NotTheRegistrar


def require_registrar_at(caller: Principal, division_code: str, desk: RegistrarDesk) -> None:
    """Raises: NotTheRegistrar, also for an officer of another place."""
    if not keeps_register_at(caller, division_code, desk):
        raise NotTheRegistrar


def keeps_register_at(caller: Principal, division_code: str, desk: RegistrarDesk) -> bool:
    """Whether it is the registrar, and the place is in the office's region."""
    return caller.agency == desk.policy.registrar.uscc and within(caller.office, division_code)

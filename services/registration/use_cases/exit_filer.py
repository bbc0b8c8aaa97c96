"""In whose name something is asked for an enterprise that leaves: its own, or its people's at the window."""

from services.registration.domain.enterprise import Enterprise
from services.registration.use_cases.counter_here import require_counter_for
from services.registration.use_cases.ownership import require_owner
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.security.principal import Principal


def applicant_for(
    caller: Principal, enterprise: Enterprise, on_behalf_of: str | None, desk: RegistrarDesk
) -> str:
    """Raises: NotTheOwner; NotEmpowered where the caller keeps no counter in the region of the address."""
    if on_behalf_of is None:
        require_owner(caller, enterprise)
        return caller.subject
    require_counter_for(caller, enterprise.domicile_division_code, desk)
    return on_behalf_of

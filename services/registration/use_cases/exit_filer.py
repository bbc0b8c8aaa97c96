"""In whose name something is asked for an enterprise that leaves: its own, or its people's at the window."""

from services.registration.domain.enterprise import Enterprise
from services.registration.use_cases.ownership import require_owner
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.security.deciding import NotEmpowered, require_counter
from shared.security.office import region_covers
from shared.security.principal import Principal


def applicant_for(
    caller: Principal, enterprise: Enterprise, on_behalf_of: str | None, desk: RegistrarDesk
) -> str:
    """Raises: NotTheOwner; NotEmpowered where the caller keeps no counter in the region of the address."""
    if on_behalf_of is None:
        require_owner(caller, enterprise)
        return caller.subject
    regions = require_counter(caller, desk.policy.zones)
    if not any(region_covers(region, enterprise.domicile_division_code) for region in regions):
        raise NotEmpowered("住所不在本窗口的受理区域内", "the address is not in the region of this counter")
    return on_behalf_of

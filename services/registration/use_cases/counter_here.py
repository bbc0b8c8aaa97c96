"""Whoever keeps a counter (窗口) does so for a region: what is accepted there lies in it."""

from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.security.deciding import NotEmpowered, require_counter
from shared.security.office import region_covers
from shared.security.principal import Principal


def require_counter_for(caller: Principal, division_code: str, desk: RegistrarDesk) -> None:
    """Raises: NotEmpowered where the caller keeps no counter in the region of the address."""
    regions = require_counter(caller, desk.policy.zones)
    if not any(region_covers(region, division_code) for region in regions):
        raise NotEmpowered("住所不在本窗口的受理区域内", "the address is not in the region of this counter")

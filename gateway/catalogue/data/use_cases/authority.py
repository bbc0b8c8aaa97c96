"""Who governs sharing: the agency that the region pack gives this duty."""

from gateway.catalogue.data.domain.errors import DataBureauOnly
from shared.region import RegionPack
from shared.security.principal import Principal


def is_data_bureau(caller: Principal, region: RegionPack) -> bool:
    """Whether the caller works for the agency that governs data sharing (政务数据共享主管部门)."""
    return region.is_data_bureau(caller.agency)


def require_data_bureau(caller: Principal, region: RegionPack) -> None:
    """Raises: DataBureauOnly."""
    if not is_data_bureau(caller, region):
        raise DataBureauOnly

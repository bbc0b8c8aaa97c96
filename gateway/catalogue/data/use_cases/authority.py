"""Who governs sharing: the agency that the region pack gives this duty."""

from typing import Final

from gateway.catalogue.data.domain.errors import DataBureauOnly
from shared.region import RegionPack
from shared.security.principal import Principal

GOVERNS_SHARING: Final = "govern_data_sharing"


def is_data_bureau(caller: Principal, region: RegionPack) -> bool:
    """Whether the caller works for the agency that governs data sharing (政务数据共享主管部门)."""
    agency = region.agency_by_uscc(caller.agency) if caller.agency else None
    return agency is not None and any(duty.key == GOVERNS_SHARING for duty in agency.duties)


def require_data_bureau(caller: Principal, region: RegionPack) -> None:
    """Raises: DataBureauOnly."""
    if not is_data_bureau(caller, region):
        raise DataBureauOnly

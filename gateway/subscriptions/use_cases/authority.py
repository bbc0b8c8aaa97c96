"""Who follows events: the agencies of the region."""

from gateway.subscriptions.domain.errors import NotAnAgency
from shared.region import Agency, RegionPack
from shared.security.principal import Principal


def agency_of(caller: Principal, region: RegionPack) -> Agency:
    """Return the agency that the caller works for. Raises: NotAnAgency."""
    agency = region.agency_by_uscc(caller.agency) if caller.agency else None
    if agency is None:
        raise NotAnAgency
    return agency

"""Who follows events: the agencies of the region; and who looks after whether they do."""

from gateway.subscriptions.domain.errors import NotAnAgency
from shared.region import GOVERNS_SHARING, Agency, RegionPack
from shared.security.principal import Principal


def agency_of(caller: Principal, region: RegionPack) -> Agency:
    """Return the agency that the caller works for. Raises: NotAnAgency."""
    agency = region.agency_by_uscc(caller.agency) if caller.agency else None
    if agency is None:
        raise NotAnAgency
    return agency


def overseers(region: RegionPack) -> tuple[str, ...]:
    """Who looks after all departments: the agency that publishes (the registrar) and the data bureau."""
    bureaus = (agency.uscc for agency in region.agencies if agency.has_duty(GOVERNS_SHARING))
    return (region.agency(region.registration.registrar).uscc, *bureaus)


def overseen_by(caller: Principal, region: RegionPack) -> tuple[Agency, ...]:
    """The agencies whose acknowledgements a caller may see: all, or its own. Raises: NotAnAgency."""
    own = agency_of(caller, region)
    return region.agencies if own.uscc in overseers(region) else (own,)

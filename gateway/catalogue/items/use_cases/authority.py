"""Who may change what: the department that owns an item, the keeper of the list of proofs."""

from gateway.catalogue.items.domain.errors import NotItemOwner, ProofListKeeperOnly
from shared.region import RegionPack
from shared.security.principal import Principal


def require_department(caller: Principal, region: RegionPack) -> str:
    """Return the agency for which the caller speaks as a whole. Raises: NotItemOwner, also for an office of it.

    Source: GW-14 (an office of a level has no standard of its own), GW-15 (only the owning department).
    """
    uscc = caller.agency
    is_whole = caller.office is None or caller.office.covers(region.region.code)
    if uscc is None or not is_whole or region.agency_by_uscc(uscc) is None:
        raise NotItemOwner
    return uscc


def require_keeper(caller: Principal, region: RegionPack) -> None:
    """Raises: ProofListKeeperOnly."""
    if caller.agency != region.agency(region.service_items.proof_keeper).uscc:
        raise ProofListKeeperOnly

"""Who acts in sharing: an agency's officer or system, or the data bureau; and by which calendar."""

from collections.abc import Iterable

from gateway.catalogue.data.domain.grant_rules import Flaw
from gateway.catalogue.data.domain.happening import Actor
from gateway.catalogue.data.domain.refusals import AgencyOnly, BureauDecides, NotTheOwner, SharingNotPossible
from gateway.catalogue.data.use_cases.authority import is_data_bureau
from shared.region import RegionPack
from shared.security.principal import Principal
from shared.web.problems import FieldFault


def actor_of(caller: Principal, region: RegionPack) -> Actor:
    """Raises: AgencyOnly."""
    if caller.agency is None:
        raise AgencyOnly
    return Actor(caller.reference, caller.agency, is_data_bureau(caller, region))


def bureau_of(caller: Principal, region: RegionPack) -> Actor:
    """Raises: BureauDecides."""
    if caller.agency is None or not is_data_bureau(caller, region):
        raise BureauDecides
    return Actor(caller.reference, caller.agency, is_data_bureau=True)


def require_owner(actor: Actor, owner_uscc: str) -> None:
    """Raises: NotTheOwner (DS-05: who produces data provides it and answers for it)."""
    if actor.agency_uscc != owner_uscc:
        raise NotTheOwner(owner_uscc)


def faults_of(flaws: Iterable[Flaw]) -> tuple[FieldFault, ...]:
    """Flaws of the domain as faults of the request."""
    return tuple(FieldFault(flaw.pointer, flaw.code, flaw.zh, flaw.en) for flaw in flaws)


def refuse_for(flaws: Iterable[Flaw]) -> None:
    """Raises: SharingNotPossible, naming every flaw."""
    faults = faults_of(flaws)
    if faults:
        raise SharingNotPossible(faults)

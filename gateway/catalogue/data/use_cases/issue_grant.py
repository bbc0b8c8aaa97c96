"""Issue a grant."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gateway.catalogue.data.domain.errors import GrantNotPossible
from gateway.catalogue.data.domain.grant import Grant, GrantStatus, ResourceOnOffer, Terms, flaws_of
from gateway.catalogue.data.published import grant_issued
from gateway.catalogue.data.store.grants import GrantStore
from gateway.catalogue.data.use_cases.authority import require_data_bureau
from shared.database.unit_of_work import UnitOfWork
from shared.region import DivisionStanding, NotInRegionPack, RegionPack, SharingClass
from shared.security.principal import Principal
from shared.web.problems import FieldFault


@dataclass(frozen=True)
class IssueGrant:
    """Who grants what, under which id."""

    grant_id: UUID
    terms: Terms
    caller: Principal


async def issue_grant(command: IssueGrant, region: RegionPack, uow: UnitOfWork, now: datetime) -> Grant:
    """Issue a grant and tell the services. Raises: DataBureauOnly; GrantNotPossible with every reason."""
    require_data_bureau(command.caller, region)
    terms = command.terms
    flaws = flaws_of(
        terms,
        resource=resource_on_offer(terms.resource, region),
        agency_is_known=region.agency_by_uscc(terms.agency_uscc) is not None,
        region_is_known=terms.region_code is None
        or region.divisions.standing(terms.region_code[:6]) is DivisionStanding.CURRENT,
        now=now,
    )
    faults = tuple(FieldFault(flaw.pointer, flaw.code, flaw.zh, flaw.en) for flaw in flaws)
    if faults:
        raise GrantNotPossible(faults)
    grant = Grant(command.grant_id, terms, GrantStatus.ISSUED, command.caller.reference, now)
    await GrantStore(uow.session).add(grant)
    uow.announce(grant_issued(grant))
    return grant


def resource_on_offer(key: str, region: RegionPack) -> ResourceOnOffer | None:
    """Look a resource up in the region's catalogue."""
    try:
        resource = region.resource(key)
    except NotInRegionPack:
        return None
    return ResourceOnOffer(
        key=resource.key,
        is_shareable=resource.sharing_class is not SharingClass.NONE,
        field_names=frozenset(field.name for field in resource.fields),
    )

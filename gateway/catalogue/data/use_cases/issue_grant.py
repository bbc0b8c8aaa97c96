"""Issue a grant."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gateway.catalogue.data.domain.errors import GrantNotPossible
from gateway.catalogue.data.domain.grant import Grant, GrantStatus, Terms
from gateway.catalogue.data.domain.grant_rules import Flaw, flaws_of
from gateway.catalogue.data.published import grant_issued
from gateway.catalogue.data.store.grants import GrantStore
from gateway.catalogue.data.use_cases.authority import require_data_bureau
from gateway.catalogue.data.use_cases.on_offer import grantee, resource_on_offer, unknown_regions
from shared.database.unit_of_work import UnitOfWork
from shared.region import RegionPack
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
    return await issue_agreed_grant(command, region, uow, now)


async def issue_agreed_grant(
    command: IssueGrant, region: RegionPack, uow: UnitOfWork, now: datetime
) -> Grant:
    """As `issue_grant`, where whoever decides on the request has agreed. Raises: GrantNotPossible."""
    await require_possible(command.terms, region, uow, now)
    grant = Grant(command.grant_id, command.terms, GrantStatus.ISSUED, command.caller.reference, now)
    await GrantStore(uow.session).add(grant)
    uow.announce(grant_issued(grant))
    return grant


async def require_possible(terms: Terms, region: RegionPack, uow: UnitOfWork, now: datetime) -> None:
    """Raises: GrantNotPossible with every reason."""
    refuse_for(
        flaws_of(
            terms,
            resource=await resource_on_offer(terms.resource, uow),
            grantee=grantee(terms.agency_uscc, region),
            unknown_regions=unknown_regions(terms.regions, region),
            now=now,
        )
    )


def refuse_for(flaws: Iterable[Flaw]) -> None:
    """Raises: GrantNotPossible, if there is any flaw."""
    faults = tuple(FieldFault(flaw.pointer, flaw.code, flaw.zh, flaw.en) for flaw in flaws)
    if faults:
        raise GrantNotPossible(faults)

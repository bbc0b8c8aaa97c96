"""Read grants: an agency its own, the data bureau all."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from gateway.catalogue.data.domain.errors import GrantNotFound
from gateway.catalogue.data.domain.grant import Grant
from gateway.catalogue.data.store.grants import GrantFilters, GrantStore
from gateway.catalogue.data.use_cases.authority import is_data_bureau
from shared.database.unit_of_work import UnitOfWork
from shared.region import RegionPack
from shared.security.principal import Principal


@dataclass(frozen=True)
class ListGrants:
    """Which page of which grants."""

    filters: GrantFilters
    before: UUID | None
    limit: int


async def list_grants(
    query: ListGrants, caller: Principal, region: RegionPack, uow: UnitOfWork, now: datetime
) -> list[Grant]:
    """Return the caller's grants; another agency's are not there for it, whatever the filter says."""
    filters = query.filters
    if not is_data_bureau(caller, region):
        asked_for_others = filters.agency_uscc not in (None, caller.agency)
        if caller.agency is None or asked_for_others:
            return []
        filters = replace(filters, agency_uscc=caller.agency)
    return await GrantStore(uow.session).newest(filters, now=now, before=query.before, limit=query.limit)


async def read_grant(grant_id: UUID, caller: Principal, region: RegionPack, uow: UnitOfWork) -> Grant:
    """Raises: GrantNotFound, also for another agency's."""
    grant = await GrantStore(uow.session).find(grant_id)
    if grant is None or not (is_data_bureau(caller, region) or grant.terms.agency_uscc == caller.agency):
        raise GrantNotFound(grant_id)
    return grant

"""Read delegations: who gives and who has the power sees it, the data bureau sees all."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from gateway.powers.domain.delegation import Delegation
from gateway.powers.domain.errors import DelegationNotFound
from gateway.powers.store.delegations import DelegationFilters, DelegationStore
from gateway.powers.use_cases.authority import is_data_bureau
from shared.database.unit_of_work import UnitOfWork
from shared.region import RegionPack
from shared.security.principal import Principal


@dataclass(frozen=True)
class ListDelegations:
    """Which page of which delegations."""

    filters: DelegationFilters
    before: UUID | None
    limit: int


async def list_delegations(
    query: ListDelegations, caller: Principal, region: RegionPack, uow: UnitOfWork, now: datetime
) -> list[Delegation]:
    """Return those of the caller's agency; others are not there for it, whatever the filter says."""
    filters = query.filters
    if not is_data_bureau(caller, region):
        if caller.agency is None:
            return []
        filters = replace(filters, party_uscc=caller.agency)
    store = DelegationStore(uow.session)
    return await store.newest(filters, now=now, before=query.before, limit=query.limit)


async def read_delegation(
    delegation_id: UUID, caller: Principal, region: RegionPack, uow: UnitOfWork
) -> Delegation:
    """Raises: DelegationNotFound, also for one between others."""
    delegation = await DelegationStore(uow.session).find(delegation_id)
    if delegation is None or not is_party(caller, delegation, region):
        raise DelegationNotFound(delegation_id)
    return delegation


def is_party(caller: Principal, delegation: Delegation, region: RegionPack) -> bool:
    """Whether the delegation is the caller's to know."""
    parties = (delegation.granting_uscc, delegation.terms.zone_uscc)
    return caller.agency in parties or is_data_bureau(caller, region)

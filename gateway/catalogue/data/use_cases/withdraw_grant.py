"""Withdraw a grant."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gateway.catalogue.data.domain.errors import GrantNotFound
from gateway.catalogue.data.domain.grant import Grant, withdraw
from gateway.catalogue.data.published import grant_withdrawn
from gateway.catalogue.data.store.grants import GrantStore
from gateway.catalogue.data.use_cases.authority import require_data_bureau
from shared.database.unit_of_work import UnitOfWork
from shared.region import RegionPack
from shared.security.principal import Principal


@dataclass(frozen=True)
class WithdrawGrant:
    """Which grant, and who withdraws it."""

    grant_id: UUID
    caller: Principal


async def withdraw_grant(command: WithdrawGrant, region: RegionPack, uow: UnitOfWork, now: datetime) -> Grant:
    """Withdraw a grant and tell the services. Raises: DataBureauOnly, GrantNotFound, ActionNotAllowed."""
    require_data_bureau(command.caller, region)
    store = GrantStore(uow.session)
    grant = await store.lock(command.grant_id)
    if grant is None:
        raise GrantNotFound(command.grant_id)
    withdrawn = withdraw(grant, by=command.caller.reference, at=now)
    await store.save(withdrawn)
    uow.announce(grant_withdrawn(withdrawn, now))
    return withdrawn

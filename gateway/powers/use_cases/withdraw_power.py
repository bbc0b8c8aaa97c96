"""Withdraw a power from a zone."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gateway.powers.domain.delegation import Delegation, withdraw
from gateway.powers.domain.errors import DelegationNotFound
from gateway.powers.published import power_withdrawn
from gateway.powers.store.delegations import DelegationStore
from gateway.powers.use_cases.authority import require_holder
from gateway.powers.use_cases.read_delegations import is_party
from shared.database.unit_of_work import UnitOfWork
from shared.region import RegionPack
from shared.security.principal import Principal


@dataclass(frozen=True)
class WithdrawPower:
    """Which delegation, who withdraws it, and why."""

    delegation_id: UUID
    caller: Principal
    reason: str


async def withdraw_power(
    command: WithdrawPower, region: RegionPack, uow: UnitOfWork, now: datetime
) -> Delegation:
    """Tell the services. Raises: DelegationNotFound, also for one between others; NotYourPower; DelegationEnded."""
    store = DelegationStore(uow.session)
    delegation = await store.lock(command.delegation_id)
    if delegation is None or not is_party(command.caller, delegation, region):
        raise DelegationNotFound(command.delegation_id)
    require_holder(command.caller, delegation.granting_uscc, region)
    withdrawn = withdraw(delegation, by=command.caller.reference, at=now, reason=command.reason)
    await store.save(withdrawn)
    uow.announce(power_withdrawn(withdrawn, now, command.reason))
    return withdrawn

"""Delegate a power to a zone."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gateway.powers.domain.delegation import Delegation, Terms, flaws_of
from gateway.powers.domain.errors import AlreadyDelegated, DelegationNotPossible
from gateway.powers.published import power_delegated
from gateway.powers.store.delegations import DelegationStore
from gateway.powers.use_cases.authority import find_power, require_holder
from shared.database.unit_of_work import UnitOfWork
from shared.region import RegionPack
from shared.security.principal import Principal
from shared.web.problems import FieldFault


@dataclass(frozen=True)
class DelegatePower:
    """What is delegated, and who says so."""

    delegation_id: UUID
    terms: Terms
    caller: Principal


async def delegate_power(
    command: DelegatePower, region: RegionPack, uow: UnitOfWork, now: datetime
) -> Delegation:
    """Tell the services. Raises: NotYourPower; DelegationNotPossible with every reason; AlreadyDelegated."""
    terms = command.terms
    power = find_power(terms.item, region)
    require_holder(command.caller, power.agency_uscc if power else None, region)
    flaws = flaws_of(terms, power=power, towns=region.zones.get(terms.zone_uscc), now=now)
    faults = tuple(FieldFault(flaw.pointer, flaw.code, flaw.zh, flaw.en) for flaw in flaws)
    if faults or power is None:
        raise DelegationNotPossible(faults)
    delegation = Delegation(command.delegation_id, power.agency_uscc, terms, command.caller.reference, now)
    if not await DelegationStore(uow.session).add(delegation):
        raise AlreadyDelegated(terms.item)
    uow.announce(power_delegated(delegation))
    return delegation

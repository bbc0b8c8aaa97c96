"""Say at once whether a name can be had, as far as the register knows (REG-15)."""

from dataclasses import dataclass
from datetime import datetime

from services.registration.domain.name_rules import NameConflicts
from services.registration.domain.name_terms import freed_on
from services.registration.domain.names import NameKeys, split_name
from services.registration.domain.policy import RegistryPolicy
from services.registration.store.names import NameClaim, NameStore
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class CheckedName:
    """What the register compared, and what it found."""

    keys: NameKeys
    conflicts: NameConflicts
    forbidden: tuple[str, ...]


async def check_name(name: str, uow: UnitOfWork, now: datetime, policy: RegistryPolicy) -> CheckedName:
    """Takes no claim: what is free now may be taken a moment later."""
    keys = split_name(name, policy.names)
    claim = NameClaim(
        keys, policy.division_code, None, freed_on(local_date(now), policy.names.conflict_window)
    )
    conflicts = await NameStore(uow.session).conflicts(claim, policy.names, now)
    inside = keys.distinctive + keys.trade
    return CheckedName(keys, conflicts, tuple(word for word in policy.names.forbidden if word in inside))

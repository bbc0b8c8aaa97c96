"""Keep the copy of delegated powers that deciding goes by."""

from datetime import datetime

from services.registration.store.powers import PowerStore
from shared.database.unit_of_work import UnitOfWork
from shared.security.deciding import DelegatedPower


async def take_power(power: DelegatedPower, uow: UnitOfWork) -> None:
    """Write a delegation down."""
    await PowerStore(uow.session).put(power)


async def withdraw_power(delegation_id: str, at: datetime, uow: UnitOfWork) -> None:
    """Mark a delegation withdrawn."""
    await PowerStore(uow.session).withdraw(delegation_id, at)

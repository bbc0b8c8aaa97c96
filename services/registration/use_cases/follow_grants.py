"""Keep the copy of the catalogue's grants that reading is decided by."""

from datetime import datetime

from services.registration.store.grants import DataGrant, GrantStore
from shared.database.unit_of_work import UnitOfWork


async def take_grant(grant: DataGrant, uow: UnitOfWork) -> None:
    """Write a grant down."""
    await GrantStore(uow.session).put(grant)


async def withdraw_grant(grant_id: str, at: datetime, uow: UnitOfWork) -> None:
    """Mark a grant withdrawn."""
    await GrantStore(uow.session).withdraw(grant_id, at)

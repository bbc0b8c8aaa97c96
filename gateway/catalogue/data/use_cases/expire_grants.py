"""Write down which grants' terms are over; services refused them from that instant on by themselves."""

from typing import Final

from gateway.catalogue.data.domain.grant import expire
from gateway.catalogue.data.published import grant_expired
from gateway.catalogue.data.store.grants import GrantStore
from shared.database.unit_of_work import UnitOfWork

_AT_ONCE: Final = 200


async def expire_grants(uow: UnitOfWork) -> int:
    """Return how many were found."""
    store = GrantStore(uow.session)
    over = await store.lock_over(uow.now, _AT_ONCE)
    for grant in over:
        expired = expire(grant)
        await store.save(expired)
        uow.announce(grant_expired(expired))
    return len(over)

"""Free the names whose reservation ran out."""

from services.registration.store.names import NameStore
from shared.database.unit_of_work import UnitOfWork


async def forget_lapsed_names(uow: UnitOfWork) -> int:
    """Returns how many names were freed."""
    return await NameStore(uow.session).forget_lapsed(uow.now)

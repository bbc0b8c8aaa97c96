"""Cancel the permits of an enterprise that left the register together with its licence (证照注销联合办, REG-31)."""

from datetime import date, datetime

from services.licensing.domain.permit import cancelled
from services.licensing.published.announcing import permit_cancelled
from services.licensing.store.permits import PermitStore
from shared.database.unit_of_work import UnitOfWork


async def cancel_permits(uscc: str, cancelled_on: date, uow: UnitOfWork, now: datetime) -> None:
    """Those in force end, each with an event; told again, nothing is left to end."""
    store = PermitStore(uow.session)
    for permit in await store.lock_in_force(uscc):
        ended = cancelled(permit, cancelled_on)
        await store.end(ended)
        uow.announce(permit_cancelled(ended, now))

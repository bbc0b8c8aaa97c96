"""Let a filing have the name that its applicant reserved."""

from datetime import datetime
from uuid import UUID

from services.registration.domain.filing import Filing
from services.registration.domain.name_errors import (
    AnotherNameReserved,
    ReservationActionNotAllowed,
    ReservationNotFound,
)
from services.registration.domain.name_reservation import ReservationAction, ReservationStatus, advance
from services.registration.domain.names import NameParts, name_key
from services.registration.store.name_reservations import ReservationStore
from services.registration.store.names import NameStore
from shared.database.unit_of_work import UnitOfWork


async def use_reservation(
    reservation_id: UUID, filing: Filing, name: NameParts, uow: UnitOfWork, now: datetime
) -> None:
    """From now on the filing holds the name; the same filing may ask again, after a correction.

    Raises: ReservationNotFound where it is not the applicant's, ReservationActionNotAllowed where it is used, given
    back or over, AnotherNameReserved where the filing asks for another name.
    """
    store = ReservationStore(uow.session)
    held = await store.find(reservation_id, lock=True)
    if held.applicant != filing.applicant:
        raise ReservationNotFound
    if held.filing_id == filing.id:
        return
    if name_key(held.wish.name.full) != name_key(name.full):
        raise AnotherNameReserved(held.wish.name.full)
    used = advance(held, ReservationAction.USE, filing.id)
    if not await NameStore(uow.session).adopt(reservation_id, filing.id, now):
        raise ReservationActionNotAllowed(ReservationStatus.LAPSED.value, ReservationAction.USE.value)
    await store.save(used)

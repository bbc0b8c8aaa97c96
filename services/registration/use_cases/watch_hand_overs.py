"""Files that were asked for: hand over what is settled, tell once what is late, compute provisional times anew."""

from typing import Final

from services.registration.domain.hand_over import HandOverStatus
from services.registration.published.relocations import relocation_overdue
from services.registration.store.hand_overs import HandOverStore
from services.registration.use_cases.hand_over_file import hand_over_if_settled
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.calendar import WorkingCalendar
from shared.database.unit_of_work import UnitOfWork

_AT_ONCE: Final = 20


async def hand_over_settled(uow: UnitOfWork, desk: RegistrarDesk) -> int:
    """Returns how many requests were answered."""
    waiting = await HandOverStore(uow.session).waiting(uow.now, _AT_ONCE)
    answered = 0
    for asked in sorted(waiting, key=lambda one: one.uscc):  # in one order, as every sweep locks them
        looked_at = await hand_over_if_settled(asked, uow, uow.now, desk)
        answered += looked_at.status is not HandOverStatus.REQUESTED
    return answered


async def tell_overdue_hand_overs(uow: UnitOfWork, calendar: WorkingCalendar) -> int:
    """Returns how many were told; where the days are counted otherwise by now, it waits for its new time."""
    store, now, told = HandOverStore(uow.session), uow.now, 0
    for asked in await store.overdue(now, 10 * _AT_ONCE):
        due = asked.clock.due_at(calendar)
        if due is not None and due.at >= now:
            await store.renew_due(asked.id, due)
            continue
        uow.announce(relocation_overdue(asked, due.at if due else now))
        await store.mark_overdue_told(asked.id, now)
        told += 1
    return told


async def renew_provisional_hand_overs(uow: UnitOfWork, calendar: WorkingCalendar) -> int:
    """Returns how many due times changed."""
    return await HandOverStore(uow.session).renew_provisional(calendar, 50 * _AT_ONCE)

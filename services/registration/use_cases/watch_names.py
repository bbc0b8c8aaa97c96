"""What comes due about names: reservations told of and ended, disputes late, names withdrawn, marks to be made."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from services.registration.domain.kinds import GONE
from services.registration.domain.name_dispute import NOT_RULED_ON, DisputeAction, NameDispute, advance
from services.registration.domain.name_reservation import ReservationAction
from services.registration.domain.name_reservation import advance as advance_reservation
from services.registration.domain.names import split_name
from services.registration.domain.register_acts import Cause, RegisterAct
from services.registration.domain.wording import Wording
from services.registration.published.names import (
    CLOSED,
    LAPSED,
    OVERDUE,
    REMINDED,
    dispute_told,
    name_withdrawn,
    reservation_told,
)
from services.registration.store.enterprises import EnterpriseStore
from services.registration.store.name_disputes import DisputeStore
from services.registration.store.name_reservations import ReservationStore
from services.registration.store.names import NameStore
from services.registration.use_cases.change_register import change_register
from services.registration.use_cases.name_disputes import due_next, save_dispute
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.calendar import WorkingCalendar, local_date
from shared.database.unit_of_work import UnitOfWork

_AT_ONCE: Final = 200
_MARKED_AT_ONCE: Final = 2_000
_STANDS_IN: Final = Wording(
    "逾期未办理名称变更，以统一社会信用代码代替名称（《企业名称登记管理规定》第二十三条）",
    "the name was not changed in time: the credit code stands in for it (Provisions, art. 23)",
)


async def remind_of_names(uow: UnitOfWork) -> int:
    """Tell the holders of reservations that end soon; returns how many."""
    store = ReservationStore(uow.session)
    ending = await store.to_tell(uow.now, _AT_ONCE)
    for one in ending:
        await store.save(replace(one, remind_at=None))
        uow.announce(reservation_told(REMINDED, one))
    return len(ending)


async def end_reservations(uow: UnitOfWork) -> int:
    """End reservations whose time ran out; returns how many."""
    store, names = ReservationStore(uow.session), NameStore(uow.session)
    over = await store.lapsed(uow.now, _AT_ONCE)
    for one in over:
        lapsed = advance_reservation(one, ReservationAction.LAPSE)
        await store.save(lapsed)
        await names.release(None, one.id)
        uow.announce(reservation_told(LAPSED, lapsed))
    return len(over)


async def mark_names(uow: UnitOfWork) -> int:
    """Make comparable what came without marks, from an import; returns how many names."""
    return await NameStore(uow.session).mark(_MARKED_AT_ONCE)


async def tell_overdue_disputes(uow: UnitOfWork, calendar: WorkingCalendar) -> int:
    """Tell once of disputes that the registrar is late with by the days as they are known now; returns how many."""
    store, told = DisputeStore(uow.session), 0
    for one in await store.overdue(uow.now, _AT_ONCE):
        due = one.clock.due_at(calendar)
        is_late = due is None or due.at < uow.now
        await store.save(replace(one, is_overdue_told=is_late), due)
        if is_late:
            uow.announce(dispute_told(OVERDUE, one, due.at if due else None))
            told += 1
    return told


async def renew_provisional_disputes(uow: UnitOfWork, calendar: WorkingCalendar) -> int:
    """Compute anew what hung on an unpublished calendar; returns how many due times are certain now."""
    store, certain = DisputeStore(uow.session), 0
    for one in await store.provisional(_AT_ONCE):
        due = one.clock.due_at(calendar)
        if due is not None and not due.provisional:
            await store.save(one, due)
            certain += 1
    return certain


async def enforce_rulings(uow: UnitOfWork, desk: RegistrarDesk) -> int:
    """One name that was to be changed: withdrawn once the time is over, settled once it has changed; returns 0 or 1.

    Where the days are counted otherwise by now, it waits for its new time and keeps no other waiting.
    """
    now = uow.now
    dispute = await DisputeStore(uow.session).next_to_enforce(now)
    if dispute is None:
        return 0
    one = (await EnterpriseStore(uow.session).lock(dispute.respondent_uscc)).enterprise
    if one.state in GONE or dispute.status in NOT_RULED_ON:  # the one that asks, or is asked about, is gone
        await _close(dispute, DisputeAction.END, uow, now, desk)
    elif one.name != one.uscc and _is_another(one.name, dispute.respondent_name, desk):
        await _close(dispute, DisputeAction.CHANGE_NAME, uow, now, desk)
    else:
        due = due_next(dispute, desk)
        if due is None or due.at >= now:
            await save_dispute(dispute, uow, desk)
        else:
            await _withdraw_name(dispute, uow, now, desk)
    return 1


def _is_another(name: str, disputed: str, desk: RegistrarDesk) -> bool:
    """What misleads is the distinctive part (字号), whatever the trade and the form. Own reading."""
    names = desk.policy.names
    return split_name(name, names).distinctive != split_name(disputed, names).distinctive


async def _close(
    dispute: NameDispute, action: DisputeAction, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> None:
    closed = advance(dispute, action, now, desk.policy.names.disputes)
    await save_dispute(closed, uow, desk)
    uow.announce(dispute_told(CLOSED, closed, None))


async def _withdraw_name(dispute: NameDispute, uow: UnitOfWork, now: datetime, desk: RegistrarDesk) -> None:
    """The credit code takes the name's place everywhere; nobody else may have the name for a year."""
    withdrawn = advance(dispute, DisputeAction.WITHDRAW_NAME, now, desk.policy.names.disputes)
    await save_dispute(withdrawn, uow, desk)
    file = await EnterpriseStore(uow.session).lock(dispute.respondent_uscc)
    if file.enterprise.name != file.enterprise.uscc:
        after = replace(file, enterprise=replace(file.enterprise, name=file.enterprise.uscc))
        await change_register(file, after, Cause(RegisterAct.ALTERED, reason=_STANDS_IN), uow, now, desk)
        await NameStore(uow.session).give_up(dispute.respondent_uscc, local_date(now))
    uow.announce(name_withdrawn(withdrawn, now))

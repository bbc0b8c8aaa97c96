"""Filings and time: what is late is told, clocks are computed anew, what nobody goes on with is ended."""

from dataclasses import replace
from typing import Final

from services.registration.domain.wording import Wording
from services.registration.published.filings import filing_overdue
from services.registration.store.filings import FilingStore
from services.registration.use_cases.registrar_desk import RegistrarDesk
from services.registration.use_cases.withdraw_filing import take_back
from shared.calendar import WorkingCalendar, due
from shared.database.unit_of_work import UnitOfWork

_AT_ONCE: Final = 200
_UNTOUCHED: Final = Wording(
    "长期未继续办理，视为撤回", "nobody went on with it for too long: it counts as withdrawn"
)


async def tell_overdue_filings(uow: UnitOfWork, calendar: WorkingCalendar) -> int:
    """Returns how many were told; where the days are counted otherwise by now, it waits for its new time."""
    store, now, told = FilingStore(uow.session), uow.now, 0
    for filing_id in await store.overdue(now, _AT_ONCE):
        filing = await store.find(filing_id)
        due = filing.clock.due_at(calendar) if filing.clock else None
        if due is not None and due.at >= now:
            await store.renew_due(filing_id, due)
            continue
        uow.announce(filing_overdue(filing, due.at if due else now))
        await store.mark_overdue_told(filing_id, now)
        told += 1
    return told


async def renew_provisional_clocks(uow: UnitOfWork, calendar: WorkingCalendar) -> int:
    """Returns how many due times changed."""
    return await FilingStore(uow.session).renew_provisional(calendar, 5 * _AT_ONCE)


async def age_out_filings(uow: UnitOfWork, desk: RegistrarDesk) -> int:
    """End drafts and returned filings that were left alone for as long as the city keeps them; returns how many."""
    limit, now = desk.policy.review.untouched, uow.now
    found = await FilingStore(uow.session).untouched(_AT_ONCE)
    left = [filing for touched, filing in found if due(limit, touched, desk.calendar).at < now]
    for filing in left:
        await take_back(replace(filing, reason=_UNTOUCHED), uow, now)
    return len(left)

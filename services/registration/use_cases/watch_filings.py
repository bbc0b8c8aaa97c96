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
    """Returns how many were told."""
    store, now = FilingStore(uow.session), uow.now
    late = await store.overdue(now, _AT_ONCE)
    for filing_id in late:
        filing = await store.find(filing_id)
        due = filing.clock.due_at(calendar) if filing.clock else None
        uow.announce(filing_overdue(filing, due.at if due else now))
        await store.mark_overdue_told(filing_id, now)
    return len(late)


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

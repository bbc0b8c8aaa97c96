"""The clocks of filings under review: tell once what is late, compute anew what hung on an unpublished calendar."""

from typing import Final

from services.registration.published.filings import filing_overdue
from services.registration.store.filings import FilingStore
from shared.calendar import WorkingCalendar
from shared.database.unit_of_work import UnitOfWork

_AT_ONCE: Final = 200


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

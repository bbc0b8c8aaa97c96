"""Take a filing back; what it reserved is free at once."""

from datetime import datetime
from uuid import UUID

from services.registration.domain.errors import FilingNotFound
from services.registration.domain.filing import Filing, FilingAction, advance
from services.registration.published.filings import filing_withdrawn
from services.registration.store.filings import FilingStore
from services.registration.use_cases.acts import ACTS
from services.registration.use_cases.decide_filing import stopped
from shared.database.unit_of_work import UnitOfWork


async def withdraw_filing(filing_id: UUID, applicant: str, uow: UnitOfWork, now: datetime) -> Filing:
    """Raises: FilingNotFound, ActionNotAllowed."""
    store = FilingStore(uow.session)
    filing = await store.lock(filing_id)
    if filing.applicant != applicant:
        raise FilingNotFound
    withdrawn = stopped(advance(filing, FilingAction.WITHDRAW), now)
    await store.save(withdrawn)
    await ACTS[filing.kind].release(withdrawn, uow)
    uow.announce(filing_withdrawn(withdrawn))
    return withdrawn

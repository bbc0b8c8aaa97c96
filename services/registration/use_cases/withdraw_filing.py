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
    filing = await FilingStore(uow.session).lock(filing_id)
    if filing.applicant != applicant:
        raise FilingNotFound
    return await take_back(filing, uow, now)


async def take_back(filing: Filing, uow: UnitOfWork, now: datetime) -> Filing:
    """End a filing without a decision. Raises: ActionNotAllowed."""
    withdrawn = stopped(advance(filing, FilingAction.WITHDRAW), now)
    await FilingStore(uow.session).save(withdrawn, now)
    await ACTS[filing.kind].release(withdrawn, uow)
    uow.announce(filing_withdrawn(withdrawn))
    return withdrawn

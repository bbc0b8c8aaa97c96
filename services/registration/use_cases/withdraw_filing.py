"""Take a filing back; its name is free at once."""

from uuid import UUID

from services.registration.domain.errors import FilingNotFound
from services.registration.domain.filing import Filing, FilingAction, advance
from services.registration.published import filing_withdrawn
from services.registration.store.filings import FilingStore
from services.registration.store.names import NameStore
from shared.database.unit_of_work import UnitOfWork


async def withdraw_filing(filing_id: UUID, applicant: str, uow: UnitOfWork) -> Filing:
    """Raises: FilingNotFound, ActionNotAllowed."""
    store = FilingStore(uow.session)
    filing = await store.lock(filing_id)
    if filing.applicant != applicant:
        raise FilingNotFound
    withdrawn = advance(filing, FilingAction.WITHDRAW)
    await store.save(withdrawn)
    await NameStore(uow.session).release(filing_id)
    uow.announce(filing_withdrawn(withdrawn))
    return withdrawn

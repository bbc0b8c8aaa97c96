"""Take over what registration tells of establishment filings; the read model behind who may act for whom."""

from services.licensing.store.read_models import HolderStore
from shared.database.unit_of_work import UnitOfWork


async def learn_applicant(filing_id: str, applicant: str, uow: UnitOfWork) -> None:
    """Write who applied."""
    await HolderStore(uow.session).note_applicant(filing_id, applicant)


async def learn_established(filing_id: str, uscc: str, uow: UnitOfWork) -> None:
    """Write which enterprise came of the filing."""
    await HolderStore(uow.session).note_enterprise(filing_id, uscc)

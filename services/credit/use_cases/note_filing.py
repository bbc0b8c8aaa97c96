"""Note whose enterprise it is: who applied in a filing, and which enterprise came of it."""

from services.credit.store.owners import OwnerStore
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import Uscc


async def note_applicant(filing_id: str, applicant: str, uow: UnitOfWork) -> None:
    await OwnerStore(uow.session).note_applicant(filing_id, applicant)


async def note_enterprise(filing_id: str, uscc: Uscc, uow: UnitOfWork) -> None:
    await OwnerStore(uow.session).note_enterprise(filing_id, uscc)

"""Find out what somebody who asks is to a subject."""

from services.credit.domain.viewing import STRANGER, Relation, Viewer
from services.credit.store.owners import OwnerStore
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import Uscc


async def identify_viewer(
    uscc: Uscc, *, applicant: str | None, agency: str | None, uow: UnitOfWork
) -> Viewer:
    """The owner is who applied for the enterprise; then an agency; anybody else is a stranger."""
    if applicant is not None and await OwnerStore(uow.session).is_owner(uscc, applicant):
        return Viewer(Relation.OWNER)
    if agency is not None:
        return Viewer(Relation.AGENCY, agency)
    return STRANGER

"""Change a returned filing before it is submitted again."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

from services.registration.domain.errors import FilingNotFound
from services.registration.domain.establishment import Establishment
from services.registration.domain.filing import Filing, FilingAction, advance
from services.registration.store.filings import FilingStore
from shared.database.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class AmendFiling:
    """The new content; `expects` refuses where the filing has moved on."""

    filing_id: UUID
    applicant: str
    content: Establishment
    expects: Callable[[int], None]


async def amend_filing(command: AmendFiling, uow: UnitOfWork) -> Filing:
    """Raises: FilingNotFound, ActionNotAllowed; whatever `expects` raises."""
    store = FilingStore(uow.session)
    filing = await store.lock(command.filing_id)
    if filing.applicant != command.applicant:
        raise FilingNotFound
    command.expects(filing.version)
    amended = replace(advance(filing, FilingAction.AMEND), content=command.content, results=(), reason=None)
    await store.save(amended)
    return amended

"""Submit a draft, or a corrected filing again."""

from datetime import datetime
from uuid import UUID

from services.registration.domain.errors import ActionNotAllowed
from services.registration.domain.filing import Filing, FilingStatus
from services.registration.store.filings import FilingStore
from services.registration.use_cases.decide_filing import decide_filing
from services.registration.use_cases.ownership import require_own
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.database.unit_of_work import UnitOfWork
from shared.security.principal import Principal


async def resubmit_filing(
    filing_id: UUID, caller: Principal, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> Filing:
    """Raises: FilingNotFound, NotTheOwner, ActionNotAllowed unless changed since its return; as `decide_filing`."""
    filing = await FilingStore(uow.session).lock(filing_id)
    await require_own(filing, caller, uow)
    if filing.status is not FilingStatus.DRAFT:
        raise ActionNotAllowed(filing.status.value, "submit")
    return await decide_filing(filing, uow, now, desk)

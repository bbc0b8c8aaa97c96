"""Say in one list what is missing from a filing, without deciding on it (一次性告知)."""

from datetime import datetime
from uuid import UUID

from services.registration.domain.errors import ActionNotAllowed
from services.registration.domain.filing import FilingStatus
from services.registration.domain.rule import RuleResult
from services.registration.store.filings import FilingStore
from services.registration.use_cases.decide_filing import review_filing
from services.registration.use_cases.ownership import require_own
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.database.unit_of_work import UnitOfWork
from shared.security.principal import Principal


async def check_filing(
    filing_id: UUID, caller: Principal, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> tuple[RuleResult, ...]:
    """Every rule as on submission; nothing is reserved or kept.

    Raises: FilingNotFound, NotTheOwner, ActionNotAllowed; whatever the act's review raises.
    """
    filing = await FilingStore(uow.session).find(filing_id)
    await require_own(filing, caller, uow)
    if filing.status not in (FilingStatus.DRAFT, FilingStatus.RETURNED):
        raise ActionNotAllowed(filing.status.value, "check")
    savepoint = await uow.session.begin_nested()
    try:
        return await review_filing(filing, uow, now, desk)
    finally:
        await savepoint.rollback()
        uow.discard_announcements()

"""The applicant of a returned filing asks that a person look at it (申请人工审查)."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.registration.domain.filing import Filing, FilingAction, advance
from services.registration.published.filings import filing_submitted
from services.registration.store.filings import FilingStore
from services.registration.use_cases.decide_filing import review_filing, save_filing, take_up
from services.registration.use_cases.ownership import require_own
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.database.unit_of_work import UnitOfWork
from shared.security.principal import Principal


async def ask_for_person(
    filing_id: UUID, caller: Principal, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> Filing:
    """Raises: FilingNotFound, NotTheOwner, ActionNotAllowed, FilingInProgress; whatever the act's review raises."""
    filing = await FilingStore(uow.session).lock(filing_id)
    await require_own(filing, caller, uow)
    asked = replace(advance(filing, FilingAction.ASK_FOR_PERSON), wants_person=True, reason=None)
    asked = replace(asked, results=await review_filing(asked, uow, now, desk), submitted_at=now)
    asked = await take_up(asked, uow, now, desk)
    await save_filing(asked, uow, desk)
    uow.announce(filing_submitted(asked))
    return asked

"""An officer of the registrar decides what the rules could not settle."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.registration.domain.errors import NameTaken
from services.registration.domain.filing import DecidedBy, Filing, FilingAction, advance
from services.registration.domain.name_rules import SAME
from services.registration.domain.policy import Wording
from services.registration.published import filing_refused, filing_returned
from services.registration.store.filings import FilingStore
from services.registration.store.names import NameStore
from services.registration.use_cases.decide_filing import claim_name
from services.registration.use_cases.register_enterprise import register_enterprise
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.database.unit_of_work import UnitOfWork
from shared.web.problems import FieldFault


async def approve_filing(filing_id: UUID, uow: UnitOfWork, now: datetime, desk: RegistrarDesk) -> Filing:
    """Raises: FilingNotFound, ActionNotAllowed; NameTaken where the reservation had lapsed."""
    filing = await FilingStore(uow.session).lock(filing_id)
    approved = advance(filing, FilingAction.APPROVE)
    if not await claim_name(filing_id, filing.content, uow, now, desk):
        raise NameTaken(
            (FieldFault("/name", SAME.id, "该名称已被他人使用", "somebody else has the name now"),)
        )
    return await register_enterprise(approved, DecidedBy.OFFICER, uow, now, desk)


async def refuse_filing(filing_id: UUID, reason: Wording, uow: UnitOfWork, now: datetime) -> Filing:
    """Raises: FilingNotFound, ActionNotAllowed."""
    store = FilingStore(uow.session)
    refused = replace(
        advance(await store.lock(filing_id), FilingAction.REFUSE),
        reason=reason,
        decided_by=DecidedBy.OFFICER,
        decided_at=now,
    )
    await store.save(refused)
    await NameStore(uow.session).release(filing_id)
    uow.announce(filing_refused(refused))
    return refused


async def return_filing(filing_id: UUID, reason: Wording, uow: UnitOfWork) -> Filing:
    """Raises: FilingNotFound, ActionNotAllowed."""
    store = FilingStore(uow.session)
    returned = replace(advance(await store.lock(filing_id), FilingAction.RETURN), reason=reason)
    await store.save(returned)
    uow.announce(filing_returned(returned))
    return returned

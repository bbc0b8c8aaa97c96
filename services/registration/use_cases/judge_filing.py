"""An officer decides what the rules could not settle: the registrar's, a zone's by delegation, the window's."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.registration.domain.errors import NameTaken
from services.registration.domain.filing import DecidedBy, Filing, FilingAction, advance
from services.registration.domain.name_rules import SAME
from services.registration.domain.policy import Wording
from services.registration.published import filing_refused, filing_returned
from services.registration.store.filings import FilingStore
from services.registration.store.names import NameStore
from services.registration.use_cases.authority import require_decider
from services.registration.use_cases.decide_filing import claim_name
from services.registration.use_cases.register_enterprise import register_enterprise
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.database.unit_of_work import UnitOfWork
from shared.security.principal import Principal
from shared.web.problems import FieldFault


@dataclass(frozen=True)
class JudgeFiling:
    """Which filing, and who decides on it."""

    filing_id: UUID
    officer: Principal


async def approve_filing(command: JudgeFiling, uow: UnitOfWork, now: datetime, desk: RegistrarDesk) -> Filing:
    """Raises: FilingNotFound, NotEmpowered, ActionNotAllowed; NameTaken where the reservation had lapsed."""
    filing = await _lock(command, uow, now, desk)
    approved = advance(filing, FilingAction.APPROVE)
    if not await claim_name(filing.id, filing.content, uow, now, desk):
        raise NameTaken(
            (FieldFault("/name", SAME.id, "该名称已被他人使用", "somebody else has the name now"),)
        )
    return await register_enterprise(approved, DecidedBy.OFFICER, uow, now, desk)


async def refuse_filing(
    command: JudgeFiling, reason: Wording, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> Filing:
    """Raises: FilingNotFound, NotEmpowered, ActionNotAllowed."""
    refused = replace(
        advance(await _lock(command, uow, now, desk), FilingAction.REFUSE),
        reason=reason,
        decided_by=DecidedBy.OFFICER,
        decided_at=now,
    )
    await FilingStore(uow.session).save(refused)
    await NameStore(uow.session).release(refused.id)
    uow.announce(filing_refused(refused))
    return refused


async def return_filing(
    command: JudgeFiling, reason: Wording, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> Filing:
    """Raises: FilingNotFound, NotEmpowered, ActionNotAllowed."""
    filing = await _lock(command, uow, now, desk)
    returned = replace(advance(filing, FilingAction.RETURN), reason=reason)
    await FilingStore(uow.session).save(returned)
    uow.announce(filing_returned(returned))
    return returned


async def _lock(command: JudgeFiling, uow: UnitOfWork, now: datetime, desk: RegistrarDesk) -> Filing:
    filing = await FilingStore(uow.session).lock(command.filing_id)
    await require_decider(filing, command.officer, uow, now, desk)
    return filing

"""An officer decides what the rules could not settle: the registrar's, a zone's by delegation, the window's."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from services.registration.domain.errors import ActionNotAllowed, FaultsRemain
from services.registration.domain.filing import DecidedBy, Filing, FilingAction, advance
from services.registration.domain.policy import Wording
from services.registration.published.filings import filing_refused, filing_returned
from services.registration.store.filings import FilingStore
from services.registration.use_cases.acts import ACTS
from services.registration.use_cases.authority import require_decider
from services.registration.use_cases.decide_filing import carry_out, review_filing, save_filing, stopped
from services.registration.use_cases.faults import faults_of
from services.registration.use_cases.refusal_reasons import require_reason
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.calendar import Move
from shared.database.unit_of_work import UnitOfWork
from shared.security.principal import Principal

EXTENSION_BASIS: Final = "《市场主体登记管理条例》第十九条"


@dataclass(frozen=True)
class JudgeFiling:
    """Which filing, and who decides on it; a refusal may name one of the region's reasons by its code."""

    filing_id: UUID
    officer: Principal
    reason_code: str | None = None


async def approve_filing(command: JudgeFiling, uow: UnitOfWork, now: datetime, desk: RegistrarDesk) -> Filing:
    """The rules are applied again: the register may have changed, and a broken rule is not an officer's to waive.

    Raises: FilingNotFound, NotEmpowered, ActionNotAllowed, FaultsRemain; whatever the act raises.
    """
    filing = await _lock(command, uow, now, desk)
    approved = advance(filing, FilingAction.APPROVE)
    results = await review_filing(filing, uow, now, desk)
    if faults := faults_of(results):
        raise FaultsRemain(faults)
    return await carry_out(replace(approved, results=results), DecidedBy.OFFICER, uow, now, desk)


async def refuse_filing(
    command: JudgeFiling, reason: Wording, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> Filing:
    """Raises: MigrationRestricted, ReasonUnknown; FilingNotFound, NotEmpowered, ActionNotAllowed."""
    if command.reason_code is not None:
        require_reason(command.reason_code, desk.policy.changes)
    refused = replace(
        stopped(advance(await _lock(command, uow, now, desk), FilingAction.REFUSE), now),
        reason=reason,
        reason_code=command.reason_code,
        decided_by=DecidedBy.OFFICER,
        decided_at=now,
    )
    await save_filing(refused, uow, desk)
    await ACTS[refused.kind].release(refused, uow)
    uow.announce(filing_refused(refused))
    return refused


async def return_filing(
    command: JudgeFiling, reason: Wording, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> Filing:
    """Raises: FilingNotFound, NotEmpowered, ActionNotAllowed."""
    filing = await _lock(command, uow, now, desk)
    returned = replace(stopped(advance(filing, FilingAction.RETURN), now), reason=reason)
    await save_filing(returned, uow, desk)
    await ACTS[returned.kind].send_back(returned, uow)
    uow.announce(filing_returned(returned))
    return returned


async def extend_filing(
    command: JudgeFiling, reason: Wording, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> Filing:
    """Once, for a complex filing, with the approval of the registrar's head. Source: 条例 art. 19.

    Raises: FilingNotFound, NotEmpowered, ActionNotAllowed; MoveNotAllowed once the time has run out.
    """
    filing = await _lock(command, uow, now, desk)
    extended, clock = advance(filing, FilingAction.EXTEND), filing.clock
    if clock is None or any(entry.move is Move.EXTENDED for entry in clock.entries):
        raise ActionNotAllowed(filing.status.value, FilingAction.EXTEND.value)
    longer = clock.extend(
        now,
        by=desk.policy.review.extension,
        reason=reason.zh,
        legal_basis=EXTENSION_BASIS,
        calendar=desk.calendar,
    )
    extended = replace(extended, clock=longer)
    await save_filing(extended, uow, desk)
    return extended


async def _lock(command: JudgeFiling, uow: UnitOfWork, now: datetime, desk: RegistrarDesk) -> Filing:
    filing = await FilingStore(uow.session).lock(command.filing_id)
    await require_decider(filing, command.officer, uow, now, desk)
    return filing

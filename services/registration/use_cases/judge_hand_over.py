"""A file is kept back for one of the city's reasons, not asked for any more, or its paper has followed."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from services.registration.domain.filing import DecidedBy, Filing, FilingAction
from services.registration.domain.filing import advance as advance_filing
from services.registration.domain.hand_over import Direction, HandOver, HandOverAction, Refused, advance
from services.registration.domain.relocation_errors import HandOverNotFound, NotAKnownRegistrar
from services.registration.published.filings import filing_refused
from services.registration.published.relocations import (
    paper_files_moved,
    relocation_withdrawn,
)
from services.registration.store.hand_overs import HandOverStore
from services.registration.use_cases.acts import ACTS
from services.registration.use_cases.ask_old_registrar import withdrawn
from services.registration.use_cases.decide_filing import save_filing, stopped
from services.registration.use_cases.hand_over_file import (
    keep_back,
    lock_with_filing,
    registrar_of,
    require_other_registrar,
    require_own_officer,
)
from services.registration.use_cases.refusal_reasons import require_reason
from services.registration.use_cases.registrar_desk import RegistrarDesk
from services.registration.use_cases.registrars import require_registrar
from shared.database.unit_of_work import UnitOfWork
from shared.security.principal import Principal


@dataclass(frozen=True)
class JudgeHandOver:
    """Which one, and who decides."""

    hand_over_id: UUID
    caller: Principal


async def refuse_hand_over(
    command: JudgeHandOver, refused: Refused, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> HandOver:
    """By an officer here what goes out; by the old registrar what was to come in, and the filing with it.

    Raises: MigrationRestricted, ReasonUnknown, NotTheRegistrar, NotAKnownRegistrar, HandOverNotFound,
    HandOverNotAllowed.
    """
    require_reason(refused.code, desk.policy.changes)
    other = registrar_of(command.caller, desk)
    filing, asked = await lock_with_filing(command.hand_over_id, uow)
    if other is not None and other != asked.other_registrar:
        raise HandOverNotFound
    if asked.direction is Direction.OUT:
        await require_own_officer(command.caller, asked, uow, desk)
    elif other is None:
        raise NotAKnownRegistrar
    kept = await keep_back(asked, refused, uow, now)
    if filing is not None:
        await _refuse_filing(filing, refused, uow, now, desk)
    return kept


async def withdraw_request(
    command: JudgeHandOver, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> HandOver:
    """The other registrar asks for it no more. Raises: NotAKnownRegistrar, HandOverNotFound, HandOverNotAllowed."""
    other = require_other_registrar(command.caller, desk)
    store = HandOverStore(uow.session)
    asked = await store.lock(command.hand_over_id)
    if asked.direction is not Direction.OUT or asked.other_registrar != other:
        raise HandOverNotFound
    stopped_asking = withdrawn(asked, now)
    await store.save(stopped_asking, None)
    uow.announce(relocation_withdrawn(stopped_asking))
    return stopped_asking


async def mark_paper_files(
    command: JudgeHandOver, moved_on: date, uow: UnitOfWork, desk: RegistrarDesk
) -> HandOver:
    """An officer of either registrar's own marks it. Raises: NotTheRegistrar, HandOverNotFound, HandOverNotAllowed."""
    require_registrar(command.caller, desk)
    store = HandOverStore(uow.session)
    given = await store.lock(command.hand_over_id)
    await require_own_officer(command.caller, given, uow, desk)
    done = replace(advance(given, HandOverAction.MOVE_PAPER_FILES), paper_files_moved_on=moved_on)
    await store.save(done, None)
    uow.announce(paper_files_moved(done, moved_on))
    return done


async def _refuse_filing(
    filing: Filing, refused: Refused, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> None:
    ended = replace(
        stopped(advance_filing(filing, FilingAction.REFUSE), now),
        reason=refused.reason,
        reason_code=refused.code,
        decided_by=DecidedBy.SYSTEM,
        decided_at=now,
    )
    await save_filing(ended, uow, desk)
    await ACTS[ended.kind].release(ended, uow)
    uow.announce(filing_refused(ended))

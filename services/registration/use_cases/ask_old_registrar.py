"""Ask the old registrar for the file of an enterprise that moves here; and stop asking."""

from dataclasses import replace
from datetime import datetime

from services.registration.domain.acts.relocation import ComingFrom, Relocation
from services.registration.domain.filing import Filing
from services.registration.domain.hand_over import (
    Direction,
    HandOver,
    HandOverAction,
    HandOverStatus,
    advance,
)
from services.registration.domain.relocation_errors import HandOverInProgress
from services.registration.published.relocations import relocation_requested, relocation_withdrawn
from services.registration.store.hand_overs import HandOverStore
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.calendar import ClockState, DeadlineLedger
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import new_uuid7


async def ask_old_registrar(
    filing: Filing, filed: Relocation, coming: ComingFrom, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> HandOver:
    """Once per filing; submitted again it goes on with what was asked. Raises: HandOverInProgress."""
    store = HandOverStore(uow.session)
    known = await store.of_filing(filing.id)
    if known is not None and known.status in (HandOverStatus.REQUESTED, HandOverStatus.HANDED_OVER):
        return known
    running = await store.running(filed.uscc, Direction.IN)
    if running is not None:
        raise HandOverInProgress(str(running.id))
    asked = HandOver(
        id=new_uuid7(),
        direction=Direction.IN,
        status=HandOverStatus.REQUESTED,
        version=1,
        uscc=filed.uscc,
        name=coming.name,
        other_registrar=coming.registrar_uscc,
        division_code=filed.domicile.division_code,
        address=desk.policy.address(filed.domicile.division_code, filed.domicile.street),
        filing_id=filing.id,
        reference=None,
        open_matters=(),
        clock=DeadlineLedger.started(desk.policy.changes.hand_over, now),
        requested_at=now,
    )
    ends = asked.clock.due_at(desk.calendar)
    await store.save(asked, ends)
    uow.announce(relocation_requested(asked, ends))
    return asked


async def stop_asking_for_another(filing: Filing, filed: Relocation, uow: UnitOfWork) -> None:
    """A filing that was corrected is about what it says now: another's file is not asked for any more."""
    asked, coming = await HandOverStore(uow.session).of_filing(filing.id), filed.coming_from
    if asked is None:
        return
    wanted = (filed.uscc, coming.registrar_uscc, coming.name) if coming is not None else None
    if (asked.uscc, asked.other_registrar, asked.name) != wanted:
        await stop_asking(filing, uow)


async def stop_asking(filing: Filing, uow: UnitOfWork) -> None:
    """The filing was refused or withdrawn, or is about another enterprise: its file is not asked for any more."""
    store = HandOverStore(uow.session)
    asked = await store.of_filing(filing.id)
    if asked is None or asked.status is not HandOverStatus.REQUESTED:
        return
    stopped = withdrawn(asked, uow.now)
    await store.save(stopped, None)
    uow.announce(relocation_withdrawn(stopped))


def withdrawn(asked: HandOver, now: datetime) -> HandOver:
    """It is not asked for any more. Raises: HandOverNotAllowed."""
    stopped = advance(asked, HandOverAction.WITHDRAW)
    is_running = asked.clock.state is not ClockState.STOPPED
    return replace(stopped, clock=asked.clock.stop(now) if is_running else asked.clock)

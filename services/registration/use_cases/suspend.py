"""Suspend and resume business in the register: on a filing, on its day, at its end, or because business is done."""

from dataclasses import replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from services.registration.domain.addresses import InterimAddress
from services.registration.domain.enterprise import EnterpriseFile
from services.registration.domain.kinds import EnterpriseState
from services.registration.domain.register_acts import Cause, RegisterAct
from services.registration.domain.suspension import (
    Suspension,
    SuspensionEnd,
    SuspensionMove,
    SuspensionState,
    move,
)
from services.registration.domain.wording import Wording
from services.registration.store.enterprises import EnterpriseStore
from services.registration.store.suspensions import SuspensionStore
from services.registration.use_cases.change_register import change_register
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork

_AT_ONCE: Final = 100
_WORDS: Final = {
    SuspensionEnd.RESUMED: Wording("恢复营业", "business is resumed"),
    SuspensionEnd.BUSINESS_DONE: Wording(
        "歇业期间开展经营活动，视为恢复营业", "business was done: it counts as resumed"
    ),
    SuspensionEnd.EXPIRED: Wording("歇业期满", "the suspension is over"),
}
_MOVES: Final = {
    SuspensionEnd.RESUMED: SuspensionMove.RESUME,
    SuspensionEnd.BUSINESS_DONE: SuspensionMove.RESUME,
    SuspensionEnd.EXPIRED: SuspensionMove.EXPIRE,
}


def unfinished(suspensions: tuple[Suspension, ...]) -> Suspension | None:
    """The suspension that runs or is to begin."""
    return next((each for each in suspensions if each.state is not SuspensionState.ENDED), None)


async def put_in_suspension(
    file: EnterpriseFile,
    suspension: Suspension,
    filing_id: UUID,
    on: date,
    uow: UnitOfWork,
    now: datetime,
    desk: RegistrarDesk,
) -> None:
    """The enterprise, locked, is suspended until the last day; again with a later one where it is already.

    `filing_id` is the filing that does so, from the day `on`. Papers of the law reach it where it said (条例 art. 30).
    """
    one = replace(file.enterprise, state=EnterpriseState.SUSPENDED, suspended_until=suspension.until_on)
    if suspension.papers_to is not None:
        served = one.service_address
        usual = served.instead_of if isinstance(served, InterimAddress) else served
        one = replace(one, service_address=InterimAddress(suspension.papers_to, instead_of=usual))
    cause = Cause(
        RegisterAct.SUSPENDED,
        filing_id=filing_id,
        effective_on=on,
        details={"cause": suspension.cause.value, "until_on": suspension.until_on.isoformat()},
    )
    await change_register(file, replace(file, enterprise=one), cause, uow, now, desk)


async def resume_business(
    file: EnterpriseFile,
    held: Suspension | None,
    end: SuspensionEnd,
    on: date,
    uow: UnitOfWork,
    now: datetime,
    desk: RegistrarDesk,
    filing_id: UUID | None = None,
) -> None:
    """The enterprise, locked, does business again from a day on; `held` is None where it came suspended.

    Raises: SuspensionMoveNotAllowed.
    """
    if held is not None:
        ended = replace(move(held, _MOVES[end]), ended_on=on, end=end)
        await SuspensionStore(uow.session).save(ended)
    if file.enterprise.state is not EnterpriseState.SUSPENDED:
        return  # it had not begun
    one = replace(file.enterprise, state=EnterpriseState.ACTIVE, suspended_until=None)
    if isinstance(one.service_address, InterimAddress):
        one = replace(one, service_address=one.service_address.instead_of)
    cause = Cause(
        RegisterAct.RESUMED,
        filing_id=filing_id,
        reason=_WORDS[end],
        effective_on=on,
        details={"end": end.value},
    )
    await change_register(file, replace(file, enterprise=one), cause, uow, now, desk)


async def begin_suspensions(uow: UnitOfWork, desk: RegistrarDesk) -> int:
    """Those whose first day has come; returns how many. An enterprise that does no business any more has none."""
    store, now = SuspensionStore(uow.session), uow.now
    codes = await store.to_begin(local_date(now), _AT_ONCE)
    begun = 0
    for uscc in sorted(codes):  # in one order, so that no two sweeps wait for each other in a ring
        file = await EnterpriseStore(uow.session).lock(uscc)
        planned = unfinished(await store.of(uscc))
        if planned is None or planned.state is not SuspensionState.PLANNED:
            continue
        if file.enterprise.state is EnterpriseState.ACTIVE:
            await store.save(move(planned, SuspensionMove.BEGIN))
            await put_in_suspension(file, planned, planned.filing_id, planned.begins_on, uow, now, desk)
        else:
            await _abandon(planned, local_date(now), store)
        begun += 1
    return begun


async def end_suspensions(uow: UnitOfWork, desk: RegistrarDesk) -> int:
    """Those whose last day is over, also where nobody looked for days; returns how many."""
    store, now = SuspensionStore(uow.session), uow.now
    today = local_date(now)
    codes = await store.to_expire(today, _AT_ONCE)
    ended = 0
    for uscc in sorted(codes):  # in one order, so that no two sweeps wait for each other in a ring
        file = await EnterpriseStore(uow.session).lock(uscc)
        held = unfinished(await store.of(uscc))
        until = held.until_on if held else file.enterprise.suspended_until
        is_to_begin = held is not None and held.state is SuspensionState.PLANNED
        if until is None or until >= today or is_to_begin:
            continue
        if file.enterprise.state is EnterpriseState.SUSPENDED:
            on = date.fromordinal(until.toordinal() + 1)
            await resume_business(file, held, SuspensionEnd.EXPIRED, on, uow, now, desk)
        elif held is not None:
            await _abandon(held, today, store)
        ended += 1
    return ended


async def cut_suspension_short(uscc: str, uow: UnitOfWork, now: datetime) -> None:
    """Of an enterprise, locked, whose business an authority or a court ends."""
    store = SuspensionStore(uow.session)
    running = unfinished(await store.of(uscc))
    if running is not None:
        await _abandon(running, local_date(now), store)


async def _abandon(suspension: Suspension, on: date, store: SuspensionStore) -> None:
    ended = replace(move(suspension, SuspensionMove.ABANDON), ended_on=on, end=SuspensionEnd.ABANDONED)
    await store.save(ended)

"""Decide filings of individual businesses once departments have had their days (个体工商户简易注销)."""

from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from services.registration.domain.errors import EnterpriseStateForbids
from services.registration.domain.exit_notice import NoticeState, settled
from services.registration.domain.filing import DecidedBy, Filing, FilingAction, FilingStatus, advance
from services.registration.domain.review import verdict
from services.registration.domain.rule import Outcome
from services.registration.domain.wording import Wording
from services.registration.published.filings import filing_returned
from services.registration.store.enterprises import EnterpriseStore
from services.registration.store.exit_notices import ExitNoticeStore
from services.registration.store.filings import FilingStore
from services.registration.use_cases.acts import ACTS
from services.registration.use_cases.decide_filing import carry_out, review_filing, save_filing, stopped
from services.registration.use_cases.registrar_desk import RegistrarDesk
from services.registration.use_cases.settle_notices import save_settled
from shared.calendar import ClockState, local_date
from shared.database.unit_of_work import UnitOfWork

_AT_ONCE: Final = 20


async def finish_hearings(uow: UnitOfWork, desk: RegistrarDesk) -> int:
    """Returns how many notices ended."""
    due = await ExitNoticeStore(uow.session).due_filings(local_date(uow.now), _AT_ONCE)
    return sum([await _finish(filing_id, uow, uow.now, desk) for filing_id in due])


async def _finish(filing_id: UUID, uow: UnitOfWork, now: datetime, desk: RegistrarDesk) -> int:
    filing = await FilingStore(uow.session).lock(filing_id)
    uscc = filing.uscc or ""
    await EnterpriseStore(uow.session).lock(uscc)
    notice = await ExitNoticeStore(uow.session).lock_running(uscc)
    if notice is None or notice.filing_id != filing_id or settled(notice, now).state is notice.state:
        return 0  # another worker was first
    after = await save_settled(notice, uow, now)
    if after.state is NoticeState.ELAPSED and filing.status is FilingStatus.UNDER_REVIEW:
        await _decide(filing, uow, now, desk)
    return 1


async def _decide(filing: Filing, uow: UnitOfWork, now: datetime, desk: RegistrarDesk) -> None:
    """By rules, as on submission; what needs a person goes on with its clock running."""
    clock = filing.clock
    if clock is not None and clock.state is ClockState.PAUSED:
        filing = replace(filing, clock=clock.resume(now))
    try:
        results = await review_filing(filing, uow, now, desk)
    except EnterpriseStateForbids as refusal:
        # Its licence was revoked meanwhile: there is nothing to approve, and the others need not wait for it.
        because = Wording(
            f"登记状态变为 {refusal.state}，不适用简易注销",
            f"it is {refusal.state} now: the simple way is closed",
        )
        await _send_back(filing, because, uow, now, desk)
        return
    filing = replace(filing, results=results)
    outcome = verdict(results)
    if outcome is Outcome.PASSED:
        await carry_out(advance(filing, FilingAction.APPROVE), DecidedBy.SYSTEM, uow, now, desk)
    elif outcome is Outcome.FAULT:
        await _send_back(filing, None, uow, now, desk)
    else:
        await save_filing(filing, uow, desk)


async def _send_back(
    filing: Filing, reason: Wording | None, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> None:
    returned = replace(stopped(advance(filing, FilingAction.RETURN), now), reason=reason)
    await save_filing(returned, uow, desk)
    await ACTS[returned.kind].send_back(returned, uow)
    uow.announce(filing_returned(returned))

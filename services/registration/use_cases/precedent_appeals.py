"""Appeal a refusal with a precedent (有先例可办), and answer the appeal in writing, in time."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from services.registration.domain.errors import (
    AppealInProgress,
    AppealNotFound,
    FilingForgotten,
    FilingNotFound,
    NotRefused,
)
from services.registration.domain.filing import FilingStatus
from services.registration.domain.precedent_appeal import (
    AppealAction,
    AppealStatus,
    Precedent,
    PrecedentAppeal,
    advance,
)
from services.registration.domain.wording import Wording
from services.registration.published.precedent_appeals import (
    ANSWERED,
    MADE,
    OVERDUE,
    WITHDRAWN,
    appeal_told,
)
from services.registration.store.filings import FilingStore
from services.registration.store.precedent_appeals import AppealStore
from services.registration.use_cases.registrar_desk import RegistrarDesk
from services.registration.use_cases.registrars import keeps_register_at, require_registrar
from services.registration.use_cases.reopen_filing import reopen_filing
from shared.calendar import DeadlineLedger, WorkingCalendar
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import new_uuid7
from shared.security.principal import Principal

_AT_ONCE: Final = 200


@dataclass(frozen=True)
class MakeAppeal:
    """Who appeals the refusal of which filing, with which precedent."""

    filing_id: UUID
    caller: Principal
    precedent: Precedent


@dataclass(frozen=True)
class AnswerAppeal:
    """Which officer answers which appeal, and how: the answer is mandatory."""

    appeal_id: UUID
    officer: Principal
    action: AppealAction
    answer: Wording


async def make_appeal(
    command: MakeAppeal, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> PrecedentAppeal:
    """By whoever filed. Raises: FilingNotFound, NotRefused, FilingForgotten, AppealInProgress."""
    filing = await FilingStore(uow.session).lock(command.filing_id)
    if filing.applicant != command.caller.subject:
        raise FilingNotFound
    if filing.status is not FilingStatus.REFUSED:
        raise NotRefused(filing.status.value)
    if await FilingStore(uow.session).is_forgotten(filing.id):
        raise FilingForgotten
    store = AppealStore(uow.session)
    if any(one.status is AppealStatus.OPEN for one in await store.of_filing(filing.id)):
        raise AppealInProgress
    appeal = PrecedentAppeal(
        id=new_uuid7(),
        filing_id=filing.id,
        status=AppealStatus.OPEN,
        version=1,
        applicant=filing.applicant,
        division_code=filing.concerns.division_code,
        precedent=command.precedent,
        made_at=now,
        clock=DeadlineLedger.started(desk.policy.establishment.precedent_answer, now),
    )
    due = await store.save(appeal, desk.calendar)
    uow.announce(appeal_told(MADE, appeal, due.at if due else None))
    return appeal


async def answer_appeal(
    command: AnswerAppeal, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> PrecedentAppeal:
    """In writing, whichever way; upheld, the filing is reviewed anew.

    Raises: NotTheRegistrar, AppealNotFound, AppealActionNotAllowed; whatever the act's effect raises.
    """
    require_registrar(command.officer, desk)
    appeal = await AppealStore(uow.session).find(command.appeal_id, lock=True)
    if not keeps_register_at(command.officer, appeal.division_code, desk):
        raise AppealNotFound
    answered = advance(appeal, command.action, now, answer=command.answer, by=command.officer.reference)
    await AppealStore(uow.session).save(answered, desk.calendar)
    uow.announce(appeal_told(ANSWERED, answered))
    if answered.status is AppealStatus.UPHELD:
        await reopen_filing(answered, uow, now, desk)
    return answered


async def withdraw_appeal(
    appeal_id: UUID, caller: Principal, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> PrecedentAppeal:
    """By whoever made it. Raises: AppealNotFound, AppealActionNotAllowed."""
    appeal = await AppealStore(uow.session).find(appeal_id, lock=True)
    if appeal.applicant != caller.subject:
        raise AppealNotFound
    withdrawn = advance(appeal, AppealAction.WITHDRAW, now)
    await AppealStore(uow.session).save(withdrawn, desk.calendar)
    uow.announce(appeal_told(WITHDRAWN, withdrawn))
    return withdrawn


async def read_appeal(
    appeal_id: UUID, caller: Principal, uow: UnitOfWork, desk: RegistrarDesk
) -> PrecedentAppeal:
    """For whoever made it, and the registrar. Raises: AppealNotFound."""
    appeal = await AppealStore(uow.session).find(appeal_id)
    if appeal.applicant != caller.subject and not keeps_register_at(caller, appeal.division_code, desk):
        raise AppealNotFound
    return appeal


async def tell_overdue_appeals(uow: UnitOfWork, calendar: WorkingCalendar) -> int:
    """Tell once of answers that are late by the days as they are known now; returns how many."""
    store, told = AppealStore(uow.session), 0
    for one in await store.overdue(uow.now, _AT_ONCE):
        due = one.clock.due_at(calendar)
        is_late = due is None or due.at < uow.now
        await store.save(replace(one, overdue_told_at=uow.now) if is_late else one, calendar)
        if is_late:
            uow.announce(appeal_told(OVERDUE, one, due.at if due else None))
            told += 1
    return told


async def renew_provisional_appeals(uow: UnitOfWork, calendar: WorkingCalendar) -> int:
    """Compute anew what hung on an unpublished calendar; returns how many due times are certain now."""
    store, certain = AppealStore(uow.session), 0
    for one in await store.provisional(_AT_ONCE):
        due = one.clock.due_at(calendar)
        if due is not None and not due.provisional:
            await store.save(one, calendar)
            certain += 1
    return certain

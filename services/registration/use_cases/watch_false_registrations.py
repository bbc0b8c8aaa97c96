"""What comes due about false registrations: publications end, the registrar is late, days are counted anew."""

from dataclasses import replace
from typing import Final

from services.registration.domain.false_registration import dated
from services.registration.published.authority_acts import CASE_OVERDUE
from services.registration.store.false_registrations import FalseRegistrationStore
from services.registration.use_cases.false_registration import due_next, save_case, save_elapsed
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork

_AT_ONCE: Final = 100


async def end_publications(uow: UnitOfWork, desk: RegistrarDesk) -> int:
    """Facts that were published for long enough; returns how many."""
    found = await FalseRegistrationStore(uow.session).to_elapse(local_date(uow.now), _AT_ONCE)
    return sum([await save_elapsed(case, uow, uow.now, desk) is not case for case in found])


async def tell_overdue_cases(uow: UnitOfWork, desk: RegistrarDesk) -> int:
    """Tell once of cases that the registrar is late with by the days as they are known now; returns how many."""
    told = 0
    for case in await FalseRegistrationStore(uow.session).overdue(uow.now, _AT_ONCE):
        due = due_next(case, desk)
        is_late = due is None or due.at < uow.now
        await save_case(
            replace(case, is_overdue_told=is_late), uow, desk, tell=CASE_OVERDUE if is_late else None
        )
        told += is_late
    return told


async def renew_provisional_cases(uow: UnitOfWork, desk: RegistrarDesk) -> int:
    """Count anew what hung on an unpublished calendar; returns how many are certain now."""
    certain = 0
    for case in await FalseRegistrationStore(uow.session).provisional(_AT_ONCE):
        renewed = dated(case, desk.policy.authority.false_registration, desk.calendar)
        due = due_next(renewed, desk)
        if not renewed.is_provisional and due is not None and not due.provisional:
            await save_case(renewed, uow, desk)
            certain += 1
    return certain

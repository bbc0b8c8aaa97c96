"""What comes due about forced deregistrations: three years are over, notices end, some are needless."""

from datetime import timedelta
from typing import Final

from services.registration.domain.authority_errors import ForcedExitNotDue
from services.registration.domain.forced_exit import dated
from services.registration.domain.wording import Wording
from services.registration.store.enterprises import EnterpriseStore
from services.registration.store.forced_exits import ForcedExitStore
from services.registration.use_cases.forced_deregistration import open_forced_exit, save_settled, terminate
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.calendar import LimitUnit, add_months, local_date
from shared.database.unit_of_work import UnitOfWork

_AT_ONCE: Final = 50
_NEEDLESS: Final = Wording(
    "企业已注销或者已恢复登记", "the enterprise left the register by itself, or has its licence again"
)


async def list_due_exits(uow: UnitOfWork, desk: RegistrarDesk) -> int:
    """List each enterprise once that has been without its licence for three years; returns how many."""
    after = desk.policy.authority.forced_exit.after
    months = int(after.value) * (12 if after.unit is LimitUnit.YEAR else 1)
    # One day more than is due: counted backwards, the end of February is another day than counted forwards.
    closed_by = add_months(local_date(uow.now), -months) + timedelta(days=1)
    store, listed = ForcedExitStore(uow.session), 0
    for uscc in sorted(await store.due(closed_by, _AT_ONCE)):  # in one order, as every sweep locks them
        one = (await EnterpriseStore(uow.session).lock(uscc)).enterprise
        if await store.of(uscc):
            continue  # another worker was first
        try:
            await open_forced_exit(one, uow, uow.now, desk)
        except ForcedExitNotDue:
            continue  # it changed between look and lock
        listed += 1
    return listed


async def end_forced_notices(uow: UnitOfWork) -> int:
    """Notices whose days have passed; returns how many."""
    found = await ForcedExitStore(uow.session).to_end(local_date(uow.now), _AT_ONCE)
    return sum([await save_settled(one, uow, uow.now) is not one for one in found])


async def drop_needless_exits(uow: UnitOfWork) -> int:
    """Those of enterprises that have left, or are in business again; returns how many."""
    found = await ForcedExitStore(uow.session).needless(_AT_ONCE)
    for one in found:
        await terminate(one, _NEEDLESS, uow)
    return len(found)


async def renew_forced_notices(uow: UnitOfWork, desk: RegistrarDesk) -> int:
    """Count the days anew that hung on an unpublished calendar; returns how many are certain now."""
    store, certain = ForcedExitStore(uow.session), 0
    for one in await store.provisional(_AT_ONCE):
        after = dated(one, desk.policy.authority.forced_exit.notice, desk.calendar)
        if not after.is_provisional:
            await store.save(after)
            certain += 1
    return certain

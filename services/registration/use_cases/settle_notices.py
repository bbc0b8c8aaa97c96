"""Let notices follow the calendar: they end, lapse, are warned of, and are dated anew once a year is published."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from services.registration.domain.enterprise import EnterpriseFile
from services.registration.domain.exit_notice import (
    ExitNotice,
    NoticeKind,
    NoticeMove,
    NoticeState,
    advance,
    settled,
    term_of,
)
from services.registration.domain.exit_rules import signers
from services.registration.domain.kinds import IN_BUSINESS
from services.registration.published.exits import (
    NOTICE_ENDED,
    NOTICE_LAPSED,
    NOTICE_WARNED,
    NOTICE_WITHDRAWN,
    notice_told,
)
from services.registration.store.exit_notices import ExitNoticeStore
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork

_AT_ONCE: Final = 200


async def save_settled(notice: ExitNotice, uow: UnitOfWork, now: datetime) -> ExitNotice:
    """Write and tell what the days have done to a locked notice; nothing, where that was done before."""
    after = settled(notice, now)
    if after.state is notice.state:
        return notice
    if notice.state is NoticeState.PUBLISHED:
        uow.announce(notice_told(NOTICE_ENDED, replace(after, state=NoticeState.ELAPSED)))
    if after.state is NoticeState.LAPSED:
        uow.announce(notice_told(NOTICE_LAPSED, after))
    await ExitNoticeStore(uow.session).save(after)
    return after


async def withdraw_overtaken(before: EnterpriseFile, after: EnterpriseFile, uow: UnitOfWork) -> None:
    """A running notice ends with the business, and with the investors who signed: new ones commit anew.

    What departments alone are told goes with its filing, which is returned once they were heard. The enterprise is
    locked.
    """
    is_open = after.enterprise.state in IN_BUSINESS
    if is_open and signers(before) == signers(after):
        return
    store = ExitNoticeStore(uow.session)
    running = await store.lock_running(after.enterprise.uscc)
    if running is not None and (is_open or running.kind is NoticeKind.PUBLIC):
        withdrawn = advance(running, NoticeMove.WITHDRAW)
        await store.save(withdrawn)
        uow.announce(notice_told(NOTICE_WITHDRAWN, withdrawn))


async def settle_notices(uow: UnitOfWork) -> int:
    """Public notices whose days have passed. Returns how many."""
    found = await ExitNoticeStore(uow.session).due(local_date(uow.now), _AT_ONCE)
    return sum([await save_settled(notice, uow, uow.now) is not notice for notice in found])


async def warn_of_lapse(uow: UnitOfWork, desk: RegistrarDesk) -> int:
    """Tell once that a notice soon serves no more. Returns how many."""
    before = local_date(uow.now) + timedelta(days=int(desk.policy.exits.simple.warning.value))
    found = await ExitNoticeStore(uow.session).take_warned(before, uow.now, _AT_ONCE)
    for notice in found:
        uow.announce(notice_told(NOTICE_WARNED, notice))
    return len(found)


async def renew_notice_terms(uow: UnitOfWork, desk: RegistrarDesk) -> int:
    """Count the days anew that hung on an unpublished calendar. Returns how many changed.

    An end that has come stays as it was.
    """
    store, changed = ExitNoticeStore(uow.session), 0
    for notice in await store.provisional(_AT_ONCE):
        term = term_of(notice.published_at, notice.kind, desk.policy.exits.simple, desk.calendar)
        if notice.state is not NoticeState.PUBLISHED:
            term = replace(term, ends_on=notice.term.ends_on)
        if term != notice.term:
            await store.save(replace(notice, term=term, version=notice.version + 1))
            changed += 1
    return changed

"""Who reads which notices: whoever they were written to, in their own name or acting for an enterprise."""

from datetime import datetime
from uuid import UUID

from gateway.notices.domain.errors import NoticeNotFound
from gateway.notices.domain.notice import Notice
from gateway.notices.store.notices import NoticeStore
from shared.database.unit_of_work import UnitOfWork
from shared.security.principal import Principal


def readers_of(caller: Principal) -> tuple[str, ...]:
    """The subjects whose notices the caller reads."""
    acting = caller.acted_by if caller.enterprise is not None else None
    return tuple(each for each in (caller.subject, acting) if each is not None)


async def mark_read(notice_id: UUID, caller: Principal, uow: UnitOfWork, now: datetime) -> Notice:
    """Keep that a notice was read, the first time. Raises: NoticeNotFound, also for another's."""
    store = NoticeStore(uow.session)
    notice = await store.read(notice_id)
    if notice is None or notice.recipient not in readers_of(caller):
        raise NoticeNotFound(str(notice_id))
    await store.mark_read(notice_id, now)
    return await store.read(notice_id) or notice

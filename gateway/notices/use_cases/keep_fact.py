"""Keeps what an event says until the notices of it are written."""

from gateway.notices.domain.news import news_of
from gateway.notices.store.notices import Fact, NoticeStore
from shared.database.unit_of_work import UnitOfWork
from shared.messaging.events import Event


async def keep_fact(event: Event, uow: UnitOfWork) -> None:
    """Keep an event that says something to a person."""
    if news_of(event.type, event.data) is not None:
        fact = Fact(event.id, event.type, event.data, event.actor, event.time)
        await NoticeStore(uow.session).keep(fact)

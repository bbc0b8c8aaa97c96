"""Tickets whose time to rate is over end without a verdict; none is written for the silent (HOT-28)."""

from datetime import datetime

from services.hotline.domain.access import SYSTEM
from services.hotline.domain.desk import DeskRules
from services.hotline.domain.handling import close
from services.hotline.published import ticket_closed
from services.hotline.store.tickets import TicketStore
from shared.database.unit_of_work import UnitOfWork

BATCH = 100


async def close_unrated_tickets(uow: UnitOfWork, now: datetime, rules: DeskRules) -> int:
    """Close up to a batch of tickets; returns how many."""
    store = TicketStore(uow.session, rules.calendar)
    tickets = await store.lock_unclosed(now, BATCH)
    for ticket in tickets:
        closed, entry = close(ticket, SYSTEM, now)
        await store.save(closed, entry)
        uow.announce(ticket_closed(closed, now))
    return len(tickets)

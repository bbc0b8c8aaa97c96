"""What is due and not done: announced once per deadline, supervised; the undispatched fall back."""

from datetime import datetime

from services.hotline.domain.desk import DeskRules
from services.hotline.domain.handling import (
    Deadline,
    due_at,
    fall_back,
    mark_overdue,
    newly_overdue,
)
from services.hotline.domain.ticket import Ticket, TicketState
from services.hotline.published import ticket_dispatched, ticket_overdue
from services.hotline.store.tickets import TicketStore
from shared.database.unit_of_work import UnitOfWork

BATCH = 100


async def mark_overdue_tickets(uow: UnitOfWork, now: datetime, rules: DeskRules) -> int:
    """Mark up to a batch of tickets; returns how many."""
    store = TicketStore(uow.session, rules.calendar)
    tickets = await store.lock_overdue(now, BATCH)
    for ticket in tickets:
        await _mark(ticket, store, uow, now, rules)
    return len(tickets)


async def _mark(ticket: Ticket, store: TicketStore, uow: UnitOfWork, now: datetime, rules: DeskRules) -> None:
    history = []
    for what in newly_overdue(ticket, now, rules):
        ticket, entry = mark_overdue(ticket, what, now)
        history.append(entry)
        uow.announce(ticket_overdue(ticket, what, due_at(ticket, what, rules)))
    if ticket.state is TicketState.RECEIVED:
        ticket, entry = fall_back(ticket, now, rules)
        history.append(entry)
        uow.announce(ticket_dispatched(ticket, due_at(ticket, Deadline.REPLY, rules), automatic=True))
    await store.save(ticket, *history)

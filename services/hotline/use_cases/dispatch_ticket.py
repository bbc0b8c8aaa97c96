"""The centre dispatches a ticket to a unit (派单)."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.hotline.domain.access import Role, Viewer, act_as
from services.hotline.domain.desk import DeskRules
from services.hotline.domain.handling import Deadline, change_nature, dispatch, due_at
from services.hotline.domain.ticket import Nature, Ticket
from services.hotline.published import ticket_dispatched
from services.hotline.store.tickets import TicketStore
from shared.database.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class DispatchTicket:
    """Where to: without an agency the category's own, without a category the one found before."""

    number: str
    caller: Viewer
    agency_uscc: str | None
    category: str | None
    nature: Nature | None


@dataclass(eq=False)
class CategoryNeeded(Exception):
    """No category was found for the ticket: the centre must name one."""


async def dispatch_ticket(
    command: DispatchTicket, uow: UnitOfWork, now: datetime, rules: DeskRules
) -> Ticket:
    """Raises TicketNotFound, NotYourPart, CategoryNeeded, ActionNotAllowed."""
    store = TicketStore(uow.session, rules.calendar)
    ticket = await store.lock(command.number)
    by = act_as(Role.CENTRE, ticket, command.caller, rules)
    category = command.category or ticket.classification.category
    if category is None:
        raise CategoryNeeded
    if command.nature is not None:
        ticket = change_nature(ticket, command.nature)
    ticket = replace(ticket, classification=replace(ticket.classification, category=category))
    agency = command.agency_uscc or rules.categories[category].agency_uscc
    ticket, entry = dispatch(ticket, agency, by, now)
    await store.save(ticket, entry)
    uow.announce(ticket_dispatched(ticket, due_at(ticket, Deadline.REPLY, rules), automatic=False))
    return ticket

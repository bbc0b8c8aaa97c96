"""The unit returns a ticket that is not its duty (退单)."""

from dataclasses import dataclass
from datetime import datetime

from services.hotline.domain.access import Role, Viewer, act_as
from services.hotline.domain.desk import DeskRules
from services.hotline.domain.handling import return_to_centre
from services.hotline.domain.ticket import ReturnReason, Ticket
from services.hotline.published import ticket_returned
from services.hotline.store.tickets import TicketStore
from shared.database.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class ReturnTicket:
    """Why the unit returns it."""

    number: str
    caller: Viewer
    reason: ReturnReason
    note: str


async def return_ticket(command: ReturnTicket, uow: UnitOfWork, now: datetime, rules: DeskRules) -> Ticket:
    """Raises TicketNotFound, NotYourPart, ReturnNotAllowed, ActionNotAllowed.

    The unit that returns sees the ticket no longer.
    """
    store = TicketStore(uow.session, rules.calendar)
    ticket = await store.lock(command.number)
    by = act_as(Role.UNIT, ticket, command.caller, rules)
    returned, entry = return_to_centre(ticket, command.reason, command.note, by, now, rules)
    await store.save(returned, entry)
    uow.announce(ticket_returned(returned, entry.agency_uscc or rules.centre_uscc, command.reason))
    return returned

"""The centre closes a ticket that is answered and rated, or no longer to be rated (办结)."""

from datetime import datetime

from services.hotline.domain.access import Role, Viewer, act_as
from services.hotline.domain.desk import DeskRules
from services.hotline.domain.handling import close
from services.hotline.domain.ticket import Ticket
from services.hotline.published import ticket_closed
from services.hotline.store.tickets import TicketStore
from shared.database.unit_of_work import UnitOfWork


async def close_ticket(
    number: str, caller: Viewer, uow: UnitOfWork, now: datetime, rules: DeskRules
) -> Ticket:
    """Raises TicketNotFound, NotYourPart, ReplyMissing, RatingStillOpen, ActionNotAllowed."""
    store = TicketStore(uow.session, rules.calendar)
    ticket = await store.lock(number)
    closed, entry = close(ticket, act_as(Role.CENTRE, ticket, caller, rules), now)
    await store.save(closed, entry)
    uow.announce(ticket_closed(closed, now))
    return closed

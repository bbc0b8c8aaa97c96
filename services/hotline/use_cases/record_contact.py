"""The unit has reached the requester (首次联系)."""

from datetime import datetime

from services.hotline.domain.access import Role, Viewer, act_as
from services.hotline.domain.desk import DeskRules
from services.hotline.domain.handling import contact
from services.hotline.domain.ticket import Ticket
from services.hotline.published import ticket_contacted
from services.hotline.store.tickets import TicketStore
from shared.database.unit_of_work import UnitOfWork


async def record_contact(
    number: str, caller: Viewer, uow: UnitOfWork, now: datetime, rules: DeskRules
) -> Ticket:
    """Raises TicketNotFound, NotYourPart, ActionNotAllowed."""
    store = TicketStore(uow.session, rules.calendar)
    ticket = await store.lock(number)
    reached, entry = contact(ticket, act_as(Role.UNIT, ticket, caller, rules), now)
    await store.save(reached, entry)
    uow.announce(ticket_contacted(reached, now))
    return reached

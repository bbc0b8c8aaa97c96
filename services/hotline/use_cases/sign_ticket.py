"""The unit takes a ticket on (签收)."""

from datetime import datetime

from services.hotline.domain.access import Role, Viewer, act_as
from services.hotline.domain.desk import DeskRules
from services.hotline.domain.handling import sign
from services.hotline.domain.ticket import Ticket
from services.hotline.store.tickets import TicketStore
from shared.database.unit_of_work import UnitOfWork


async def sign_ticket(
    number: str, caller: Viewer, uow: UnitOfWork, now: datetime, rules: DeskRules
) -> Ticket:
    """Raises TicketNotFound, NotYourPart, ActionNotAllowed."""
    store = TicketStore(uow.session, rules.calendar)
    ticket = await store.lock(number)
    signed, entry = sign(ticket, act_as(Role.UNIT, ticket, caller, rules), now)
    await store.save(signed, entry)
    return signed

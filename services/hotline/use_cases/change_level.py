"""The centre changes how hard a ticket is: its deadlines follow (HOT-06)."""

from datetime import datetime

from services.hotline.domain.access import Role, Viewer, act_as
from services.hotline.domain.desk import DeskRules
from services.hotline.domain.handling import change_level
from services.hotline.domain.ticket import Ticket
from services.hotline.store.tickets import TicketStore
from shared.database.unit_of_work import UnitOfWork


async def lock_for_centre(number: str, caller: Viewer, uow: UnitOfWork, rules: DeskRules) -> Ticket:
    """Load for change by the centre; raises TicketNotFound, NotYourPart."""
    ticket = await TicketStore(uow.session, rules.calendar).lock(number)
    act_as(Role.CENTRE, ticket, caller, rules.centre_uscc)
    return ticket


async def change_ticket_level(
    ticket: Ticket, level: str, caller: Viewer, uow: UnitOfWork, now: datetime, rules: DeskRules
) -> Ticket:
    """Change a locked ticket. Raises ActionNotAllowed once answered, LevelTooLate once overdue."""
    by = act_as(Role.CENTRE, ticket, caller, rules.centre_uscc)
    changed, entry = change_level(ticket, level, by, now, rules)
    await TicketStore(uow.session, rules.calendar).save(changed, entry)
    return changed

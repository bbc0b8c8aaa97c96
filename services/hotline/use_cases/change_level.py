"""The centre changes how hard a ticket is: its deadlines follow (HOT-06)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.hotline.domain.access import Role, Viewer, act_as
from services.hotline.domain.desk import DeskRules
from services.hotline.domain.handling import change_level
from services.hotline.domain.ticket import Ticket
from services.hotline.store.tickets import TicketStore
from shared.database.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class ChangeLevel:
    """The new level; `check_version` refuses where the ticket has moved on since the caller read it."""

    number: str
    caller: Viewer
    level: str
    check_version: Callable[[int], None]


async def change_ticket_level(
    command: ChangeLevel, uow: UnitOfWork, now: datetime, rules: DeskRules
) -> Ticket:
    """Raises TicketNotFound, NotYourPart, ActionNotAllowed once answered, LevelTooLate once overdue."""
    store = TicketStore(uow.session, rules.calendar)
    ticket = await store.lock(command.number)
    by = act_as(Role.CENTRE, ticket, command.caller, rules)
    command.check_version(ticket.version)
    changed, entry = change_level(ticket, command.level, by, now, rules)
    await store.save(changed, entry)
    return changed

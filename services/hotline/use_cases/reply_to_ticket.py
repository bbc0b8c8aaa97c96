"""The unit answers the requester (答复)."""

from dataclasses import dataclass
from datetime import datetime

from services.hotline.domain.access import Role, Viewer, act_as
from services.hotline.domain.desk import DeskRules
from services.hotline.domain.handling import reply
from services.hotline.domain.ticket import Ticket
from services.hotline.published import ticket_replied
from services.hotline.store.tickets import TicketStore
from shared.database.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class ReplyToTicket:
    """What the requester is told."""

    number: str
    caller: Viewer
    text: str


async def reply_to_ticket(command: ReplyToTicket, uow: UnitOfWork, now: datetime, rules: DeskRules) -> Ticket:
    """Raises TicketNotFound, NotYourPart, ActionNotAllowed."""
    store = TicketStore(uow.session, rules.calendar)
    ticket = await store.lock(command.number)
    by = act_as(Role.UNIT, ticket, command.caller, rules)
    replied, entry = reply(ticket, command.text, by, now, rules)
    await store.save(replied, entry)
    uow.announce(ticket_replied(replied, now))
    return replied

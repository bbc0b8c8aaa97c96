"""Take a request as a ticket and dispatch it where its duty is plain."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.hotline.domain.access import CONFIDENTIAL_REFERENCE, Actor, Role, Viewer
from services.hotline.domain.classification import classify
from services.hotline.domain.desk import DeskRules
from services.hotline.domain.emergency import refuse_emergency
from services.hotline.domain.handling import Deadline, Received, dispatch_automatically, due_at, receive
from services.hotline.domain.ticket import Contact, Demand, Requester, Ticket
from services.hotline.published import ticket_dispatched, ticket_received
from services.hotline.store.tickets import TicketStore
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import CaseNumberParts, compose_case_number
from shared.telemetry.context import bind_actor

PREFIX = "HT"


@dataclass(frozen=True)
class SubmitTicket:
    """A request. `is_no_emergency` is the requester's word that nobody is in danger now."""

    demand: Demand
    contact: Contact
    uscc: str | None
    matter_id: UUID | None
    is_no_emergency: bool
    caller: Viewer


async def submit_ticket(command: SubmitTicket, uow: UnitOfWork, now: datetime, rules: DeskRules) -> Ticket:
    """Raises EmergencyTransfer where an emergency line must be called instead."""
    demand = command.demand
    if not command.is_no_emergency:
        refuse_emergency(demand.content, rules.emergency_lines)
    requester = _requester(command, rules)
    store = TicketStore(uow.session, rules.calendar)
    parts = CaseNumberParts(PREFIX, rules.division_code, local_date(now), await store.next_serial())
    taken = Received(
        number=compose_case_number(parts),
        demand=demand,
        requester=requester,
        classification=classify(demand.content, rules.categories, demand.named_category),
        by=_actor(command, requester),
    )
    ticket, received = receive(taken, now, rules)
    uow.announce(ticket_received(ticket))
    history = [received]
    dispatched = dispatch_automatically(ticket, now, rules)
    if dispatched is not None:
        ticket, entry = dispatched
        history.append(entry)
        uow.announce(ticket_dispatched(ticket, due_at(ticket, Deadline.REPLY, rules), automatic=True))
    await store.add(ticket, history, requester)
    return ticket


def _requester(command: SubmitTicket, rules: DeskRules) -> Requester:
    """The caller; nobody known by a token where the centre takes down a call."""
    caller = command.caller
    subject = None if caller.agency == rules.centre_uscc else caller.subject
    return Requester(subject, command.contact, command.uscc, command.matter_id)


def _actor(command: SubmitTicket, requester: Requester) -> Actor:
    """Without a name where the requester wants none to be known: not in the events either."""
    role = Role.CENTRE if requester.subject is None else Role.REQUESTER
    if command.demand.is_confidential and role is Role.REQUESTER:
        bind_actor(CONFIDENTIAL_REFERENCE)
        return Actor(role, CONFIDENTIAL_REFERENCE)
    return Actor(role, command.caller.reference)

"""The requester rates the handling (评价); a bad verdict sends the ticket back once."""

from dataclasses import dataclass
from datetime import datetime

from services.hotline.domain.access import RatingIsTheRequesters, Role, Viewer, act_as
from services.hotline.domain.desk import DeskRules
from services.hotline.domain.handling import Deadline, due_at, rate, reopen
from services.hotline.domain.ticket import Rating, Ticket
from services.hotline.published import ticket_dispatched, ticket_rated
from services.hotline.store.tickets import TicketStore
from shared.database.unit_of_work import UnitOfWork
from shared.telemetry.context import bind_actor


@dataclass(frozen=True)
class RateTicket:
    """The verdict."""

    number: str
    caller: Viewer
    score: int
    is_solved: bool
    comment: str | None


async def rate_ticket(command: RateTicket, uow: UnitOfWork, now: datetime, rules: DeskRules) -> Ticket:
    """Raises RatingIsTheRequesters for staff and systems, TicketNotFound, AlreadyRated, ActionNotAllowed."""
    if command.caller.is_staff:
        raise RatingIsTheRequesters
    store = TicketStore(uow.session, rules.calendar)
    ticket = await store.lock(command.number)
    by = act_as(Role.REQUESTER, ticket, command.caller, rules)
    bind_actor(by.reference)
    rating = Rating(command.score, command.is_solved, command.comment, now)
    rated, entry = rate(ticket, rating, by)
    history = [entry]
    uow.announce(ticket_rated(rated, score=rating.score, solved=rating.is_solved))
    if rating.is_bad:
        rated, entry = reopen(rated, now, rules)
        history.append(entry)
        uow.announce(ticket_dispatched(rated, due_at(rated, Deadline.REPLY, rules), automatic=True))
    await store.save(rated, *history)
    return rated

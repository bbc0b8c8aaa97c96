"""What happens to a ticket from receipt to end; each function gives the new ticket and its history entry."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from services.hotline.domain.access import SYSTEM, Actor
from services.hotline.domain.classification import Classification
from services.hotline.domain.desk import DeskRules
from services.hotline.domain.lifecycle import (
    UNANSWERED,
    ActionNotAllowed,
    HistoryEntry,
    Moved,
    TicketAction,
    advance,
)
from services.hotline.domain.ticket import (
    Clocks,
    Demand,
    Milestones,
    Nature,
    Rating,
    Requester,
    ReturnReason,
    Ticket,
    TicketState,
)
from shared.calendar import DeadlineLedger, due
from shared.identifiers import CaseNumber

LAST_ROUND: Final = 2
"""A ticket goes back to its unit once."""


class Deadline(StrEnum):
    """What is due (办理时限)."""

    FIRST_CONTACT = "first_contact"
    REPLY = "reply"


@dataclass(eq=False)
class ReturnNotAllowed(Exception):
    """Named by the centre after a dispute, the unit handles the ticket. Source: 北京市条例 art. 12."""


@dataclass(eq=False)
class AlreadyRated(Exception):
    """A ticket is rated once. Source: GB/T 39734 (一事一评)."""


@dataclass(eq=False)
class RatingStillOpen(Exception):
    """The requester may still rate: nobody closes the ticket before."""

    until: datetime


@dataclass(eq=False)
class ReplyMissing(Exception):
    """Without a reply to the person a ticket is not closed. Source: 永济规划 #58, 贵州条例 art. 18."""


@dataclass(eq=False)
class LevelTooLate(Exception):
    """The time has run out: another level does not make it good (cf. 行政许可法 art. 42)."""

    due_at: datetime


@dataclass(frozen=True)
class Received:
    """A request as it was taken: what, from whom, by whom, how classified."""

    number: CaseNumber
    demand: Demand
    requester: Requester
    classification: Classification
    by: Actor


def receive(taken: Received, at: datetime, rules: DeskRules) -> Moved:
    """Open a ticket; its clocks run from receipt, in whosever hands it is (贵州条例 art. 18: 受理之日起)."""
    is_open = not taken.demand.is_confidential
    ticket = Ticket(
        number=taken.number,
        demand=taken.demand,
        requester=taken.requester.subject,
        contact=taken.requester.contact if is_open else None,
        uscc=taken.requester.uscc if is_open else None,
        matter_id=taken.requester.matter_id if is_open else None,
        classification=taken.classification,
        level=rules.default_level,
        clocks=_clocks(rules.default_level, at, rules),
        times=Milestones(received_at=at),
    )
    by = taken.by
    return ticket, HistoryEntry(
        TicketAction.RECEIVE, None, TicketState.RECEIVED, by.role, by.reference, None, at
    )


def dispatch_automatically(ticket: Ticket, at: datetime, rules: DeskRules) -> Moved | None:
    """Dispatch by duty (按责转办) where the classification is sure enough; None leaves it to the centre."""
    found = ticket.classification
    if found.category is None or found.confidence < rules.automatic_from:
        return None
    return dispatch(ticket, rules.categories[found.category].agency_uscc, SYSTEM, at)


def dispatch(ticket: Ticket, agency_uscc: str, by: Actor, at: datetime) -> Moved:
    """Send the ticket to a unit; one named after a return may not return it again."""
    is_final = ticket.state is TicketState.RETURNED
    moved, entry = advance(replace(ticket, agency_uscc=agency_uscc), TicketAction.DISPATCH, by, at)
    return replace(moved, is_final_dispatch=is_final, times=replace(moved.times, dispatched_at=at)), entry


def fall_back(ticket: Ticket, at: datetime, rules: DeskRules) -> Moved:
    """Give a ticket that nobody dispatched in time to the fallback unit. Source: 永济规划 #58 (兜底处理)."""
    category = ticket.classification.category or rules.unowned_category
    found = replace(ticket.classification, category=category)
    moved, entry = dispatch(replace(ticket, classification=found), rules.centre_uscc, SYSTEM, at)
    return replace(moved, is_final_dispatch=True), entry


def sign(ticket: Ticket, by: Actor, at: datetime) -> Moved:
    """The unit takes the ticket on (签收)."""
    moved, entry = advance(ticket, TicketAction.SIGN, by, at)
    return replace(moved, times=replace(moved.times, signed_at=at)), entry


def contact(ticket: Ticket, by: Actor, at: datetime) -> Moved:
    """The unit has reached the requester: the first clock stops (1天电话联系)."""
    moved, entry = advance(ticket, TicketAction.CONTACT, by, at)
    clocks = replace(moved.clocks, first_contact=_stopped(moved.clocks.first_contact, at))
    return replace(moved, clocks=clocks, times=replace(moved.times, contacted_at=at)), entry


def return_to_centre(
    ticket: Ticket, reason: ReturnReason, note: str, by: Actor, at: datetime, rules: DeskRules
) -> Moved:
    """The unit disputes its duty (退单): the fallback unit handles the ticket or names a unit."""
    if ticket.is_final_dispatch and (ticket.state in (TicketState.DISPATCHED, TicketState.SIGNED)):
        raise ReturnNotAllowed
    moved, entry = advance(ticket, TicketAction.RETURN, by, at, f"{reason.value}: {note}")
    # Whoever takes it from here keeps it: the centre itself by signing, or the unit that the centre names.
    return replace(moved, agency_uscc=rules.centre_uscc, is_final_dispatch=True), entry


def reply(ticket: Ticket, text: str, by: Actor, at: datetime, rules: DeskRules) -> Moved:
    """The unit answers: the second clock stops and the time to rate begins."""
    moved, entry = advance(ticket, TicketAction.REPLY, by, at, text)
    running = ticket.clocks.reply
    is_on_time = not running.is_overdue(_not_before(running, at), rules.calendar)
    close_due_at = due(rules.rating_window, at, rules.calendar).at
    return replace(
        moved,
        reply=text,
        is_reply_on_time=is_on_time and ticket.is_reply_on_time is not False,
        clocks=replace(moved.clocks, reply=_stopped(running, at)),
        times=replace(moved.times, replied_at=at, close_due_at=close_due_at),
    ), entry


def rate(ticket: Ticket, rating: Rating, by: Actor) -> Moved:
    """The requester's verdict, once per ticket."""
    if ticket.rating is not None:
        raise AlreadyRated
    moved, entry = advance(ticket, TicketAction.RATE, by, rating.at)
    return replace(moved, rating=rating), entry


def reopen(ticket: Ticket, at: datetime, rules: DeskRules) -> Moved:
    """Send it back to its unit, once, under supervision and with new limits (北京市条例 art. 23)."""
    if ticket.round >= LAST_ROUND:
        raise ActionNotAllowed(ticket.state, TicketAction.REOPEN)
    moved, entry = advance(ticket, TicketAction.REOPEN, SYSTEM, at)
    return replace(
        moved,
        round=ticket.round + 1,
        is_supervised=True,
        clocks=_clocks(ticket.level, at, rules),
        times=replace(ticket.times, contacted_at=None, replied_at=None, close_due_at=None),
    ), entry


def close(ticket: Ticket, by: Actor, at: datetime) -> Moved:
    """End the ticket (办结): replied, and rated or no longer to be rated; the silent get no verdict."""
    if ticket.state in UNANSWERED:
        raise ReplyMissing
    due_at = ticket.times.close_due_at
    if ticket.rating is None and due_at is not None and at < due_at:
        raise RatingStillOpen(due_at)
    moved, entry = advance(ticket, TicketAction.CLOSE, by, at)
    return replace(moved, times=replace(moved.times, closed_at=at)), entry


def change_level(ticket: Ticket, level: str, by: Actor, at: datetime, rules: DeskRules) -> Moved:
    """Change the difficulty: running clocks get the new limits from the same start."""
    moved, entry = advance(ticket, TicketAction.CHANGE_LEVEL, by, at, f"{ticket.level} -> {level}")
    running = ticket.clocks.reply
    if running.is_overdue(_not_before(running, at), rules.calendar):
        raise LevelTooLate(_due_at(running, rules))
    limits = rules.levels[level]
    first = ticket.clocks.first_contact
    clocks = replace(
        ticket.clocks,
        first_contact=first
        if ticket.times.contacted_at is not None
        else DeadlineLedger.of(limits.first_contact, first.entries),
        reply=DeadlineLedger.of(limits.reply, running.entries),
    )
    return replace(moved, level=level, clocks=clocks), entry


def change_nature(ticket: Ticket, nature: Nature) -> Ticket:
    """Say what kind of handling it calls for, and so whether the rating counts (文旅热线通知 三（四）)."""
    return replace(ticket, nature=nature)


def newly_overdue(ticket: Ticket, at: datetime, rules: DeskRules) -> tuple[Deadline, ...]:
    """Deadlines that have run out and were not announced yet."""
    clocks, times, calendar = ticket.clocks, ticket.times, rules.calendar
    late = []
    if times.contacted_at is None and not clocks.is_contact_late:
        late += [Deadline.FIRST_CONTACT] * clocks.first_contact.is_overdue(at, calendar)
    if times.replied_at is None and not clocks.is_reply_late:
        late += [Deadline.REPLY] * clocks.reply.is_overdue(at, calendar)
    return tuple(late)


def mark_overdue(ticket: Ticket, what: Deadline, at: datetime) -> Moved:
    """Put the ticket under supervision (督办) and remember that this deadline was announced."""
    moved, entry = advance(ticket, TicketAction.MARK_OVERDUE, SYSTEM, at, what.value)
    clocks = (
        replace(ticket.clocks, is_contact_late=True)
        if what is Deadline.FIRST_CONTACT
        else replace(ticket.clocks, is_reply_late=True)
    )
    return replace(moved, clocks=clocks, is_supervised=True), entry


def due_at(ticket: Ticket, what: Deadline, rules: DeskRules) -> datetime:
    """When a deadline runs out."""
    clocks = ticket.clocks
    return _due_at(clocks.first_contact if what is Deadline.FIRST_CONTACT else clocks.reply, rules)


def _due_at(ledger: DeadlineLedger, rules: DeskRules) -> datetime:
    return ledger.due_if_resumed(ledger.entries[-1].at, rules.calendar).at


def _not_before(ledger: DeadlineLedger, at: datetime) -> datetime:
    """Machines' clocks differ by milliseconds: a ledger never runs backwards for that."""
    return max(at, ledger.entries[-1].at)


def _stopped(ledger: DeadlineLedger, at: datetime) -> DeadlineLedger:
    return ledger.stop(_not_before(ledger, at))


def _clocks(level: str, at: datetime, rules: DeskRules) -> Clocks:
    limits = rules.levels[level]
    return Clocks(DeadlineLedger.started(limits.first_contact, at), DeadlineLedger.started(limits.reply, at))

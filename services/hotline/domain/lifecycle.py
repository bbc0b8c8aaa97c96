"""The life cycle of a ticket: one table of moves; nothing else assigns a state; each has actor and time."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from services.hotline.domain.access import Actor, Role
from services.hotline.domain.ticket import Ticket, TicketState


class TicketAction(StrEnum):
    """What can be done with a ticket."""

    RECEIVE = "receive"
    DISPATCH = "dispatch"
    SIGN = "sign"
    CONTACT = "contact"
    RETURN = "return"
    REPLY = "reply"
    RATE = "rate"
    REOPEN = "reopen"
    CLOSE = "close"
    CHANGE_LEVEL = "change_level"
    MARK_OVERDUE = "mark_overdue"


_S, _A = TicketState, TicketAction

TRANSITIONS: Final[Mapping[tuple[TicketState, TicketAction], TicketState]] = {
    (_S.RECEIVED, _A.DISPATCH): _S.DISPATCHED,
    (_S.DISPATCHED, _A.SIGN): _S.SIGNED,
    (_S.DISPATCHED, _A.RETURN): _S.RETURNED,
    (_S.SIGNED, _A.RETURN): _S.RETURNED,
    (_S.RETURNED, _A.DISPATCH): _S.DISPATCHED,
    (_S.RETURNED, _A.SIGN): _S.SIGNED,
    (_S.SIGNED, _A.CONTACT): _S.CONTACTED,
    (_S.CONTACTED, _A.REPLY): _S.REPLIED,
    (_S.REPLIED, _A.RATE): _S.RATED,
    (_S.RATED, _A.REOPEN): _S.REOPENED,
    (_S.REOPENED, _A.CONTACT): _S.CONTACTED,
    (_S.REPLIED, _A.CLOSE): _S.CLOSED,
    (_S.RATED, _A.CLOSE): _S.CLOSED,
}
"""Source of the order: 永济规划 #21 (统一受理、按责转办、限时办结、统一督办、评价反馈)."""

NOTES: Final = frozenset({_A.CHANGE_LEVEL, _A.MARK_OVERDUE})
"""Written down in the history without a change of state, as long as the unit still owes its reply."""
UNANSWERED: Final = frozenset(_S) - {_S.REPLIED, _S.RATED, _S.CLOSED}


@dataclass(eq=False)
class ActionNotAllowed(Exception):
    """The ticket's state does not permit this now."""

    ticket_state: TicketState
    action: TicketAction


@dataclass(frozen=True)
class HistoryEntry:
    """One move of a ticket; never changed, never removed."""

    action: TicketAction
    before: TicketState | None
    after: TicketState
    role: Role
    actor: str
    agency_uscc: str | None
    at: datetime
    note: str | None = None


Moved = tuple[Ticket, HistoryEntry]


def advance(ticket: Ticket, action: TicketAction, by: Actor, at: datetime, note: str | None = None) -> Moved:
    """Make a move; raises ActionNotAllowed where the table has none."""
    if action in NOTES:
        target = ticket.state if ticket.state in UNANSWERED else None
    else:
        target = TRANSITIONS.get((ticket.state, action))
    if target is None:
        raise ActionNotAllowed(ticket.state, action)
    entry = HistoryEntry(action, ticket.state, target, by.role, by.reference, ticket.agency_uscc, at, note)
    return replace(ticket, state=target, version=ticket.version + 1), entry

"""A ticket to its columns and back."""

from typing import Any

from sqlalchemy import RowMapping

from services.hotline.domain.access import Role
from services.hotline.domain.classification import Classification
from services.hotline.domain.lifecycle import HistoryEntry, TicketAction
from services.hotline.domain.ticket import (
    Channel,
    Clocks,
    Contact,
    Demand,
    Milestones,
    Nature,
    Place,
    Rating,
    RequesterType,
    Ticket,
    TicketKind,
    TicketState,
)
from shared.calendar import DeadlineLedger, WorkingCalendar, ledger_from_primitives, ledger_to_primitives
from shared.identifiers import CaseNumber


def columns_of(ticket: Ticket, calendar: WorkingCalendar) -> dict[str, Any]:
    """All columns of a new ticket."""
    demand, contact = ticket.demand, ticket.contact
    return {
        "number": ticket.number,
        "kind": demand.kind.value,
        "channel": demand.channel.value,
        "content": demand.content,
        "requester_type": demand.requester_type.value,
        "named_category": demand.named_category,
        "place_code": demand.place.code,
        "place_text": demand.place.text,
        "is_confidential": demand.is_confidential,
        "requester": None if demand.is_confidential else ticket.requester,
        "contact_name": contact.name if contact else None,
        "contact_phone": contact.phone if contact else None,
        "uscc": ticket.uscc,
        "matter_id": ticket.matter_id,
        "received_at": ticket.times.received_at,
        **changing_columns(ticket, calendar),
    }


def changing_columns(ticket: Ticket, calendar: WorkingCalendar) -> dict[str, Any]:
    """The columns that moves change; what was asked and by whom never does."""
    found, clocks, times, rating = ticket.classification, ticket.clocks, ticket.times, ticket.rating
    return {
        "category": found.category,
        "confidence": found.confidence,
        "words": list(found.words),
        "rival": found.rival,
        "level": ticket.level,
        "nature": ticket.nature.value,
        "state": ticket.state.value,
        "agency_uscc": ticket.agency_uscc,
        "is_final_dispatch": ticket.is_final_dispatch,
        "is_supervised": ticket.is_supervised,
        "round": ticket.round,
        "first_contact": ledger_to_primitives(clocks.first_contact),
        "first_contact_due_at": _due(clocks.first_contact, calendar),
        "is_contact_late": clocks.is_contact_late,
        "reply_ledger": ledger_to_primitives(clocks.reply),
        "reply_due_at": _due(clocks.reply, calendar),
        "is_reply_late": clocks.is_reply_late,
        "dispatched_at": times.dispatched_at,
        "signed_at": times.signed_at,
        "contacted_at": times.contacted_at,
        "replied_at": times.replied_at,
        "close_due_at": times.close_due_at,
        "closed_at": times.closed_at,
        "reply": ticket.reply,
        "is_reply_on_time": ticket.is_reply_on_time,
        "rating_score": rating.score if rating else None,
        "rating_is_solved": rating.is_solved if rating else None,
        "rating_comment": rating.comment if rating else None,
        "rated_at": rating.at if rating else None,
        "version": ticket.version,
    }


def ticket_of(row: RowMapping) -> Ticket:
    """Read a ticket; `identity_subject` is joined in where the requester is kept apart."""
    return Ticket(
        number=CaseNumber(row["number"]),
        demand=_demand(row),
        requester=row["identity_subject"] if row["is_confidential"] else row["requester"],
        contact=None if row["contact_phone"] is None else Contact(row["contact_name"], row["contact_phone"]),
        uscc=row["uscc"],
        matter_id=row["matter_id"],
        classification=Classification(row["category"], row["confidence"], tuple(row["words"]), row["rival"]),
        level=row["level"],
        clocks=Clocks(
            ledger_from_primitives(row["first_contact"]),
            ledger_from_primitives(row["reply_ledger"]),
            row["is_contact_late"],
            row["is_reply_late"],
        ),
        times=Milestones(
            received_at=row["received_at"],
            dispatched_at=row["dispatched_at"],
            signed_at=row["signed_at"],
            contacted_at=row["contacted_at"],
            replied_at=row["replied_at"],
            close_due_at=row["close_due_at"],
            closed_at=row["closed_at"],
        ),
        state=TicketState(row["state"]),
        nature=Nature(row["nature"]),
        agency_uscc=row["agency_uscc"],
        is_final_dispatch=row["is_final_dispatch"],
        is_supervised=row["is_supervised"],
        round=row["round"],
        reply=row["reply"],
        is_reply_on_time=row["is_reply_on_time"],
        rating=None
        if row["rating_score"] is None
        else Rating(row["rating_score"], row["rating_is_solved"], row["rating_comment"], row["rated_at"]),
        version=row["version"],
    )


def _demand(row: RowMapping) -> Demand:
    return Demand(
        kind=TicketKind(row["kind"]),
        channel=Channel(row["channel"]),
        content=row["content"],
        requester_type=RequesterType(row["requester_type"]),
        named_category=row["named_category"],
        place=Place(row["place_code"], row["place_text"]),
        is_confidential=row["is_confidential"],
    )


def history_columns(number: str, entry: HistoryEntry) -> dict[str, Any]:
    """The columns of a move."""
    return {
        "ticket_number": number,
        "action": entry.action.value,
        "before": entry.before.value if entry.before else None,
        "after": entry.after.value,
        "role": entry.role.value,
        "actor": entry.actor,
        "agency_uscc": entry.agency_uscc,
        "at": entry.at,
        "note": entry.note,
    }


def history_of(row: RowMapping) -> HistoryEntry:
    """Read a move."""
    return HistoryEntry(
        TicketAction(row["action"]),
        TicketState(row["before"]) if row["before"] else None,
        TicketState(row["after"]),
        Role(row["role"]),
        row["actor"],
        row["agency_uscc"],
        row["at"],
        row["note"],
    )


def _due(ledger: DeadlineLedger, calendar: WorkingCalendar) -> Any:
    # The hotline never lets a clock stand still, so the due time is always known.
    return ledger.due_if_resumed(ledger.entries[-1].at, calendar).at

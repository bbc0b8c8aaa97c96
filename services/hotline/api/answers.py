"""Answers of the hotline."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Self
from uuid import UUID

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from services.hotline.domain.access import Role
from services.hotline.domain.desk import DeskRules
from services.hotline.domain.figures import AgencyCounts, Ratio
from services.hotline.domain.handling import Deadline, due_at
from services.hotline.domain.lifecycle import HistoryEntry, TicketAction
from services.hotline.domain.ticket import (
    Channel,
    Contact,
    Nature,
    Requester,
    RequesterType,
    Ticket,
    TicketKind,
    TicketState,
)
from shared.security.masking import Personal, Shared, mask_middle, mask_name
from shared.web.fields import ResponseModel

_EXAMPLE: JsonDict = {
    "number": "HT-140881-20250106-000001-C",
    "kind": "consult",
    "channel": "app",
    "requester_type": "person",
    "state": "dispatched",
    "level": "general",
    "nature": "service",
    "category": "drainage_permit",
    "agency_uscc": "11140881MB9Y00120Q",
    "is_supervised": False,
    "received_at": "2025-01-06T01:30:00Z",
    "first_contact_due_at": "2025-01-07T10:00:00Z",
    "reply_due_at": "2025-01-13T10:00:00Z",
    "version": 2,
    "content": "我的餐馆为什么告知单里没有排水许可证？",
    "is_confidential": False,
    "contact": {"name": "张*", "phone": "139******01"},
    "uscc": None,
    "matter_id": None,
    "place_code": "140881001",
    "place_text": None,
    "named_category": None,
    "confidence": "0.909",
    "matched_words": ["排水许可", "许可证", "告知单"],
    "may_be_returned": True,
    "round": 1,
    "dispatched_at": "2025-01-06T01:30:00Z",
    "signed_at": None,
    "contacted_at": None,
    "replied_at": None,
    "closed_at": None,
    "reply": None,
    "is_reply_on_time": None,
    "rating": None,
    "rate_until": None,
}


class ContactOut(ResponseModel):
    """How to reach the requester."""

    name: Annotated[str, Personal(mask_name)]
    phone: Annotated[str, Personal(mask_middle)]

    @classmethod
    def of(cls, contact: Contact) -> Self:
        """Show a contact, to be masked by whoever answers."""
        return cls(name=contact.name, phone=contact.phone)


class SharedTicketOut(ResponseModel):
    """What a grant opens of a ticket, under the names of the catalogue; the rest is null or masked."""

    ticket_number: Annotated[str | None, Shared()] = Field(examples=["HT-140881-20250106-000001-C"])
    category: Annotated[str | None, Shared()] = Field(examples=["drainage_permit"])
    status: Annotated[str | None, Shared()] = Field(examples=["dispatched"])
    caller_phone: Annotated[str | None, Personal(mask_middle)] = Field(examples=["139******01"])

    @classmethod
    def open(cls, ticket: Ticket) -> Self:
        """Shape a ticket with everything in it: to be disclosed, not to be answered as it is."""
        return cls(
            ticket_number=ticket.number,
            category=ticket.classification.category,
            status=ticket.state.value,
            caller_phone=ticket.contact.phone if ticket.contact else None,
        )


class RatingOut(ResponseModel):
    """The requester's verdict."""

    score: int
    solved: bool
    comment: str | None
    rated_at: datetime


class TicketSummaryOut(ResponseModel):
    """A ticket in a list: no content, no person."""

    number: str
    kind: TicketKind
    channel: Channel
    requester_type: RequesterType
    state: TicketState
    level: str
    nature: Nature
    category: str | None
    agency_uscc: str | None
    is_supervised: bool
    received_at: datetime
    first_contact_due_at: datetime
    reply_due_at: datetime
    version: int

    @classmethod
    def of(cls, ticket: Ticket, rules: DeskRules) -> "TicketSummaryOut":
        """Show where a ticket stands."""
        return TicketSummaryOut(
            number=ticket.number,
            kind=ticket.demand.kind,
            channel=ticket.demand.channel,
            requester_type=ticket.demand.requester_type,
            state=ticket.state,
            level=ticket.level,
            nature=ticket.nature,
            category=ticket.classification.category,
            agency_uscc=ticket.agency_uscc,
            is_supervised=ticket.is_supervised,
            received_at=ticket.times.received_at,
            first_contact_due_at=due_at(ticket, Deadline.FIRST_CONTACT, rules),
            reply_due_at=due_at(ticket, Deadline.REPLY, rules),
            version=ticket.version,
        )


class TicketOut(TicketSummaryOut):
    """A ticket (工单). `matched_words` explain the category; a confidential ticket shows nobody who asked."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"examples": [_EXAMPLE]})

    content: str
    is_confidential: bool
    contact: ContactOut | None
    uscc: str | None
    matter_id: UUID | None
    place_code: str | None
    place_text: str | None
    named_category: str | None
    confidence: Decimal
    matched_words: list[str]
    may_be_returned: bool
    round: int
    dispatched_at: datetime | None
    signed_at: datetime | None
    contacted_at: datetime | None
    replied_at: datetime | None
    closed_at: datetime | None
    reply: str | None
    is_reply_on_time: bool | None
    rating: RatingOut | None
    rate_until: datetime | None

    @classmethod
    def of(cls, ticket: Ticket, rules: DeskRules) -> "TicketOut":
        """Show a whole ticket, to be masked by whoever answers."""
        demand, times, rating = ticket.demand, ticket.times, ticket.rating
        return TicketOut(
            **TicketSummaryOut.of(ticket, rules).model_dump(),
            content=demand.content,
            is_confidential=demand.is_confidential,
            contact=ContactOut.of(ticket.contact) if ticket.contact else None,
            uscc=ticket.uscc,
            matter_id=ticket.matter_id,
            place_code=demand.place.code,
            place_text=demand.place.text,
            named_category=demand.named_category,
            confidence=ticket.classification.confidence,
            matched_words=list(ticket.classification.words),
            may_be_returned=not ticket.is_final_dispatch
            and ticket.state in (TicketState.DISPATCHED, TicketState.SIGNED),
            round=ticket.round,
            dispatched_at=times.dispatched_at,
            signed_at=times.signed_at,
            contacted_at=times.contacted_at,
            replied_at=times.replied_at,
            closed_at=times.closed_at,
            reply=ticket.reply,
            is_reply_on_time=ticket.is_reply_on_time,
            rating=None
            if rating is None
            else RatingOut(
                score=rating.score, solved=rating.is_solved, comment=rating.comment, rated_at=rating.at
            ),
            rate_until=times.close_due_at if rating is None else None,
        )


class HistoryOut(ResponseModel):
    """A move: by which role, never by which person."""

    position: int
    action: TicketAction
    before: TicketState | None
    after: TicketState
    role: Role
    agency_uscc: str | None
    at: datetime
    note: str | None

    @classmethod
    def of(cls, position: int, entry: HistoryEntry) -> Self:
        """Show a move."""
        return cls(
            position=position,
            action=entry.action,
            before=entry.before,
            after=entry.after,
            role=entry.role,
            agency_uscc=entry.agency_uscc,
            at=entry.at,
            note=entry.note,
        )


class IdentityOut(ResponseModel):
    """Who asked confidentially."""

    ticket_number: str
    contact: ContactOut
    subject: str | None
    uscc: str | None
    matter_id: UUID | None

    @classmethod
    def of(cls, number: str, requester: Requester) -> Self:
        """Show the identity to the protected role, which alone reaches this answer."""
        return cls(
            ticket_number=number,
            contact=ContactOut.of(requester.contact),
            subject=requester.subject,
            uscc=requester.uscc,
            matter_id=requester.matter_id,
        )


class CategoryOut(ResponseModel):
    """A category of the region, with who answers for it."""

    key: str
    parent: str | None
    name_zh: str
    name_en: str
    agency_uscc: str
    is_for_enterprises: bool


class CategoriesOut(ResponseModel):
    """The category tree of the region."""

    categories: list[CategoryOut]


class RatioOut(ResponseModel):
    """A rate that can be checked."""

    numerator: int = Field(examples=[19])
    denominator: int = Field(examples=[20])
    rate: Decimal | None = Field(examples=["0.9500"])

    @classmethod
    def of(cls, ratio: Ratio) -> Self:
        """Show a rate with what it is made of."""
        return cls(numerator=ratio.numerator, denominator=ratio.denominator, rate=ratio.rate)


class AgencyFiguresOut(ResponseModel):
    """Figures of one agency; satisfaction leaves out mediation and enforcement."""

    agency_uscc: str
    completion: RatioOut
    on_time: RatioOut
    satisfaction: RatioOut

    @classmethod
    def of(cls, counts: AgencyCounts) -> Self:
        """Show an agency's rates."""
        return cls(
            agency_uscc=counts.agency_uscc,
            completion=RatioOut.of(counts.completion),
            on_time=RatioOut.of(counts.punctuality),
            satisfaction=RatioOut.of(counts.satisfaction),
        )


class FiguresOut(ResponseModel):
    """Figures of tickets received in a period, both days included."""

    received_from: date
    received_to: date
    agencies: list[AgencyFiguresOut]

"""Events that the hotline service publishes: the published language, versioned; no name, no content."""

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from pydantic import Field

from services.hotline.domain.access import Viewer
from services.hotline.domain.handling import Deadline
from services.hotline.domain.ticket import Channel, ReturnReason, Ticket, TicketKind
from shared.messaging.access import AccessRecorded
from shared.messaging.contracts import Published
from shared.messaging.events import Announcement, EventType, Payload

APPLICANT: Final = Field(
    None,
    description="Opaque id of the person, or credit code of the enterprise, who asked; never of a confidential request",
)


class TicketReceived(Payload):
    """A request was taken; of a confidential one neither enterprise nor matter is told."""

    ticket_number: str
    kind: TicketKind
    channel: Channel
    category_code: str | None
    uscc: str | None
    matter_id: UUID | None
    received_at: datetime
    applicant: str | None = APPLICANT


class TicketDispatched(Payload):
    """A unit has the ticket and owes a reply by `due_at`."""

    ticket_number: str
    agency_uscc: str
    category_code: str
    due_at: datetime
    automatic: bool
    applicant: str | None = APPLICANT


class TicketReturned(Payload):
    """A unit disputes its duty."""

    ticket_number: str
    agency_uscc: str
    reason_code: ReturnReason
    applicant: str | None = APPLICANT


class TicketContacted(Payload):
    """The unit reached the requester."""

    ticket_number: str
    agency_uscc: str
    contacted_at: datetime
    applicant: str | None = APPLICANT


class TicketReplied(Payload):
    """The unit answered."""

    ticket_number: str
    agency_uscc: str
    replied_at: datetime
    on_time: bool
    applicant: str | None = APPLICANT


class TicketRated(Payload):
    """The requester rated."""

    ticket_number: str
    score: int = Field(ge=1, le=5)
    solved: bool
    applicant: str | None = APPLICANT


class TicketClosed(Payload):
    """The ticket is done."""

    ticket_number: str
    closed_at: datetime
    applicant: str | None = APPLICANT


class TicketOverdue(Payload):
    """A deadline ran out; the ticket is under supervision."""

    ticket_number: str
    agency_uscc: str | None
    what: Deadline
    due_at: datetime
    applicant: str | None = APPLICANT


RECEIVED: Final = EventType("hotline", "ticket", "received")
DISPATCHED: Final = EventType("hotline", "ticket", "dispatched")
RETURNED: Final = EventType("hotline", "ticket", "returned")
CONTACTED: Final = EventType("hotline", "ticket", "contacted")
REPLIED: Final = EventType("hotline", "ticket", "replied")
RATED: Final = EventType("hotline", "ticket", "rated")
CLOSED: Final = EventType("hotline", "ticket", "closed")
OVERDUE: Final = EventType("hotline", "ticket", "overdue")
ACCESS_RECORDED: Final = EventType("hotline", "access", "recorded")


def ticket_received(ticket: Ticket) -> Announcement:
    """A request was taken."""
    payload = TicketReceived(
        ticket_number=ticket.number,
        kind=ticket.demand.kind,
        channel=ticket.demand.channel,
        category_code=ticket.classification.category,
        uscc=ticket.uscc,
        matter_id=ticket.matter_id,
        received_at=ticket.times.received_at,
        applicant=_applicant(ticket),
    )
    return Announcement(RECEIVED, ticket.number, payload)


def ticket_dispatched(ticket: Ticket, due_at: datetime, *, automatic: bool) -> Announcement:
    """A unit has the ticket."""
    payload = TicketDispatched(
        ticket_number=ticket.number,
        agency_uscc=_unit(ticket),
        category_code=ticket.classification.category or "",
        due_at=due_at,
        automatic=automatic,
        applicant=_applicant(ticket),
    )
    return Announcement(DISPATCHED, ticket.number, payload)


def ticket_returned(ticket: Ticket, agency_uscc: str, reason: ReturnReason) -> Announcement:
    """`agency_uscc` is the unit that returned it."""
    payload = TicketReturned(
        ticket_number=ticket.number,
        agency_uscc=agency_uscc,
        reason_code=reason,
        applicant=_applicant(ticket),
    )
    return Announcement(RETURNED, ticket.number, payload)


def ticket_contacted(ticket: Ticket, at: datetime) -> Announcement:
    """The unit reached the requester."""
    payload = TicketContacted(
        ticket_number=ticket.number,
        agency_uscc=_unit(ticket),
        contacted_at=at,
        applicant=_applicant(ticket),
    )
    return Announcement(CONTACTED, ticket.number, payload)


def ticket_replied(ticket: Ticket, at: datetime) -> Announcement:
    """The unit answered."""
    payload = TicketReplied(
        ticket_number=ticket.number,
        agency_uscc=_unit(ticket),
        replied_at=at,
        on_time=bool(ticket.is_reply_on_time),
        applicant=_applicant(ticket),
    )
    return Announcement(REPLIED, ticket.number, payload)


def ticket_rated(ticket: Ticket, *, score: int, solved: bool) -> Announcement:
    """The requester rated."""
    payload = TicketRated(
        ticket_number=ticket.number, score=score, solved=solved, applicant=_applicant(ticket)
    )
    return Announcement(RATED, ticket.number, payload)


def ticket_closed(ticket: Ticket, at: datetime) -> Announcement:
    """The ticket is done."""
    payload = TicketClosed(ticket_number=ticket.number, closed_at=at, applicant=_applicant(ticket))
    return Announcement(CLOSED, ticket.number, payload)


def ticket_overdue(ticket: Ticket, what: Deadline, due_at: datetime) -> Announcement:
    """A deadline ran out."""
    payload = TicketOverdue(
        ticket_number=ticket.number,
        agency_uscc=ticket.agency_uscc,
        what=what,
        due_at=due_at,
        applicant=_applicant(ticket),
    )
    return Announcement(OVERDUE, ticket.number, payload)


def personal_data_read(ticket: Ticket, reader: Viewer, fields: list[str], at: datetime) -> Announcement:
    """Somebody else read personal data; whose they are is not told of a confidential ticket."""
    payload = AccessRecorded(
        reader=reader.reference,
        client_id=reader.client_id,
        agency_uscc=reader.agency,
        on_behalf_of=reader.on_behalf_of,
        resource="hotline.identity" if ticket.demand.is_confidential else "hotline.ticket",
        record_key=ticket.number,
        owner_subject=_applicant(ticket),
        fields=fields,
        purpose="handling of the ticket",
        matter_id=ticket.matter_id,
        grant_id=None,
        result="allowed",
        at=at,
    )
    return Announcement(ACCESS_RECORDED, ticket.number, payload)


def _applicant(ticket: Ticket) -> str | None:
    return None if ticket.demand.is_confidential else ticket.requester


def _unit(ticket: Ticket) -> str:
    if ticket.agency_uscc is None:
        raise ValueError("the ticket is with no unit")
    return ticket.agency_uscc


_NUMBER: Final = "HT-140881-20250106-000001-C"
_UNIT: Final = "11140881MB9Y00120Q"
_AT: Final = datetime(2025, 1, 6, 1, 30, tzinfo=UTC)
_DUE: Final = datetime(2025, 1, 13, 10, 0, tzinfo=UTC)

PUBLISHED: Final[tuple[Published, ...]] = (
    Published(
        RECEIVED,
        TicketReceived,
        TicketReceived(
            ticket_number=_NUMBER,
            kind=TicketKind.CONSULT,
            channel=Channel.APP,
            category_code="drainage_permit",
            uscc=None,
            matter_id=UUID("0194397d-1a00-7000-8000-000000000001"),
            received_at=_AT,
            applicant="p-7c1f",
        ),
        "A hotline request was taken as a ticket (受理)",
    ),
    Published(
        DISPATCHED,
        TicketDispatched,
        TicketDispatched(
            ticket_number=_NUMBER,
            agency_uscc=_UNIT,
            category_code="drainage_permit",
            due_at=_DUE,
            automatic=True,
        ),
        "A ticket went to the unit whose duty it is (派单); again when it is reopened",
    ),
    Published(
        RETURNED,
        TicketReturned,
        TicketReturned(ticket_number=_NUMBER, agency_uscc=_UNIT, reason_code=ReturnReason.NOT_OUR_DUTY),
        "A unit returned a ticket (退单)",
    ),
    Published(
        CONTACTED,
        TicketContacted,
        TicketContacted(ticket_number=_NUMBER, agency_uscc=_UNIT, contacted_at=_AT),
        "The unit reached the requester (首次联系)",
    ),
    Published(
        REPLIED,
        TicketReplied,
        TicketReplied(ticket_number=_NUMBER, agency_uscc=_UNIT, replied_at=_AT, on_time=True),
        "The unit answered (答复)",
    ),
    Published(
        RATED,
        TicketRated,
        TicketRated(ticket_number=_NUMBER, score=5, solved=True),
        "The requester rated the handling (评价)",
    ),
    Published(
        CLOSED,
        TicketClosed,
        TicketClosed(ticket_number=_NUMBER, closed_at=_DUE),
        "The ticket is done (办结)",
    ),
    Published(
        OVERDUE,
        TicketOverdue,
        TicketOverdue(ticket_number=_NUMBER, agency_uscc=_UNIT, what=Deadline.REPLY, due_at=_DUE),
        "A deadline of the ticket ran out (逾期); announced once for each deadline",
    ),
    Published(
        ACCESS_RECORDED,
        AccessRecorded,
        AccessRecorded(
            reader="client:agency-hotline_center",
            client_id="agency-hotline_center",
            agency_uscc="11140881MB9Y00147G",
            on_behalf_of=None,
            resource="hotline.identity",
            record_key=_NUMBER,
            owner_subject=None,
            fields=["contact.name", "contact.phone"],
            purpose="handling of the ticket",
            matter_id=None,
            grant_id=None,
            result="allowed",
            at=_AT,
        ),
        "Personal data of a ticket were read by somebody other than the requester",
    ),
)

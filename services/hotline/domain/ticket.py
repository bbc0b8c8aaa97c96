"""The ticket (工单): what was asked, where it stands, by when what is due."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.hotline.domain.classification import Classification
from shared.calendar import DeadlineLedger
from shared.identifiers import CaseNumber


class TicketKind(StrEnum):
    """咨询、求助、投诉、举报、建议."""

    CONSULT = "consult"
    HELP = "help"
    COMPLAINT = "complaint"
    REPORT = "report"
    SUGGESTION = "suggestion"


class Channel(StrEnum):
    """By which way a request came in (受理渠道)."""

    PHONE = "phone"
    WEBSITE = "website"
    WECHAT = "wechat"
    APP = "app"
    MAILBOX = "mailbox"
    MAYORS_MAILBOX = "mayors_mailbox"
    MESSAGE_BOARD = "message_board"
    NATIONAL_PLATFORM = "national_platform"


class RequesterType(StrEnum):
    """Who asks: a person, or an enterprise through its own seat (企业专席)."""

    PERSON = "person"
    ENTERPRISE = "enterprise"


class Nature(StrEnum):
    """What kind of handling it calls for; mediation and enforcement stay out of satisfaction."""

    SERVICE = "service"
    MEDIATION = "mediation"
    ENFORCEMENT = "enforcement"


class TicketState(StrEnum):
    """States of a ticket; supervision (督办) lies over them as a flag."""

    RECEIVED = "received"
    DISPATCHED = "dispatched"
    SIGNED = "signed"
    CONTACTED = "contacted"
    RETURNED = "returned"
    REPLIED = "replied"
    RATED = "rated"
    REOPENED = "reopened"
    CLOSED = "closed"


class ReturnReason(StrEnum):
    """Why a unit returns a ticket (退单理由)."""

    NOT_OUR_DUTY = "not_our_duty"
    NOT_OUR_AREA = "not_our_area"
    DUPLICATE = "duplicate"
    LEGAL_CHANNEL = "legal_channel"


@dataclass(frozen=True)
class Contact:
    """How to reach the requester: personal data."""

    name: str
    phone: str = field(repr=False)


@dataclass(frozen=True)
class Place:
    """Where it is about: a division code of the region and a free text."""

    code: str | None
    text: str | None


@dataclass(frozen=True)
class Requester:
    """Who asks. `subject` is the opaque id of the person, or none where the centre took the call."""

    subject: str | None
    contact: Contact
    uscc: str | None = None
    matter_id: UUID | None = None


@dataclass(frozen=True)
class Demand:
    """What is asked, without who asks."""

    kind: TicketKind
    channel: Channel
    content: str
    requester_type: RequesterType
    named_category: str | None
    place: Place
    is_confidential: bool


@dataclass(frozen=True)
class Rating:
    """The requester's own verdict: five levels (好差评), and whether it is solved."""

    score: int
    is_solved: bool
    comment: str | None
    at: datetime

    @property
    def is_bad(self) -> bool:
        """Not solved, or 不满意 or worse."""
        return not self.is_solved or self.score <= 2


@dataclass(frozen=True)
class Clocks:
    """The deadline ledgers of the present round, and which of them was announced as overdue."""

    first_contact: DeadlineLedger
    reply: DeadlineLedger
    is_contact_late: bool = False
    is_reply_late: bool = False


@dataclass(frozen=True)
class Milestones:
    """When what was done in the present round."""

    received_at: datetime
    dispatched_at: datetime | None = None
    signed_at: datetime | None = None
    contacted_at: datetime | None = None
    replied_at: datetime | None = None
    close_due_at: datetime | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True)
class Ticket:
    """A ticket at one version. Of a confidential one `contact`, `uscc` and `matter_id` are kept elsewhere."""

    number: CaseNumber
    demand: Demand
    requester: str | None
    contact: Contact | None
    uscc: str | None
    matter_id: UUID | None
    classification: Classification
    level: str
    clocks: Clocks
    times: Milestones
    state: TicketState = TicketState.RECEIVED
    nature: Nature = Nature.SERVICE
    agency_uscc: str | None = None
    is_final_dispatch: bool = False
    is_supervised: bool = False
    round: int = 1
    reply: str | None = None
    is_reply_on_time: bool | None = None
    rating: Rating | None = None
    version: int = 1

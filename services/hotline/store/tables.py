"""The tables of the hotline; written and read in Core, they never leave this package."""

from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import BigInteger, Column, Identity, Table
from sqlmodel import Field

from services.hotline.store.base import HotlineTable
from shared.database.columns import instant, json_document


class TicketRow(HotlineTable, table=True):
    """A ticket at its present version."""

    __tablename__ = "ticket"

    number: str = Field(primary_key=True)
    kind: str
    channel: str
    content: str
    requester_type: str
    named_category: str | None
    place_code: str | None
    place_text: str | None
    is_confidential: bool
    requester: str | None
    contact_name: str | None
    contact_phone: str | None
    uscc: str | None
    matter_id: UUID | None
    category: str | None
    confidence: Decimal
    words: list[str] = json_document()
    rival: str | None
    level: str
    nature: str
    state: str
    agency_uscc: str | None
    is_final_dispatch: bool
    is_supervised: bool
    round: int
    first_contact: dict[str, object] = json_document()
    first_contact_due_at: datetime = instant()
    is_contact_late: bool
    reply_ledger: dict[str, object] = json_document()
    reply_due_at: datetime = instant()
    is_reply_late: bool
    received_at: datetime = instant()
    dispatched_at: datetime | None = instant(nullable=True)
    signed_at: datetime | None = instant(nullable=True)
    contacted_at: datetime | None = instant(nullable=True)
    replied_at: datetime | None = instant(nullable=True)
    close_due_at: datetime | None = instant(nullable=True)
    closed_at: datetime | None = instant(nullable=True)
    reply: str | None
    is_reply_on_time: bool | None
    rating_score: int | None
    rating_is_solved: bool | None
    rating_comment: str | None
    rated_at: datetime | None = instant(nullable=True)
    version: int


class IdentityRow(HotlineTable, table=True):
    """Who asked confidentially; read by the protected role only."""

    __tablename__ = "ticket_identity"

    ticket_number: str = Field(primary_key=True)
    subject: str | None
    name: str
    phone: str
    uscc: str | None
    matter_id: UUID | None


class HistoryRow(HotlineTable, table=True):
    """A move of a ticket."""

    __tablename__ = "ticket_history"

    position: int = Field(sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    ticket_number: str
    action: str
    before: str | None
    after: str
    role: str
    actor: str
    agency_uscc: str | None
    at: datetime = instant()
    note: str | None


TICKET: Final[Table] = HotlineTable.metadata.tables["ticket"]
IDENTITY: Final[Table] = HotlineTable.metadata.tables["ticket_identity"]
HISTORY: Final[Table] = HotlineTable.metadata.tables["ticket_history"]

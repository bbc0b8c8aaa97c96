"""Tables of the notices part, in a registry of its own."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from shared.database.columns import instant, json_document


class NoticesTable(SQLModel, registry=registry()):
    """Base of the part's table classes; they live in `store/` and never leave it."""


class FactRow(NoticesTable, table=True):
    """What an event says, until the notices of it are written."""

    __tablename__ = "notice_fact"

    fact_id: UUID = Field(primary_key=True)
    event_id: str
    event_type: str
    said: dict[str, Any] = json_document()
    actor: str | None
    occurred_at: datetime = instant()


class CaseRow(NoticesTable, table=True):
    """Whom a case belongs to."""

    __tablename__ = "notice_case"

    case_id: str = Field(primary_key=True)
    case_no: str
    applicant: str
    acting: list[str] = json_document()
    theme: str | None


class NoticeRow(NoticesTable, table=True):
    """What a person is told."""

    __tablename__ = "notice"

    notice_id: UUID = Field(primary_key=True)
    event_id: str
    recipient: str
    template: str
    kind: str
    case_no: str
    language: str
    title: str
    content: str
    path: str
    written_at: datetime = instant()
    read_at: datetime | None = instant(nullable=True)


class DispatchRow(NoticesTable, table=True):
    """A notice on its way over one channel."""

    __tablename__ = "notice_dispatch"

    notice_id: UUID = Field(primary_key=True)
    channel: str = Field(primary_key=True)
    recipient: str
    case_no: str
    urgent: bool
    state: str
    next_attempt_at: datetime = instant()
    attempts: int
    last_fault: str | None
    ended_at: datetime | None = instant(nullable=True)


class PreferenceRow(NoticesTable, table=True):
    """How a person wants to be notified."""

    __tablename__ = "notice_preference"

    recipient: str = Field(primary_key=True)
    language: str
    mail: str | None
    channels: dict[str, list[str]] = json_document()
    version: int


class OutboxRow(NoticesTable, table=True):
    """A message of local mode, where a provider would have it."""

    __tablename__ = "notice_outbox"

    message_key: str = Field(primary_key=True)
    channel: str
    address: str
    title: str
    content: str
    sent_at: datetime = instant()

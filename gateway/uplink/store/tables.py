"""Tables of the uplink part, in a registry of its own."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from shared.database.columns import instant, json_document


class UplinkTable(SQLModel, registry=registry()):
    """Base of the part's table classes; they live in `store/` and never leave it."""


class FactRow(UplinkTable, table=True):
    """A fact that waits until it is decided to whom it goes."""

    __tablename__ = "uplink_fact"

    fact_id: UUID = Field(primary_key=True)
    kind: str
    item: str
    subject: str
    content: dict[str, Any] = json_document()
    occurred_at: datetime = instant()


class RecordRow(UplinkTable, table=True):
    """A fact on its way to one upstream."""

    __tablename__ = "uplink_record"

    record_id: UUID = Field(primary_key=True)
    upstream: str
    kind: str
    item: str
    subject: str
    content: dict[str, Any] = json_document()
    occurred_at: datetime = instant()
    state: str
    attempts: int
    next_attempt_at: datetime | None = instant(nullable=True)
    last_fault: str | None
    sent_at: datetime | None = instant(nullable=True)
    version: int

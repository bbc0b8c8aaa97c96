"""The table of the audit part, in a registry of its own."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, DateTime, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel


class AuditTable(SQLModel, registry=registry()):
    """Base of the part's table classes; they live in `store/` and never leave it."""


def _instant() -> Any:
    return Field(sa_column=Column(DateTime(timezone=True), nullable=False))


class EntryRow(AuditTable, table=True):
    """A link of the chain; the database refuses to change or remove one."""

    __tablename__ = "audit_entry"

    number: int = Field(primary_key=True)
    prev_hash: str
    hash: str
    event_id: UUID
    source: str
    reader: str
    client_id: str
    agency_uscc: str | None
    on_behalf_of: str | None
    resource: str
    record_key: str
    owner_subject: str | None
    fields: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    purpose: str | None
    matter_id: str | None
    grant_id: str | None
    result: str
    read_at: datetime = _instant()
    traceparent: str | None
    recorded_at: datetime = _instant()

"""The tables of the audit part, in a registry of its own."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, DateTime, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel


class AuditTable(SQLModel, registry=registry()):
    """Base of the part's table classes; they live in `store/` and never leave it."""


def _instant() -> Any:
    return Field(sa_column=Column(DateTime(timezone=True), nullable=False))


class EntryRow(AuditTable, table=True):
    """A link of the chain; the database refuses to change or remove one."""

    __tablename__ = "audit_entry"

    number: int = Field(primary_key=True, sa_type=BigInteger)
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
    action: str


class KeyRow(AuditTable, table=True):
    """A key that signs roots and exports."""

    __tablename__ = "audit_key"

    kid: str = Field(primary_key=True)
    public_jwk: Any = Field(sa_column=Column(JSONB, nullable=False))
    sealed: bytes
    made_at: datetime = _instant()


class RootRow(AuditTable, table=True):
    """A closed interval."""

    __tablename__ = "audit_root"

    last_number: int = Field(primary_key=True, sa_type=BigInteger)
    first_number: int = Field(sa_type=BigInteger)
    root: str
    chain_hash: str
    prev_root: str
    kid: str
    jws: str
    closed_at: datetime = _instant()


class ReviewRow(AuditTable, table=True):
    """A review of an entry."""

    __tablename__ = "audit_review"

    review_id: UUID = Field(primary_key=True)
    number: int = Field(sa_type=BigInteger)
    reviewer: str
    finding: str
    note: str
    reviewed_at: datetime = _instant()

"""The tables of the audit part, in a registry of its own."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from shared.database.columns import instant, json_document, texts


class AuditTable(SQLModel, registry=registry()):
    """Base of the part's table classes; they live in `store/` and never leave it."""


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
    fields: list[str] = texts()
    purpose: str | None
    matter_id: str | None
    grant_id: str | None
    result: str
    read_at: datetime = instant()
    traceparent: str | None
    recorded_at: datetime = instant()
    action: str


class KeyRow(AuditTable, table=True):
    """A key that signs roots and exports."""

    __tablename__ = "audit_key"

    kid: str = Field(primary_key=True)
    public_jwk: Any = json_document()
    sealed: bytes
    made_at: datetime = instant()


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
    closed_at: datetime = instant()


class ReviewRow(AuditTable, table=True):
    """A review of an entry."""

    __tablename__ = "audit_review"

    review_id: UUID = Field(primary_key=True)
    number: int = Field(sa_type=BigInteger)
    reviewer: str
    finding: str
    note: str
    reviewed_at: datetime = instant()

"""Tables of the uplink part, in a registry of its own."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, DateTime
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel


class UplinkTable(SQLModel, registry=registry()):
    """Base of the part's table classes; they live in `store/` and never leave it."""


def _instant(*, nullable: bool = False) -> Any:
    return Field(sa_column=Column(DateTime(timezone=True), nullable=nullable))


def _json() -> Any:
    return Field(sa_column=Column(JSONB, nullable=False))


class FactRow(UplinkTable, table=True):
    """A fact that waits until it is decided to whom it goes."""

    __tablename__ = "uplink_fact"

    fact_id: UUID = Field(primary_key=True)
    kind: str
    item: str
    subject: str
    content: dict[str, Any] = _json()
    occurred_at: datetime = _instant()


class RecordRow(UplinkTable, table=True):
    """A fact on its way to one upstream."""

    __tablename__ = "uplink_record"

    record_id: UUID = Field(primary_key=True)
    upstream: str
    kind: str
    item: str
    subject: str
    content: dict[str, Any] = _json()
    occurred_at: datetime = _instant()
    state: str
    attempts: int
    next_attempt_at: datetime | None = _instant(nullable=True)
    last_fault: str | None
    sent_at: datetime | None = _instant(nullable=True)
    version: int

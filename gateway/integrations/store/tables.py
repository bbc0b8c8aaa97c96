"""The table of the integrations part, in a registry of its own."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, DateTime
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel


class IntegrationsTable(SQLModel, registry=registry()):
    """Base of the part's table classes; they live in `store/` and never leave it."""


class ReceivedRow(IntegrationsTable, table=True):
    """An event that came from outside, once."""

    __tablename__ = "integration_event"

    received_id: UUID = Field(primary_key=True)
    system: str
    event_id: str
    source: str
    type: str
    subject: str
    data: Any = Field(sa_column=Column(JSONB, nullable=False))
    digest: str
    origin_region: str | None
    came_by: str
    sent_by: str
    occurred_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    received_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))

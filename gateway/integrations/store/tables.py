"""The table of the integrations part, in a registry of its own."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from shared.database.columns import instant, json_document


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
    data: Any = json_document()
    digest: str
    origin_region: str | None
    came_by: str
    sent_by: str
    occurred_at: datetime = instant()
    received_at: datetime = instant()

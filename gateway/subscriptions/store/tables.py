"""Tables of the subscriptions part, in a registry of its own."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Column, DateTime, Identity, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel


class SubscriptionsTable(SQLModel, registry=registry()):
    """Base of the part's table classes; they live in `store/` and never leave it."""


def _instant(*, nullable: bool = False) -> Any:
    return Field(sa_column=Column(DateTime(timezone=True), nullable=nullable))


class SubscriptionRow(SubscriptionsTable, table=True):
    """A subscription."""

    __tablename__ = "subscription"

    subscription_id: UUID = Field(primary_key=True)
    agency_uscc: str
    event_types: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    status: str
    opened_by: str
    opened_at: datetime = _instant()
    ended_at: datetime | None = _instant(nullable=True)
    version: int


class EventRow(SubscriptionsTable, table=True):
    """An event that agencies may follow; `audience_uscc` where it is addressed to one agency alone."""

    __tablename__ = "subscription_event"

    position: int = Field(sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    event_id: UUID
    type: str
    audience_uscc: str | None
    event: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))

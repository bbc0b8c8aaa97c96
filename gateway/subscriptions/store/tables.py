"""Tables of the subscriptions part, in a registry of its own."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Column, Identity, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from shared.database.columns import instant, texts


class SubscriptionsTable(SQLModel, registry=registry()):
    """Base of the part's table classes; they live in `store/` and never leave it."""


class SubscriptionRow(SubscriptionsTable, table=True):
    """A subscription."""

    __tablename__ = "subscription"

    subscription_id: UUID = Field(primary_key=True)
    agency_uscc: str
    event_types: list[str] = texts()
    status: str
    opened_by: str
    opened_at: datetime = instant()
    ended_at: datetime | None = instant(nullable=True)
    version: int


class EventRow(SubscriptionsTable, table=True):
    """An event that agencies may follow; `audience` where it is addressed to some of them alone."""

    __tablename__ = "subscription_event"

    position: int = Field(sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    event_id: UUID
    type: str
    subject: str
    audience: list[str] | None = Field(sa_column=Column(ARRAY(Text), nullable=True))
    event: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    kept_at: datetime = instant()


class ForgottenRow(SubscriptionsTable, table=True):
    """How many events of a type were forgotten, of those addressed to `audience` ("" for all)."""

    __tablename__ = "subscription_forgotten"

    type: str = Field(primary_key=True)
    audience: str = Field(primary_key=True)
    events: int = Field(sa_type=BigInteger)
    up_to: int = Field(sa_type=BigInteger)


class DestinationRow(SubscriptionsTable, table=True):
    """A destination; secrets are sealed."""

    __tablename__ = "subscription_destination"

    subscription_id: UUID = Field(primary_key=True)
    url: str
    state: str
    position: int = Field(sa_type=BigInteger)
    secret: bytes
    former_secret: bytes | None
    former_until: datetime | None = instant(nullable=True)
    attempts: int
    not_before: datetime | None = instant(nullable=True)
    last_fault: str | None
    last_success_at: datetime | None = instant(nullable=True)
    alarmed_at: datetime | None = instant(nullable=True)
    version: int


class DeliveryRow(SubscriptionsTable, table=True):
    """An event that is tried by itself."""

    __tablename__ = "subscription_delivery"

    subscription_id: UUID = Field(primary_key=True)
    position: int = Field(primary_key=True, sa_type=BigInteger)
    event_id: UUID
    subject: str
    state: str
    attempts: int
    not_before: datetime | None = instant(nullable=True)
    last_fault: str | None
    alarmed_at: datetime | None = instant(nullable=True)


class AcknowledgementRow(SubscriptionsTable, table=True):
    """An event that an agency must take until `due_at`; `told_at` when it was told to be late."""

    __tablename__ = "subscription_acknowledgement"

    agency_uscc: str = Field(primary_key=True)
    position: int = Field(primary_key=True, sa_type=BigInteger)
    due_at: datetime = instant()
    acknowledged_at: datetime | None = instant(nullable=True)
    way: str | None
    told_at: datetime | None = instant(nullable=True)


class AcknowledgementMarkRow(SubscriptionsTable, table=True):
    """The log's position up to which records of acknowledgement were opened; there is one row."""

    __tablename__ = "subscription_acknowledgement_mark"

    is_only: bool = Field(primary_key=True)
    position: int = Field(sa_type=BigInteger)

"""Tables of the deliveries part, in a registry of its own."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from shared.database.columns import instant


class DeliveriesTable(SQLModel, registry=registry()):
    """Base of the part's table classes; they live in `store/` and never leave it."""


class ChoiceRow(DeliveriesTable, table=True):
    """How the results of a case are wanted."""

    __tablename__ = "delivery_choice"

    case_id: str = Field(primary_key=True)
    case_no: str
    recipient: str
    method: str
    chosen_at: datetime = instant()
    version: int


class AddressRow(DeliveriesTable, table=True):
    """Where a parcel goes, until some time after it arrived."""

    __tablename__ = "delivery_address"

    case_id: str = Field(primary_key=True)
    name: str
    phone: str
    address: str


class DeliveryRow(DeliveriesTable, table=True):
    """A delivery."""

    __tablename__ = "delivery"

    delivery_id: UUID = Field(primary_key=True)
    case_id: str
    case_no: str
    recipient: str
    method: str
    state: str
    made_at: datetime = instant()
    courier: str | None
    order_reference: str | None
    tracking_number: str | None
    pickup_code: str | None
    ended_at: datetime | None = instant(nullable=True)
    trip: int
    next_attempt_at: datetime | None = instant(nullable=True)
    attempts: int
    last_fault: str | None
    version: int


class ResultRow(DeliveriesTable, table=True):
    """A certificate that came of a case."""

    __tablename__ = "delivery_result"

    case_id: str = Field(primary_key=True)
    identifier: str = Field(primary_key=True)
    kind: str
    document_path: str
    verify_path: str


class CallbackRow(DeliveriesTable, table=True):
    """An authentic callback, by the courier's message id."""

    __tablename__ = "delivery_callback"

    courier: str = Field(primary_key=True)
    message_id: str = Field(primary_key=True)
    delivery_id: UUID | None
    received_at: datetime = instant()

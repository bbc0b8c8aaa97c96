"""Tables of the payments part, in a registry of its own."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from shared.database.columns import instant


class PaymentsTable(SQLModel, registry=registry()):
    """Base of the part's table classes; they live in `store/` and never leave it."""


class PaymentRow(PaymentsTable, table=True):
    """A payment."""

    __tablename__ = "payment"

    payment_id: UUID = Field(primary_key=True)
    case_id: str
    case_no: str
    part: str
    payer: str
    title_zh: str
    title_en: str
    amount_fen: int
    basis: str
    state: str
    asked_at: datetime = instant()
    provider: str | None
    order_reference: str | None
    pay_url: str | None
    order_closed_at: datetime | None = instant(nullable=True)
    paid_through: str | None
    transaction_id: str | None
    paid_at: datetime | None = instant(nullable=True)
    receipt_number: str | None
    ended_because: str | None
    refunded_at: datetime | None = instant(nullable=True)
    next_attempt_at: datetime | None = instant(nullable=True)
    attempts: int
    last_fault: str | None
    version: int


class CallbackRow(PaymentsTable, table=True):
    """An authentic callback, by the provider's message id."""

    __tablename__ = "payment_callback"

    provider: str = Field(primary_key=True)
    message_id: str = Field(primary_key=True)
    payment_id: UUID | None
    verdict: str
    amount_fen: int
    transaction_id: str
    received_at: datetime = instant()


class RefusedCallbackRow(PaymentsTable, table=True):
    """How often callbacks of nobody known came in a day."""

    __tablename__ = "payment_callback_refused"

    provider: str = Field(primary_key=True)
    reason: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    times: int
    last_at: datetime = instant()


class ReceiptSerialRow(PaymentsTable, table=True):
    """The last receipt number of a day."""

    __tablename__ = "payment_receipt_serial"

    day: date = Field(primary_key=True)
    last: int

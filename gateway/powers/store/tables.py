"""The table of the powers part, in a registry of its own."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from shared.database.columns import instant, texts


class PowersTable(SQLModel, registry=registry()):
    """Base of the part's table classes; they live in `store/` and never leave it."""


class DelegationRow(PowersTable, table=True):
    """A delegation; `is_open` until it is withdrawn or found to have run out."""

    __tablename__ = "power_delegation"

    delegation_id: UUID = Field(primary_key=True)
    granting_uscc: str
    zone_uscc: str
    item: str
    regions: list[str] = texts()
    valid_from: datetime = instant()
    valid_until: datetime | None = instant(nullable=True)
    legal_basis: str
    given_by: str
    given_at: datetime = instant()
    is_open: bool
    withdrawn_by: str | None
    withdrawn_at: datetime | None = instant(nullable=True)
    withdrawal_reason: str | None
    version: int

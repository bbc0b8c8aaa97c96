"""The table of the powers part, in a registry of its own."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, DateTime, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel


class PowersTable(SQLModel, registry=registry()):
    """Base of the part's table classes; they live in `store/` and never leave it."""


def _instant(*, nullable: bool = False) -> Any:
    return Field(sa_column=Column(DateTime(timezone=True), nullable=nullable))


class DelegationRow(PowersTable, table=True):
    """A delegation; `is_open` until it is withdrawn or found to have run out."""

    __tablename__ = "power_delegation"

    delegation_id: UUID = Field(primary_key=True)
    granting_uscc: str
    zone_uscc: str
    item: str
    regions: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    valid_from: datetime = _instant()
    valid_until: datetime | None = _instant(nullable=True)
    legal_basis: str
    given_by: str
    given_at: datetime = _instant()
    is_open: bool
    withdrawn_by: str | None
    withdrawn_at: datetime | None = _instant(nullable=True)
    withdrawal_reason: str | None
    version: int

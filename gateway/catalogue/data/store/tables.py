"""The table of the catalogue part, in a registry of its own."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, DateTime, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel


class CatalogueTable(SQLModel, registry=registry()):
    """Base of the part's table classes; they live in `store/` and never leave it."""


def _instant(*, nullable: bool = False) -> Any:
    return Field(sa_column=Column(DateTime(timezone=True), nullable=nullable))


class GrantRow(CatalogueTable, table=True):
    """A grant."""

    __tablename__ = "catalogue_grant"

    grant_id: UUID = Field(primary_key=True)
    agency_uscc: str
    resource: str
    fields: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    purpose: str
    basis: str | None
    regions: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    scenes: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    ways: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    needs_consent: bool
    needs_case_number: bool
    valid_until: datetime = _instant()
    status: str
    suspended_because: str | None
    issued_by: str
    issued_at: datetime = _instant()
    withdrawn_by: str | None
    withdrawn_at: datetime | None = _instant(nullable=True)
    seed_key: str | None
    seed_digest: str | None
    version: int


class ConsentRow(CatalogueTable, table=True):
    """A consent of whom the data is about."""

    __tablename__ = "catalogue_consent"

    consent_id: UUID = Field(primary_key=True)
    subject: str
    given_by: str
    agency_uscc: str
    resource: str
    fields: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    purpose: str
    content: str
    method: str
    use: str
    scope: str
    rights_notice: str
    given_at: datetime = _instant()
    valid_until: datetime = _instant()
    withdrawn_by: str | None
    withdrawn_at: datetime | None = _instant(nullable=True)
    version: int

"""The table of the catalogue part, in a registry of its own."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from shared.database.columns import instant, texts


class CatalogueTable(SQLModel, registry=registry()):
    """Base of the part's table classes; they live in `store/` and never leave it."""


class GrantRow(CatalogueTable, table=True):
    """A grant."""

    __tablename__ = "catalogue_grant"

    grant_id: UUID = Field(primary_key=True)
    agency_uscc: str
    resource: str
    fields: list[str] = texts()
    purpose: str
    basis: str | None
    regions: list[str] = texts()
    scenes: list[str] = texts()
    ways: list[str] = texts()
    needs_consent: bool
    needs_case_number: bool
    valid_until: datetime = instant()
    status: str
    suspended_because: str | None
    issued_by: str
    issued_at: datetime = instant()
    withdrawn_by: str | None
    withdrawn_at: datetime | None = instant(nullable=True)
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
    fields: list[str] = texts()
    purpose: str
    content: str
    method: str
    use: str
    scope: str
    rights_notice: str
    given_at: datetime = instant()
    valid_until: datetime = instant()
    withdrawn_by: str | None
    withdrawn_at: datetime | None = instant(nullable=True)
    version: int

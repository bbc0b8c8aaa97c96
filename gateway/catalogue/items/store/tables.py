"""The tables of the item catalogue, in a registry of their own."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from shared.database.columns import instant, json_document, texts


class ItemTable(SQLModel, registry=registry()):
    """Base of the part's table classes; they live in `store/` and never leave it."""


class ItemRow(ItemTable, table=True):
    """An item as its owner works on it."""

    __tablename__ = "catalogue_item"

    code: str = Field(primary_key=True)
    owner_uscc: str
    status: str
    draft: dict[str, Any] | None = json_document(nullable=True)
    version: int
    last_effective_from: date | None
    withdrawn_from: date | None
    withdrawn_because: str | None
    withdrawn_by: str | None
    withdrawn_at: datetime | None = instant(nullable=True)
    revision: int


class VersionRow(ItemTable, table=True):
    """A published version, with what it is found by."""

    __tablename__ = "catalogue_item_version"

    code: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    owner_uscc: str
    standard: dict[str, Any] = json_document()
    effective_from: date
    effective_until: date | None
    published_by: str
    published_at: datetime = instant()
    seed_digest: str | None
    facets: list[str] = texts()
    terms: str = Field(sa_column=Column(TSVECTOR, nullable=False))


class ProofRow(ItemTable, table=True):
    """An entry of the list of proofs."""

    __tablename__ = "catalogue_proof"

    code: str = Field(primary_key=True)
    title_zh: str
    title_en: str | None
    legal_basis: str
    requesting_unit: str
    issuing_unit: str
    guide_zh: str
    guide_en: str | None
    introduced_on: date
    listed_at: datetime = instant()
    cancelled_on: date | None
    version: int

"""The tables of the item catalogue, in a registry of their own."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, DateTime, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel


class ItemTable(SQLModel, registry=registry()):
    """Base of the part's table classes; they live in `store/` and never leave it."""


def _instant(*, nullable: bool = False) -> Any:
    return Field(sa_column=Column(DateTime(timezone=True), nullable=nullable))


def _texts() -> Any:
    return Field(sa_column=Column(ARRAY(Text), nullable=False))


class ItemRow(ItemTable, table=True):
    """An item as its owner works on it."""

    __tablename__ = "catalogue_item"

    code: str = Field(primary_key=True)
    owner_uscc: str
    status: str
    draft: dict[str, Any] | None = Field(sa_column=Column(JSONB(none_as_null=True)))
    version: int
    last_effective_from: date | None
    withdrawn_from: date | None
    withdrawn_because: str | None
    withdrawn_by: str | None
    withdrawn_at: datetime | None = _instant(nullable=True)
    revision: int


class VersionRow(ItemTable, table=True):
    """A published version, with what it is found by."""

    __tablename__ = "catalogue_item_version"

    code: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    owner_uscc: str
    standard: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    effective_from: date
    effective_until: date | None
    published_by: str
    published_at: datetime = _instant()
    seed_digest: str | None
    facets: list[str] = _texts()
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
    listed_at: datetime = _instant()
    cancelled_on: date | None
    version: int

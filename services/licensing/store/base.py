"""The registry of this service's tables: its own metadata, shared with no other service."""

from typing import Any

from sqlalchemy import Column, DateTime, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import registry
from sqlmodel import SQLModel


class LicensingTable(SQLModel, registry=registry()):
    """Base of the service's table classes; they live in `store/` and never leave it."""


def instant(*, nullable: bool = False) -> "Column[Any]":
    """A column for a moment in UTC."""
    return Column(DateTime(timezone=True), nullable=nullable)


def texts() -> "Column[Any]":
    """A column for a list of texts."""
    return Column(ARRAY(Text), nullable=False)


def document() -> "Column[Any]":
    """A column for a JSON document."""
    return Column(JSONB, nullable=False)

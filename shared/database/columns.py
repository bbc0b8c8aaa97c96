"""Columns that the tables of every part have, as fields of SQLModel."""

from typing import Any

from sqlalchemy import Column, DateTime, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field


def instant(*, nullable: bool = False) -> Any:
    """A point in time, with its zone (`timestamptz`)."""
    return Field(sa_column=Column(DateTime(timezone=True), nullable=nullable))


def json_document(*, nullable: bool = False) -> Any:
    """A JSON value (`jsonb`); None is the database's NULL, never JSON's."""
    return Field(sa_column=Column(JSONB(none_as_null=True), nullable=nullable))


def texts() -> Any:
    """Several short texts (`text[]`)."""
    return Field(sa_column=Column(ARRAY(Text), nullable=False))

"""Tables of resources, requests, needs and corrections: a record whole in `content`, beside it what it is found by."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import Field

from gateway.catalogue.data.store.tables import CatalogueTable
from shared.database.columns import instant, json_document


class ResourceRow(CatalogueTable, table=True):
    """A data resource."""

    __tablename__ = "catalogue_resource"

    key: str = Field(primary_key=True)
    owner_uscc: str
    tell_stale_at: datetime | None = instant(nullable=True)
    change_due_at: datetime | None = instant(nullable=True)
    content: Any = json_document()
    version: int


class EntryRow(CatalogueTable, table=True):
    """A version of a resource's entry."""

    __tablename__ = "catalogue_entry"

    key: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    owner_uscc: str
    status: str
    effective_on: date | None
    sharing_class: str
    is_open: bool
    title_zh: str
    review_due_at: datetime | None = instant(nullable=True)
    content: Any = json_document()
    version: int


class DatumRow(CatalogueTable, table=True):
    """A datum and who collects it."""

    __tablename__ = "catalogue_datum"

    datum: str = Field(primary_key=True)
    owner_uscc: str
    title_zh: str
    resource: str


class RequestRow(CatalogueTable, table=True):
    """A sharing request."""

    __tablename__ = "catalogue_request"

    request_id: UUID = Field(primary_key=True)
    requester_uscc: str
    owner_uscc: str
    resource: str
    status: str
    submitted_at: datetime = instant()
    answered_at: datetime | None = instant(nullable=True)
    answer_days: Decimal | None
    is_late: bool | None
    due_at: datetime | None = instant(nullable=True)
    warned_at: datetime | None = instant(nullable=True)
    overdue_at: datetime | None = instant(nullable=True)
    content: Any = json_document()
    version: int


class NeedRow(CatalogueTable, table=True):
    """A need, and its entry of the responsibility list."""

    __tablename__ = "catalogue_need"

    need_id: UUID = Field(primary_key=True)
    requester_uscc: str
    provider_uscc: str | None
    resource: str | None
    status: str
    due_on: date | None
    overdue_told_at: datetime | None = instant(nullable=True)
    content: Any = json_document()
    version: int


class CorrectionRow(CatalogueTable, table=True):
    """A correction request; the value that its reporter believes in is sealed."""

    __tablename__ = "catalogue_correction"

    correction_id: UUID = Field(primary_key=True)
    resource: str
    owner_uscc: str
    reporter: str
    reporter_agency_uscc: str | None
    status: str
    submitted_at: datetime = instant()
    answered_at: datetime | None = instant(nullable=True)
    due_at: datetime = instant()
    overdue_at: datetime | None = instant(nullable=True)
    claimed: bytes
    content: Any = json_document()
    version: int


class CallRow(CatalogueTable, table=True):
    """How often an agency read a resource on a day, and how often it was let: built from events only."""

    __tablename__ = "catalogue_call"

    on_day: date = Field(primary_key=True)
    resource: str = Field(primary_key=True)
    consumer_uscc: str = Field(primary_key=True)
    calls: int
    allowed: int

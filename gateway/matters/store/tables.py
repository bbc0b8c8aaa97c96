"""Tables of this part; they never leave `store/`."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from shared.database.columns import instant, json_document

JsonValue = Any


class MattersTable(SQLModel, registry=registry()):
    """Base of the part's table classes."""


class MatterRow(MattersTable, table=True):
    __tablename__ = "matter"

    matter_id: UUID = Field(primary_key=True)
    theme: str
    title: JsonValue = json_document()
    applicant: str
    channel: str
    state: str
    version: int
    form: JsonValue = json_document()
    commitments: JsonValue = json_document()
    findings: JsonValue = json_document()
    time_limit: JsonValue = json_document()
    clock: JsonValue = json_document()
    office: JsonValue = json_document()
    opened_at: datetime = instant()
    due_at: datetime | None = instant(nullable=True)
    overdue_at: datetime | None = instant(nullable=True)
    ended_at: datetime | None = instant(nullable=True)
    uscc: str | None
    established_on: date | None
    division_code: str | None
    case_no: str
    subject: str
    lead_agency_uscc: str
    alarms: JsonValue = json_document()
    told: int
    alarm_at: datetime | None = instant(nullable=True)
    cross_region: str | None
    accepted_region: str | None
    accepted_agency_uscc: str | None
    is_handed_over: bool
    items: JsonValue = json_document()
    known: JsonValue = json_document()
    confidential_fields: JsonValue = json_document()
    changes: JsonValue = json_document(nullable=True)
    merged_filings: JsonValue = json_document()
    agent: JsonValue = json_document(nullable=True)
    unsettled: JsonValue = json_document()
    handed_out_at: datetime | None = instant(nullable=True)


class StepRow(MattersTable, table=True):
    __tablename__ = "matter_step"

    matter_id: UUID = Field(primary_key=True)
    key: str = Field(primary_key=True)
    place: int
    kind: str
    title: JsonValue = json_document()
    agency_uscc: str
    time_limit: JsonValue = json_document()
    waits_for: JsonValue = json_document()
    fee_fen: int
    fee_basis: str | None
    is_optional: bool
    state: str
    request: JsonValue = json_document()
    places: JsonValue = json_document()
    ready_at: datetime | None = instant(nullable=True)
    attempt: int
    tries: int
    not_before: datetime | None = instant(nullable=True)
    last_fault: str | None
    reference: str | None
    result: JsonValue = json_document()
    clock: JsonValue = json_document(nullable=True)
    due_at: datetime | None = instant(nullable=True)
    told: int
    alarm_at: datetime | None = instant(nullable=True)
    refusal: JsonValue = json_document()
    filing_kind: str | None


class TaskRow(MattersTable, table=True):
    __tablename__ = "matter_task"

    task_id: UUID = Field(primary_key=True)
    matter_id: UUID
    kind: str
    place: int
    title: JsonValue = json_document()
    agency_uscc: str
    time_limit: JsonValue = json_document()
    waits_for: JsonValue = json_document()
    state: str
    receives: JsonValue = json_document()
    fee_fen: int
    fee_basis: str | None
    is_optional: bool
    free: JsonValue = json_document()
    version: int
    clock: JsonValue = json_document(nullable=True)
    due_at: datetime | None = instant(nullable=True)
    overdue_at: datetime | None = instant(nullable=True)
    taken_at: datetime | None = instant(nullable=True)
    taken_by: str | None
    changed_at: datetime = instant()
    ended_at: datetime | None = instant(nullable=True)
    result: JsonValue = json_document()
    return_reason: str | None
    told: int
    alarm_at: datetime | None = instant(nullable=True)
    refusal: JsonValue = json_document(nullable=True)
    visit: JsonValue = json_document(nullable=True)
    told_of: JsonValue = json_document()
    outcomes: JsonValue = json_document()


class HistoryRow(MattersTable, table=True):
    __tablename__ = "matter_history"

    position: int | None = Field(default=None, primary_key=True)
    matter_id: UUID
    at: datetime = instant()
    verb: str
    step: str | None
    task_kind: str | None
    channel: str | None
    details: JsonValue = json_document()


class DraftRow(MattersTable, table=True):
    __tablename__ = "matter_draft"

    draft_id: UUID = Field(primary_key=True)
    owner: str
    theme: str
    content: JsonValue = json_document()
    version: int
    channel: str
    created_at: datetime = instant()
    changed_at: datetime = instant()
    expires_at: datetime = instant()


class EnterpriseRow(MattersTable, table=True):
    __tablename__ = "matter_enterprise"

    uscc: str = Field(primary_key=True)
    facts: JsonValue = json_document(nullable=True)
    division_code: str | None
    scope_codes: JsonValue = json_document()
    state: str | None
    established_on: date | None

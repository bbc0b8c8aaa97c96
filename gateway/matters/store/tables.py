"""Tables of this part; they never leave `store/`."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, DateTime
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

JsonValue = Any


class MattersTable(SQLModel, registry=registry()):
    """Base of the part's table classes."""


def _json(*, nullable: bool = False) -> Any:
    return Field(sa_column=Column(JSONB(none_as_null=True), nullable=nullable))


def _instant(*, nullable: bool = True) -> Any:
    return Field(sa_column=Column(DateTime(timezone=True), nullable=nullable))


class MatterRow(MattersTable, table=True):
    __tablename__ = "matter"

    matter_id: UUID = Field(primary_key=True)
    theme: str
    title: JsonValue = _json()
    applicant: str
    channel: str
    state: str
    version: int
    form: JsonValue = _json()
    commitments: JsonValue = _json()
    findings: JsonValue = _json()
    time_limit: JsonValue = _json()
    clock: JsonValue = _json()
    office: JsonValue = _json()
    opened_at: datetime = _instant(nullable=False)
    due_at: datetime | None = _instant()
    overdue_at: datetime | None = _instant()
    ended_at: datetime | None = _instant()
    uscc: str | None
    established_on: date | None
    division_code: str | None
    case_no: str
    subject: str
    lead_agency_uscc: str
    alarms: JsonValue = _json()
    told: int
    alarm_at: datetime | None = _instant()
    cross_region: str | None
    accepted_region: str | None
    accepted_agency_uscc: str | None
    is_handed_over: bool
    items: JsonValue = _json()
    known: JsonValue = _json()
    confidential_fields: JsonValue = _json()
    changes: JsonValue = _json(nullable=True)
    merged_filings: JsonValue = _json()
    agent: JsonValue = _json(nullable=True)
    unsettled: JsonValue = _json()
    handed_out_at: datetime | None = _instant()


class StepRow(MattersTable, table=True):
    __tablename__ = "matter_step"

    matter_id: UUID = Field(primary_key=True)
    key: str = Field(primary_key=True)
    place: int
    kind: str
    title: JsonValue = _json()
    agency_uscc: str
    time_limit: JsonValue = _json()
    waits_for: JsonValue = _json()
    fee_fen: int
    fee_basis: str | None
    is_optional: bool
    state: str
    request: JsonValue = _json()
    places: JsonValue = _json()
    ready_at: datetime | None = _instant()
    attempt: int
    tries: int
    not_before: datetime | None = _instant()
    last_fault: str | None
    reference: str | None
    result: JsonValue = _json()
    clock: JsonValue = _json(nullable=True)
    due_at: datetime | None = _instant()
    told: int
    alarm_at: datetime | None = _instant()
    refusal: JsonValue = _json()
    filing_kind: str | None


class TaskRow(MattersTable, table=True):
    __tablename__ = "matter_task"

    task_id: UUID = Field(primary_key=True)
    matter_id: UUID
    kind: str
    place: int
    title: JsonValue = _json()
    agency_uscc: str
    time_limit: JsonValue = _json()
    waits_for: JsonValue = _json()
    state: str
    receives: JsonValue = _json()
    fee_fen: int
    fee_basis: str | None
    is_optional: bool
    free: JsonValue = _json()
    version: int
    clock: JsonValue = _json(nullable=True)
    due_at: datetime | None = _instant()
    overdue_at: datetime | None = _instant()
    taken_at: datetime | None = _instant()
    taken_by: str | None
    changed_at: datetime = _instant(nullable=False)
    ended_at: datetime | None = _instant()
    result: JsonValue = _json()
    return_reason: str | None
    told: int
    alarm_at: datetime | None = _instant()
    refusal: JsonValue = _json(nullable=True)
    visit: JsonValue = _json(nullable=True)
    told_of: JsonValue = _json()
    outcomes: JsonValue = _json()


class HistoryRow(MattersTable, table=True):
    __tablename__ = "matter_history"

    position: int | None = Field(default=None, primary_key=True)
    matter_id: UUID
    at: datetime = _instant(nullable=False)
    verb: str
    step: str | None
    task_kind: str | None
    channel: str | None
    details: JsonValue = _json()


class DraftRow(MattersTable, table=True):
    __tablename__ = "matter_draft"

    draft_id: UUID = Field(primary_key=True)
    owner: str
    theme: str
    content: JsonValue = _json()
    version: int
    channel: str
    created_at: datetime = _instant(nullable=False)
    changed_at: datetime = _instant(nullable=False)
    expires_at: datetime = _instant(nullable=False)


class EnterpriseRow(MattersTable, table=True):
    __tablename__ = "matter_enterprise"

    uscc: str = Field(primary_key=True)
    facts: JsonValue = _json(nullable=True)
    division_code: str | None
    scope_codes: JsonValue = _json()
    state: str | None
    established_on: date | None
    holder: str | None

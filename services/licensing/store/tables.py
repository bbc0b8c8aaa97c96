"""The tables of the service; constraints stand in the migrations."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from services.licensing.store.base import LicensingTable
from shared.database.columns import instant, json_document, texts


class EnterpriseRow(LicensingTable, table=True):
    """Read model of registration's enterprises, with the event that it stands at."""

    __tablename__ = "enterprise"

    uscc: str = Field(primary_key=True)
    name: str
    kind: str
    state: str
    established_on: date | None
    address: str | None
    division_code: str
    scope_codes: list[str] = json_document()
    industry_class: str | None
    registered_capital_fen: int | None
    filing_id: str | None
    domicile_division_code: str | None
    forced_exit_on: date | None
    event_id: str
    event_sequence: int


class EnterpriseHolderRow(LicensingTable, table=True):
    """Read model of establishment filings: who applied, and which enterprise came of it; opaque person ids only."""

    __tablename__ = "enterprise_holder"

    filing_id: str = Field(primary_key=True)
    applicant: str
    uscc: str | None


class CreditStandingRow(LicensingTable, table=True):
    """Read model of credit's grades, with the event that it stands at."""

    __tablename__ = "credit_standing"

    uscc: str = Field(primary_key=True)
    grade: str
    allows_commitment: bool
    evaluated_at: datetime = instant()
    event_id: str
    event_sequence: int


class DelegatedPowerRow(LicensingTable, table=True):
    """Read model of powers delegated to zones."""

    __tablename__ = "delegated_power"

    delegation_id: str = Field(primary_key=True)
    item: str
    zone_uscc: str
    regions: list[str] = texts()
    valid_from: datetime = instant()
    valid_until: datetime | None = instant(nullable=True)
    withdrawn_at: datetime | None = instant(nullable=True)


class ApplicationRow(LicensingTable, table=True):
    """One application; at most one runs per enterprise and industry."""

    __tablename__ = "application"

    id: UUID = Field(primary_key=True)
    industry_code: str
    uscc: str
    applicant: str
    matter_id: str | None
    status: str
    version: int
    answers: dict[str, Any] = json_document()
    form: dict[str, Any] = json_document()
    pack_version: str
    notice_version: str
    submitted_at: datetime = instant()
    decided_at: datetime | None = instant(nullable=True)
    permit_number: str | None
    channel: str
    division_code: str | None
    counter_uscc: str | None
    accepted_by: str | None
    case_no: str | None


class ComponentRow(LicensingTable, table=True):
    """One agency's part of an application."""

    __tablename__ = "component"

    application_id: UUID = Field(primary_key=True)
    item: str = Field(primary_key=True)
    place: int
    agency_uscc: str
    needs: list[str] = json_document()
    status: str
    accepted_at: datetime = instant()
    ledger: dict[str, Any] = json_document()
    due_at: datetime = instant()
    fallback: str | None
    decided_at: datetime | None = instant(nullable=True)
    decided_by: str | None
    reason_zh: str | None
    reason_en: str | None
    is_overdue_told: bool
    deciding_uscc: str | None


class CommitmentRow(LicensingTable, table=True):
    """A signed commitment: notice, signature and issue in their order."""

    __tablename__ = "commitment"

    application_id: UUID = Field(primary_key=True)
    item: str = Field(primary_key=True)
    notice_version: str
    notice_told_at: datetime = instant()
    text_zh: str
    text_en: str
    text_digest: str
    signed_by: str
    signed_at: datetime = instant()
    issued_at: datetime | None = instant(nullable=True)
    check_due_on: date | None


class PermitRow(LicensingTable, table=True):
    """A permit and its electronic certificate."""

    __tablename__ = "permit"

    number: str = Field(primary_key=True)
    kind: str
    item: str | None
    name_zh: str
    name_en: str
    uscc: str
    holder_name: str
    industry_code: str
    application_id: UUID
    matter_id: str | None
    part_of: str | None
    issuer_uscc: str
    issuer_zh: str
    issuer_en: str
    supervising_uscc: str
    supervising_zh: str
    supervising_en: str
    valid_from: date
    valid_to: date | None
    certificate_identifier: str
    certificate_state: str
    digest: str
    jws: str
    seal_zh: str
    seal_en: str
    issued_at: datetime = instant()
    ended_on: date | None
    premises: str | None
    version: int
    associated_identifier: str | None
    premises_changed_on: date | None
    apply_by: date | None

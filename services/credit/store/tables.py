"""Table classes of the credit service."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Numeric, Text
from sqlmodel import Field

from services.credit.store.base import CreditTable
from shared.database.columns import instant, json_document


def _score() -> Any:
    return Field(sa_type=Numeric(6, 2))


class SubjectRow(CreditTable, table=True):
    """A credit subject with the standing of its newest evaluation."""

    __tablename__ = "credit_subject"

    uscc: str = Field(primary_key=True)
    name: str
    state: str
    established_on: date | None
    opened_at: datetime = instant()
    evaluation_number: int = Field(sa_type=BigInteger)
    score: Decimal = _score()
    grade: str
    scorecard_version: str
    allows_commitment: bool
    review_on: date | None
    evaluated_at: datetime = instant()


class EvaluationRow(CreditTable, table=True):
    """One evaluation of a subject, kept for good."""

    __tablename__ = "credit_evaluation"

    uscc: str = Field(primary_key=True)
    number: int = Field(primary_key=True, sa_type=BigInteger)
    score: Decimal = _score()
    grade: str
    scorecard_version: str
    allows_commitment: bool
    contributions: list[dict[str, Any]] = json_document()
    review_on: date | None
    evaluated_at: datetime = instant()


class RecordRow(CreditTable, table=True):
    """A credit record with the elements that it inherited."""

    __tablename__ = "credit_record"

    id: UUID = Field(primary_key=True)
    uscc: str
    catalogue_item: str
    title_zh: str
    title_en: str
    conduct_zh: str
    conduct_en: str
    data_source: str
    nature: str
    severity: str | None
    sharing: str
    openness: str
    least_months: int
    most_months: int | None
    update_cycle: str
    provider_uscc: str
    reference: str
    happened_on: date
    found_on: date
    document_kind: str | None
    document_effective_on: date | None
    source_event: str | None
    entered_at: datetime = instant()
    published_through: date | None
    status: str


class FilingApplicantRow(CreditTable, table=True):
    """Who applied in which filing, and which enterprise came of it: opaque person ids only."""

    __tablename__ = "filing_applicant"

    filing_id: str = Field(primary_key=True, sa_type=Text)
    applicant: str | None
    uscc: str | None

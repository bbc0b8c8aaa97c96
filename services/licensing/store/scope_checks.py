"""Checks of scope and permits: who asked what about whom, and what the rules came to."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, col, select

from services.licensing.domain.scope_check import Activity, RuleFinding, RuleOutcome, ScopeCheck, ScopeResult
from services.licensing.store.base import LicensingTable
from shared.database.columns import instant, json_document


class ScopeCheckRow(LicensingTable, table=True):
    """One check; it is never changed."""

    __tablename__ = "scope_check"

    id: UUID = Field(primary_key=True)
    uscc: str
    activity: dict[str, Any] = json_document()
    case_number: str
    agency_uscc: str
    asked_by: str
    asked_at: datetime = instant()
    checked_on: date
    result: str
    findings: list[dict[str, Any]] = json_document()
    pack_version: str


class ScopeCheckStore:
    """Reads and writes checks in the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, check: ScopeCheck) -> None:
        """Insert a new check."""
        values = vars(check) | {
            "activity": asdict(check.activity),
            "findings": [asdict(finding) for finding in check.findings],
        }
        await self._session.execute(insert(ScopeCheckRow).values(**values))

    async def find(self, check_id: UUID, agency_uscc: str) -> ScopeCheck | None:
        """Load one that this agency asked for."""
        query = select(ScopeCheckRow).where(
            col(ScopeCheckRow.id) == check_id, col(ScopeCheckRow.agency_uscc) == agency_uscc
        )
        row = (await self._session.execute(query)).scalar_one_or_none()
        if row is None:
            return None
        return ScopeCheck(
            **row.model_dump()
            | {
                "activity": Activity(**row.activity),
                "result": ScopeResult(row.result),
                "findings": tuple(_finding(each) for each in row.findings),
            }
        )


def _finding(stored: dict[str, Any]) -> RuleFinding:
    outcome = RuleOutcome(stored["outcome"])
    return RuleFinding(stored["rule"], stored["legal_basis"], outcome, tuple(stored["items"]))

"""Correction requests to rows and back; the value that a reporter believes in lies sealed beside them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, desc, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.catalogue.data.domain.correction import Correction, CorrectionStatus
from gateway.catalogue.data.domain.grant import GrantStatus
from gateway.catalogue.data.store.documents import Documents
from gateway.catalogue.data.store.sharing_tables import CorrectionRow
from gateway.catalogue.data.store.tables import GrantRow

_CORRECTIONS: Final = Documents(Correction)


@dataclass(frozen=True)
class CorrectionFilters:
    """Which corrections are asked for; what is None does not narrow. `seen_by`: of this agency or reporter."""

    seen_by_agency: str | None = None
    seen_by_reporter: str | None = None
    status: CorrectionStatus | None = None
    is_overdue: bool | None = None


class CorrectionStore:
    """Rows to corrections and back."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, correction: Correction, claimed: bytes) -> None:
        """Keep a new correction with the sealed value."""
        values = {"correction_id": correction.correction_id, "claimed": claimed, **_values(correction)}
        await self._session.execute(insert(CorrectionRow).values(values))

    async def save(self, correction: Correction) -> None:
        """Keep what became of a correction that was locked."""
        await self._session.execute(
            update(CorrectionRow)
            .where(col(CorrectionRow.correction_id) == correction.correction_id)
            .values(_values(correction))
            .execution_options(synchronize_session=False)
        )

    async def find(self, correction_id: UUID) -> Correction | None:
        """Return a correction."""
        return await self._one(_by_id(correction_id))

    async def lock(self, correction_id: UUID) -> Correction | None:
        """Return a correction that nobody else changes until the transaction ends."""
        chosen = _by_id(correction_id).with_for_update()
        return await self._one(chosen.execution_options(populate_existing=True))

    async def claimed(self, correction_id: UUID) -> bytes:
        """Return the sealed value of a correction that there is."""
        chosen = select(col(CorrectionRow.claimed)).where(col(CorrectionRow.correction_id) == correction_id)
        return bytes((await self._session.scalars(chosen)).one())

    async def page(self, filters: CorrectionFilters, *, before: UUID | None, limit: int) -> list[Correction]:
        """Return a page of corrections, the newest first."""
        chosen = select(CorrectionRow).order_by(desc(col(CorrectionRow.correction_id))).limit(limit)
        if filters.seen_by_agency is not None:
            agency = filters.seen_by_agency
            owner, reporter = col(CorrectionRow.owner_uscc), col(CorrectionRow.reporter_agency_uscc)
            chosen = chosen.where(or_(owner == agency, reporter == agency))
        if filters.seen_by_reporter is not None:
            chosen = chosen.where(col(CorrectionRow.reporter) == filters.seen_by_reporter)
        if filters.status is not None:
            chosen = chosen.where(col(CorrectionRow.status) == filters.status.value)
        if filters.is_overdue is not None:
            overdue = col(CorrectionRow.overdue_at)
            chosen = chosen.where(overdue.is_not(None) if filters.is_overdue else overdue.is_(None))
        if before is not None:
            chosen = chosen.where(col(CorrectionRow.correction_id) < before)
        return [_CORRECTIONS.read(row.content) for row in await self._session.scalars(chosen)]

    async def to_find_overdue(self, now: datetime, limit: int) -> list[UUID]:
        """Return open corrections whose time has run out and of whom nobody was told so."""
        chosen = select(col(CorrectionRow.correction_id)).where(
            col(CorrectionRow.status) == CorrectionStatus.OPEN.value,
            col(CorrectionRow.due_at) < now,
            col(CorrectionRow.overdue_at).is_(None),
        )
        return list(await self._session.scalars(chosen.order_by(col(CorrectionRow.due_at)).limit(limit)))

    async def holders(self, resource: str, field: str, now: datetime) -> tuple[str, ...]:
        """Return the agencies that hold a datum under a grant in force."""
        chosen = (
            select(col(GrantRow.agency_uscc))
            .distinct()
            .where(
                col(GrantRow.resource) == resource,
                col(GrantRow.fields).contains([field]),
                col(GrantRow.status) == GrantStatus.ISSUED.value,
                col(GrantRow.valid_until) > now,
            )
            .order_by(col(GrantRow.agency_uscc))
        )
        return tuple(await self._session.scalars(chosen))

    async def _one(self, statement: Select[Any]) -> Correction | None:
        row = (await self._session.scalars(statement)).one_or_none()
        return None if row is None else _CORRECTIONS.read(row.content)


def _by_id(correction_id: UUID) -> Select[Any]:
    return select(CorrectionRow).where(col(CorrectionRow.correction_id) == correction_id)


def _values(correction: Correction) -> dict[str, Any]:
    return {
        "resource": correction.doubt.resource,
        "owner_uscc": correction.owner_uscc,
        "reporter": correction.reporter,
        "reporter_agency_uscc": correction.reporter_agency_uscc,
        "status": correction.status.value,
        "submitted_at": correction.submitted_at,
        "answered_at": correction.answered_at,
        "due_at": correction.due_at,
        "overdue_at": correction.overdue_at,
        "content": _CORRECTIONS.write(correction),
        "version": correction.version,
    }

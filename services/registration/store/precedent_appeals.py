"""Appeals with a precedent: rows to domain objects and back."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.registration.domain.errors import AppealNotFound
from services.registration.domain.precedent_appeal import AppealStatus, Precedent, PrecedentAppeal
from services.registration.domain.wording import Wording
from shared.calendar import DueInstant, WorkingCalendar, ledger_from_primitives, ledger_to_primitives
from shared.security.office import span_of

_COLUMNS: Final = """id, filing_id, status, version, applicant, division_code, region, item, words, made_at, clock,
    overdue_told_at, answer_zh, answer_en, ended_at, answered_by"""
_FIND: Final = f"SELECT {_COLUMNS} FROM precedent_appeal WHERE id = :id"  # noqa: S608 - constants only, here and below
_OF_FILING = text(f"SELECT {_COLUMNS} FROM precedent_appeal WHERE filing_id = :id ORDER BY made_at, id")  # noqa: S608
_SAVE = text("""
    INSERT INTO precedent_appeal (id, filing_id, status, version, applicant, division_code, region, item, words,
        made_at, clock, due_at, due_is_provisional, overdue_told_at, answer_zh, answer_en, ended_at, answered_by)
    VALUES (:id, :filing_id, :status, :version, :applicant, :division_code, :region, :item, :words, :made_at,
        CAST(:clock AS jsonb), :due_at, :provisional, :overdue_told_at, :answer_zh, :answer_en, :ended_at,
        :answered_by)
    ON CONFLICT (id) DO UPDATE SET status = excluded.status, version = excluded.version, clock = excluded.clock,
        due_at = excluded.due_at, due_is_provisional = excluded.due_is_provisional,
        overdue_told_at = excluded.overdue_told_at, answer_zh = excluded.answer_zh, answer_en = excluded.answer_en,
        ended_at = excluded.ended_at, answered_by = excluded.answered_by
""")
_OVERDUE = text(f"""
    SELECT {_COLUMNS} FROM precedent_appeal WHERE status = 'open' AND overdue_told_at IS NULL AND due_at < :now
    ORDER BY due_at LIMIT :limit FOR UPDATE SKIP LOCKED
""")  # noqa: S608
_PROVISIONAL = text(f"""
    SELECT {_COLUMNS} FROM precedent_appeal WHERE status = 'open' AND due_is_provisional
    ORDER BY due_at LIMIT :limit FOR UPDATE SKIP LOCKED
""")  # noqa: S608


class AppealStore:
    """Reads and writes appeals in the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, appeal_id: UUID, *, lock: bool = False) -> PrecedentAppeal:
        """Raises: AppealNotFound."""
        statement = text(_FIND + (" FOR UPDATE" if lock else ""))
        row = (await self._session.execute(statement, {"id": appeal_id})).one_or_none()
        if row is None:
            raise AppealNotFound
        return _appeal(row)

    async def of_filing(self, filing_id: UUID) -> Sequence[PrecedentAppeal]:
        """In the order in which they were made."""
        return [_appeal(row) for row in await self._session.execute(_OF_FILING, {"id": filing_id})]

    async def waiting(
        self, regions: Sequence[str] | None, after: tuple[datetime, UUID] | None, limit: int
    ) -> Sequence[PrecedentAppeal]:
        """Those that nobody has answered, oldest first; of the regions, or of all."""
        clauses, values = ["status = 'open'"], dict[str, object](limit=limit)
        if regions is not None:
            within = []
            for number, region in enumerate(regions):
                within.append(f"(division_code >= :first{number} AND division_code < :end{number})")
                values[f"first{number}"], values[f"end{number}"] = span_of(region)
            clauses.append(f"({' OR '.join(within) or 'false'})")
        if after is not None:
            clauses.append("(made_at, id) > (:at, :id)")
            values["at"], values["id"] = after
        statement = f"""
            SELECT {_COLUMNS} FROM precedent_appeal WHERE {" AND ".join(clauses)} ORDER BY made_at, id LIMIT :limit
        """  # noqa: S608
        return [_appeal(row) for row in await self._session.execute(text(statement), values)]

    async def overdue(self, now: datetime, limit: int) -> Sequence[PrecedentAppeal]:
        """Locks those whose answer is late and of which nobody was told."""
        return [_appeal(row) for row in await self._session.execute(_OVERDUE, {"now": now, "limit": limit})]

    async def provisional(self, limit: int) -> Sequence[PrecedentAppeal]:
        """Locks those whose limit hangs on a calendar that was not published."""
        return [_appeal(row) for row in await self._session.execute(_PROVISIONAL, {"limit": limit})]

    async def save(self, one: PrecedentAppeal, calendar: WorkingCalendar) -> DueInstant | None:
        """Write the appeal; returns when the answer is due."""
        due = one.clock.due_at(calendar) if one.status is AppealStatus.OPEN else None
        await self._session.execute(
            _SAVE,
            {
                "id": one.id,
                "filing_id": one.filing_id,
                "status": one.status.value,
                "version": one.version,
                "applicant": one.applicant,
                "division_code": one.division_code,
                "region": one.precedent.region,
                "item": one.precedent.item,
                "words": one.precedent.words,
                "made_at": one.made_at,
                "clock": json.dumps(ledger_to_primitives(one.clock), ensure_ascii=False),
                "due_at": due.at if due else None,
                "provisional": due.provisional if due else False,
                "overdue_told_at": one.overdue_told_at,
                "answer_zh": one.answer.zh if one.answer else None,
                "answer_en": one.answer.en if one.answer else None,
                "ended_at": one.ended_at,
                "answered_by": one.answered_by,
            },
        )
        return due


def _appeal(row: Row[Any]) -> PrecedentAppeal:
    return PrecedentAppeal(
        id=row.id,
        filing_id=row.filing_id,
        status=AppealStatus(row.status),
        version=row.version,
        applicant=row.applicant,
        division_code=row.division_code,
        precedent=Precedent(row.region, row.item, row.words),
        made_at=row.made_at,
        clock=ledger_from_primitives(row.clock),
        answer=Wording(row.answer_zh, row.answer_en) if row.answer_zh else None,
        ended_at=row.ended_at,
        answered_by=row.answered_by,
        overdue_told_at=row.overdue_told_at,
    )

"""Cases of false registrations: documents with the columns they are found by."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.registration.domain.authority_errors import CaseNotFound
from services.registration.domain.false_registration import FalseRegistration
from shared.calendar import DueInstant

_CASE: Final = TypeAdapter(FalseRegistration)
_FIND: Final = "SELECT document::text FROM false_registration WHERE id = :id"
_SAVE = text("""
    INSERT INTO false_registration (id, uscc, target_version, applicant, status, version, submitted_at, due_at,
        is_provisional, is_overdue_told, ends_on, document)
    VALUES (:id, :uscc, :target_version, :applicant, :status, :version, :submitted_at, :due_at, :is_provisional,
        :is_overdue_told, :ends_on, CAST(:document AS jsonb))
    ON CONFLICT (id) DO UPDATE SET status = excluded.status, version = excluded.version, due_at = excluded.due_at,
        is_provisional = excluded.is_provisional, is_overdue_told = excluded.is_overdue_told,
        ends_on = excluded.ends_on, document = excluded.document
""")
_OPEN_FOR = text("""
    SELECT id FROM false_registration WHERE uscc = :uscc AND target_version = :target_version
        AND status IN ('submitted', 'investigating', 'published', 'unopposed')
""")
_FREEZING = text("""
    SELECT id FROM false_registration WHERE uscc = :uscc AND status IN ('published', 'unopposed') LIMIT 1
""")
_SHOWN = text("""
    SELECT document::text FROM false_registration
    WHERE uscc = :uscc AND status IN ('published', 'unopposed', 'revoked', 'set_aside')
    ORDER BY submitted_at DESC, id DESC LIMIT 50
""")
_OF_APPLICANT = text("""
    SELECT document::text FROM false_registration WHERE applicant = :applicant
        AND (CAST(:at AS timestamptz) IS NULL OR (submitted_at, id) < (:at, CAST(:id AS uuid)))
    ORDER BY submitted_at DESC, id DESC LIMIT :limit
""")
_QUEUE = text("""
    SELECT document::text FROM false_registration WHERE due_at IS NOT NULL
        AND (CAST(:at AS timestamptz) IS NULL OR (submitted_at, id) < (:at, CAST(:id AS uuid)))
    ORDER BY submitted_at DESC, id DESC LIMIT :limit
""")
_TO_ELAPSE = text("""
    SELECT document::text FROM false_registration WHERE status = 'published' AND ends_on < :today
    ORDER BY ends_on, id LIMIT :limit FOR UPDATE SKIP LOCKED
""")
_OVERDUE = text("""
    SELECT document::text FROM false_registration WHERE due_at < :now AND NOT is_overdue_told
    ORDER BY due_at, id LIMIT :limit FOR UPDATE SKIP LOCKED
""")
_PROVISIONAL = text("""
    SELECT document::text FROM false_registration WHERE due_at IS NOT NULL AND is_provisional
    ORDER BY due_at, id LIMIT :limit FOR UPDATE SKIP LOCKED
""")
After = tuple[datetime, UUID] | None


class FalseRegistrationStore:
    """Reads and writes in the caller's transaction; where the enterprise is locked too, it is locked first."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, case_id: UUID, *, lock: bool = False) -> FalseRegistration:
        """Raises: CaseNotFound."""
        found = await self._many(text(_FIND + (" FOR UPDATE" if lock else "")), {"id": case_id})
        if not found:
            raise CaseNotFound
        return found[0]

    async def save(self, case: FalseRegistration, due: DueInstant | None) -> None:
        """Write it as it now stands, with the time at which the registrar has to have acted."""
        await self._session.execute(
            _SAVE,
            {
                "id": case.id,
                "uscc": case.uscc,
                "target_version": case.target_version,
                "applicant": case.applicant,
                "status": case.status.value,
                "version": case.version,
                "submitted_at": case.submitted_at,
                "due_at": due.at if due else None,
                "is_provisional": case.is_provisional or (due is not None and due.provisional),
                "is_overdue_told": case.is_overdue_told,
                "ends_on": case.ends_on,
                "document": _CASE.dump_json(case).decode(),
            },
        )

    async def open_for(self, uscc: str, target_version: int) -> UUID | None:
        """The case about the same registration that is not decided yet."""
        values = {"uscc": uscc, "target_version": target_version}
        found: UUID | None = (await self._session.execute(_OPEN_FOR, values)).scalar()
        return found

    async def freezing(self, uscc: str) -> UUID | None:
        """The case for which nothing is registered about the enterprise."""
        found: UUID | None = (await self._session.execute(_FREEZING, {"uscc": uscc})).scalar()
        return found

    async def shown(self, uscc: str) -> Sequence[FalseRegistration]:
        """Those of an enterprise that everybody may read of, the newest first."""
        return await self._many(_SHOWN, {"uscc": uscc})

    async def of_applicant(self, applicant: str, after: After, limit: int) -> Sequence[FalseRegistration]:
        """Those that somebody applied for, the newest first."""
        return await self._many(_OF_APPLICANT, _after(after) | {"applicant": applicant, "limit": limit})

    async def queue(self, after: After, limit: int) -> Sequence[FalseRegistration]:
        """Those in which the registrar has to act, the newest first."""
        return await self._many(_QUEUE, _after(after) | {"limit": limit})

    async def to_elapse(self, today: date, limit: int) -> Sequence[FalseRegistration]:
        """Published ones whose days have passed, locked."""
        return await self._many(_TO_ELAPSE, {"today": today, "limit": limit})

    async def overdue(self, now: datetime, limit: int) -> Sequence[FalseRegistration]:
        """Those that the registrar is late with and nobody was told of, locked."""
        return await self._many(_OVERDUE, {"now": now, "limit": limit})

    async def provisional(self, limit: int) -> Sequence[FalseRegistration]:
        """Those whose time hangs on an unpublished calendar, locked."""
        return await self._many(_PROVISIONAL, {"limit": limit})

    async def _many(self, statement: TextClause, values: dict[str, Any]) -> Sequence[FalseRegistration]:
        rows = (await self._session.execute(statement, values)).scalars().all()
        return [_CASE.validate_json(row) for row in rows]


def _after(after: After) -> dict[str, Any]:
    return {"at": after[0] if after else None, "id": after[1] if after else None}

"""Disputes over names: rows to domain objects and back."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.registration.domain.name_dispute import DisputeStatus, NameDispute
from services.registration.domain.name_errors import DisputeNotFound
from services.registration.domain.wording import Wording
from shared.calendar import DueInstant, ledger_from_primitives, ledger_to_primitives

_COLUMNS: Final = """id, status, version, applicant, claimant_uscc, respondent_uscc, respondent_name, grounds,
    submitted_at, clock, is_overdue_told, reason_zh, reason_en, decided_at"""
_FIND: Final = f"SELECT {_COLUMNS} FROM name_dispute WHERE id = :id"  # noqa: S608 - constants only, here and below
_RUNNING = text("""
    SELECT id FROM name_dispute WHERE claimant_uscc = :claimant AND respondent_uscc = :respondent
    AND status IN ('submitted', 'accepted')
""")
_OF_PARTIES = text(f"""
    SELECT {_COLUMNS} FROM name_dispute
    WHERE (claimant_uscc = ANY(CAST(:codes AS text[])) OR respondent_uscc = ANY(CAST(:codes AS text[])))
    AND (CAST(:at AS timestamptz) IS NULL OR (submitted_at, id) < (:at, CAST(:id AS uuid)))
    ORDER BY submitted_at DESC, id DESC LIMIT :limit
""")  # noqa: S608
_OPEN = text(f"""
    SELECT {_COLUMNS}, due_at FROM name_dispute WHERE due_at IS NOT NULL
    AND (CAST(:at AS timestamptz) IS NULL OR (due_at, id) > (:at, CAST(:id AS uuid)))
    ORDER BY due_at, id LIMIT :limit
""")  # noqa: S608
_OVERDUE = text(f"""
    SELECT {_COLUMNS} FROM name_dispute
    WHERE status IN ('submitted', 'accepted') AND due_at < :now AND NOT is_overdue_told
    ORDER BY due_at, id LIMIT :limit FOR UPDATE SKIP LOCKED
""")  # noqa: S608
_PROVISIONAL = text(f"""
    SELECT {_COLUMNS} FROM name_dispute WHERE due_at IS NOT NULL AND due_is_provisional
    ORDER BY due_at, id LIMIT :limit FOR UPDATE SKIP LOCKED
""")  # noqa: S608
_RULED_AGAINST = text(f"""
    SELECT {_COLUMNS} FROM name_dispute d
    WHERE (status = 'stop_use' AND due_at < :now)
       OR (status IN ('stop_use', 'name_withdrawn') AND NOT EXISTS (
            SELECT FROM enterprise e WHERE e.uscc = d.respondent_uscc
                AND e.state NOT IN ('deregistered', 'moved_out')
                AND e.name IN (d.respondent_name, d.respondent_uscc)))
       OR (status IN ('submitted', 'accepted') AND EXISTS (
            SELECT FROM enterprise e WHERE e.uscc IN (d.claimant_uscc, d.respondent_uscc)
                AND e.state IN ('deregistered', 'moved_out')))
    ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
""")  # noqa: S608
_SAVE = text("""
    INSERT INTO name_dispute (id, status, version, applicant, claimant_uscc, respondent_uscc, respondent_name,
        grounds, submitted_at, clock, due_at, due_is_provisional, is_overdue_told, reason_zh, reason_en, decided_at)
    VALUES (:id, :status, :version, :applicant, :claimant, :respondent, :respondent_name, :grounds, :submitted_at,
        CAST(:clock AS jsonb), :due_at, :provisional, :is_overdue_told, :reason_zh, :reason_en, :decided_at)
    ON CONFLICT (id) DO UPDATE SET status = excluded.status, version = excluded.version, clock = excluded.clock,
        due_at = excluded.due_at, due_is_provisional = excluded.due_is_provisional,
        is_overdue_told = excluded.is_overdue_told, reason_zh = excluded.reason_zh,
        reason_en = excluded.reason_en, decided_at = excluded.decided_at
""")


class DisputeStore:
    """Reads and writes disputes in the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, dispute_id: UUID, *, lock: bool = False) -> NameDispute:
        """Raises: DisputeNotFound."""
        statement = text(_FIND + (" FOR UPDATE" if lock else ""))
        row = (await self._session.execute(statement, {"id": dispute_id})).one_or_none()
        if row is None:
            raise DisputeNotFound
        return _dispute(row)

    async def running(self, claimant: str, respondent: str) -> UUID | None:
        """The dispute between the two that is not ruled on yet."""
        values = {"claimant": claimant, "respondent": respondent}
        found: UUID | None = (await self._session.execute(_RUNNING, values)).scalar()
        return found

    async def of_parties(
        self, codes: Collection[str], after: tuple[datetime, UUID] | None, limit: int
    ) -> list[NameDispute]:
        """Disputes in which one of the enterprises asks or is asked about, newest first."""
        values = {"codes": list(codes)} | _after(after) | {"limit": limit}
        return _disputes((await self._session.execute(_OF_PARTIES, values)).all())

    async def open(self, after: tuple[datetime, UUID] | None, limit: int) -> list[NameDispute]:
        """Disputes in which something is due, the most urgent first."""
        return _disputes((await self._session.execute(_OPEN, _after(after) | {"limit": limit})).all())

    async def overdue(self, now: datetime, limit: int) -> list[NameDispute]:
        """Locks those that the registrar is late with and that nobody was told of."""
        return _disputes((await self._session.execute(_OVERDUE, {"now": now, "limit": limit})).all())

    async def provisional(self, limit: int) -> list[NameDispute]:
        """Locks those whose due time hangs on a calendar that was not published."""
        return _disputes((await self._session.execute(_PROVISIONAL, {"limit": limit})).all())

    async def next_to_enforce(self, now: datetime) -> NameDispute | None:
        """Locks one that ruled against a name: the time is over, the name has changed, or who had it is gone; or one
        that is not ruled on, of which a party is gone.
        """
        row = (await self._session.execute(_RULED_AGAINST, {"now": now})).one_or_none()
        return _dispute(row) if row else None

    async def save(self, one: NameDispute, due: DueInstant | None) -> None:
        """Write the dispute with the time at which what is due next is due."""
        await self._session.execute(
            _SAVE,
            {
                "id": one.id,
                "status": one.status.value,
                "version": one.version,
                "applicant": one.applicant,
                "claimant": one.claimant_uscc,
                "respondent": one.respondent_uscc,
                "respondent_name": one.respondent_name,
                "grounds": one.grounds,
                "submitted_at": one.submitted_at,
                "clock": json.dumps(ledger_to_primitives(one.clock), ensure_ascii=False),
                "due_at": due.at if due else None,
                "provisional": due.provisional if due else False,
                "is_overdue_told": one.is_overdue_told,
                "reason_zh": one.reason.zh if one.reason else None,
                "reason_en": one.reason.en if one.reason else None,
                "decided_at": one.decided_at,
            },
        )


def _after(after: tuple[datetime, UUID] | None) -> dict[str, object]:
    return {"at": after[0] if after else None, "id": after[1] if after else None}


def _disputes(rows: Sequence[Row[Any]]) -> list[NameDispute]:
    return [_dispute(row) for row in rows]


def _dispute(row: Row[Any]) -> NameDispute:
    return NameDispute(
        id=row.id,
        status=DisputeStatus(row.status),
        version=row.version,
        applicant=row.applicant,
        claimant_uscc=row.claimant_uscc,
        respondent_uscc=row.respondent_uscc,
        respondent_name=row.respondent_name,
        grounds=row.grounds,
        submitted_at=row.submitted_at,
        clock=ledger_from_primitives(row.clock),
        is_overdue_told=row.is_overdue_told,
        reason=Wording(row.reason_zh, row.reason_en) if row.reason_zh else None,
        decided_at=row.decided_at,
    )

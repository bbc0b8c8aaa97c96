"""Hand-overs between registrars: rows to domain objects and back."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.registration.domain.hand_over import (
    Direction,
    HandOver,
    HandOverStatus,
    OpenMatter,
    Refused,
)
from services.registration.domain.kinds import EnterpriseState
from services.registration.domain.relocation_errors import HandOverNotFound
from services.registration.domain.wording import Wording
from shared.calendar import DueInstant, WorkingCalendar, ledger_from_primitives, ledger_to_primitives

_MATTERS: Final = TypeAdapter(tuple[OpenMatter, ...])
_COLUMNS: Final = """id, direction, status, version, uscc, name, other_registrar, division_code, address, filing_id,
    reference, open_matters::text AS open_matters, clock, requested_at, handed_over_at, left_as,
    paper_files_due_on, paper_files_moved_on, refusal_code, refusal_zh, refusal_en"""
_SELECT: Final = f"SELECT {_COLUMNS} FROM hand_over"  # noqa: S608 - constants only, here and below
_SAVE: Final = text("""
    INSERT INTO hand_over (id, direction, status, version, uscc, name, other_registrar, division_code, address,
        filing_id, reference, open_matters, clock, due_at, due_is_provisional, requested_at, handed_over_at,
        left_as, paper_files_due_on, paper_files_moved_on, refusal_code, refusal_zh, refusal_en, dossier)
    VALUES (:id, :direction, :status, :version, :uscc, :name, :other, :division_code, :address, :filing_id,
        :reference, CAST(:open_matters AS jsonb), CAST(:clock AS jsonb), :due_at, :provisional, :requested_at,
        :handed_over_at, :left_as, :paper_files_due_on, :paper_files_moved_on, :refusal_code, :refusal_zh,
        :refusal_en, COALESCE(:dossier, (SELECT dossier FROM hand_over WHERE id = :id)))
    ON CONFLICT (id) DO UPDATE SET status = excluded.status, version = excluded.version,
        open_matters = excluded.open_matters, clock = excluded.clock, due_at = excluded.due_at,
        due_is_provisional = excluded.due_is_provisional, handed_over_at = excluded.handed_over_at,
        left_as = excluded.left_as, paper_files_due_on = excluded.paper_files_due_on,
        paper_files_moved_on = excluded.paper_files_moved_on, refusal_code = excluded.refusal_code,
        refusal_zh = excluded.refusal_zh, refusal_en = excluded.refusal_en,
        dossier = excluded.dossier
""")
_PAGE: Final = text(f"""
    {_SELECT} WHERE (CAST(:other AS text) IS NULL OR other_registrar = :other)
    AND (CAST(:direction AS text) IS NULL OR direction = :direction)
    AND (CAST(:status AS text) IS NULL OR status = :status)
    AND (CAST(:at AS timestamptz) IS NULL OR (requested_at, id) < (:at, CAST(:id AS uuid)))
    ORDER BY requested_at DESC, id DESC LIMIT :limit
""")
_RUNNING: Final = text(f"{_SELECT} WHERE uscc = :uscc AND direction = :direction AND status = 'requested'")
_BY_REFERENCE: Final = text(
    f"{_SELECT} WHERE other_registrar = :other AND reference = :reference AND direction = 'out'"
)
_OF_FILING: Final = text(
    f"{_SELECT} WHERE filing_id = :filing_id ORDER BY requested_at DESC, id DESC LIMIT 1"
)
# It waits for whoever looks at one that waits; that one skips what is told of at the moment.
_OVERDUE: Final = text(f"""
    {_SELECT} WHERE status = 'requested' AND overdue_told_at IS NULL AND due_at < :now
    ORDER BY due_at LIMIT :limit FOR UPDATE
""")
_TOLD_OVERDUE: Final = text("UPDATE hand_over SET overdue_told_at = :now WHERE id = :id")
_PROVISIONAL: Final = text("""
    SELECT id, clock, due_at FROM hand_over WHERE status = 'requested' AND due_is_provisional
    ORDER BY due_at LIMIT :limit FOR UPDATE SKIP LOCKED
""")
_RENEW_DUE: Final = text(
    "UPDATE hand_over SET due_at = :due_at, due_is_provisional = :provisional WHERE id = :id"
)
_WAITING: Final = text(f"""
    {_SELECT} WHERE status = 'requested' AND direction = 'out' ORDER BY looked_at NULLS FIRST, requested_at
    LIMIT :limit FOR UPDATE SKIP LOCKED
""")
_LOOKED: Final = text("UPDATE hand_over SET looked_at = :now WHERE id = :id")
_DOSSIER: Final = text("SELECT dossier FROM hand_over WHERE id = :id")


class HandOverStore:
    """Reads and writes hand-overs in the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, hand_over_id: UUID) -> HandOver:
        """Raises: HandOverNotFound."""
        return await self._one(text(f"{_SELECT} WHERE id = :id"), id=hand_over_id)

    async def lock(self, hand_over_id: UUID) -> HandOver:
        """Read for change. Raises: HandOverNotFound."""
        return await self._one(text(f"{_SELECT} WHERE id = :id FOR UPDATE"), id=hand_over_id)

    async def running(self, uscc: str, direction: Direction) -> HandOver | None:
        """The one that is asked for and not answered, if any."""
        return await self._first(_RUNNING, uscc=uscc, direction=direction.value)

    async def by_reference(self, other_registrar: str, reference: str) -> HandOver | None:
        """What the other registrar asked for under its own name for it."""
        return await self._first(_BY_REFERENCE, other=other_registrar, reference=reference)

    async def of_filing(self, filing_id: UUID) -> HandOver | None:
        """The newest that the filing asked for."""
        return await self._first(_OF_FILING, filing_id=filing_id)

    async def page(
        self,
        other_registrar: str | None,
        direction: Direction | None,
        status: HandOverStatus | None,
        after: tuple[datetime, UUID] | None,
        limit: int,
    ) -> list[HandOver]:
        """Newest first; all of them, or those with one registrar."""
        at, last = after or (None, None)
        return await self._many(
            _PAGE,
            other=other_registrar,
            direction=direction.value if direction else None,
            status=status.value if status else None,
            at=at,
            id=last,
            limit=limit,
        )

    async def save(self, one: HandOver, due: DueInstant | None, dossier: str | None = None) -> None:
        """Write it as it now stands, with the signed file once there is one; `due` is when its clock runs out."""
        await self._session.execute(
            _SAVE,
            {
                "id": one.id,
                "direction": one.direction.value,
                "status": one.status.value,
                "version": one.version,
                "uscc": one.uscc,
                "name": one.name,
                "other": one.other_registrar,
                "division_code": one.division_code,
                "address": one.address,
                "filing_id": one.filing_id,
                "reference": one.reference,
                "open_matters": _MATTERS.dump_json(one.open_matters).decode(),
                "clock": json.dumps(ledger_to_primitives(one.clock)),
                "due_at": due.at if due else None,
                "provisional": due.provisional if due else False,
                "requested_at": one.requested_at,
                "handed_over_at": one.handed_over_at,
                "left_as": one.left_as.value if one.left_as else None,
                "paper_files_due_on": one.paper_files_due_on,
                "paper_files_moved_on": one.paper_files_moved_on,
                "refusal_code": one.refused.code if one.refused else None,
                "refusal_zh": one.refused.reason.zh if one.refused else None,
                "refusal_en": one.refused.reason.en if one.refused else None,
                "dossier": dossier,
            },
        )

    async def dossier(self, hand_over_id: UUID) -> str | None:
        """The signed file, once it was handed over."""
        found: str | None = (await self._session.execute(_DOSSIER, {"id": hand_over_id})).scalar_one_or_none()
        return found

    async def overdue(self, now: datetime, limit: int) -> list[HandOver]:
        """Those whose time ran out and of which nobody was told, locked."""
        return await self._many(_OVERDUE, now=now, limit=limit)

    async def mark_overdue_told(self, hand_over_id: UUID, now: datetime) -> None:
        """It is told once."""
        await self._session.execute(_TOLD_OVERDUE, {"id": hand_over_id, "now": now})

    async def renew_provisional(self, calendar: WorkingCalendar, limit: int) -> int:
        """Compute due times anew that hung on an unpublished calendar; returns how many changed."""
        changed = 0
        for row in (await self._session.execute(_PROVISIONAL, {"limit": limit})).all():
            due = ledger_from_primitives(row.clock).due_at(calendar)
            if due is not None and (due.at != row.due_at or not due.provisional):
                await self.renew_due(row.id, due)
                changed += 1
        return changed

    async def renew_due(self, hand_over_id: UUID, due: DueInstant) -> None:
        """Keep the time as its days are counted now."""
        values = {"id": hand_over_id, "due_at": due.at, "provisional": due.provisional}
        await self._session.execute(_RENEW_DUE, values)

    async def waiting(self, now: datetime, limit: int) -> list[HandOver]:
        """Those that wait for open matters, the longest unlooked at first, locked."""
        found = await self._many(_WAITING, limit=limit)
        for each in found:
            await self._session.execute(_LOOKED, {"id": each.id, "now": now})
        return found

    async def _one(self, statement: Any, **values: object) -> HandOver:
        found = await self._first(statement, **values)
        if found is None:
            raise HandOverNotFound
        return found

    async def _first(self, statement: Any, **values: object) -> HandOver | None:
        row = (await self._session.execute(statement, values)).first()
        return _hand_over(row) if row else None

    async def _many(self, statement: Any, **values: object) -> list[HandOver]:
        rows: Sequence[Row[Any]] = (await self._session.execute(statement, values)).all()
        return [_hand_over(row) for row in rows]


def _hand_over(row: Row[Any]) -> HandOver:
    return HandOver(
        id=row.id,
        direction=Direction(row.direction),
        status=HandOverStatus(row.status),
        version=row.version,
        uscc=row.uscc,
        name=row.name,
        other_registrar=row.other_registrar,
        division_code=row.division_code,
        address=row.address,
        filing_id=row.filing_id,
        reference=row.reference,
        open_matters=_MATTERS.validate_json(row.open_matters),
        clock=ledger_from_primitives(row.clock),
        requested_at=row.requested_at,
        handed_over_at=row.handed_over_at,
        left_as=EnterpriseState(row.left_as) if row.left_as else None,
        paper_files_due_on=row.paper_files_due_on,
        paper_files_moved_on=row.paper_files_moved_on,
        refused=Refused(row.refusal_code, Wording(row.refusal_zh, row.refusal_en))
        if row.refusal_code
        else None,
    )

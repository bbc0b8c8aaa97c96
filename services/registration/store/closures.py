"""Decisions of authorities that ended an enterprise's business: rows to domain objects and back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.registration.domain.closure import Closure, Decision
from services.registration.domain.register_acts import RegisterAct

_COLUMNS: Final = """id, uscc, act, decision_no, decided_on, decided_by, basis, version, bars, entered_by, entered_at,
    restored_at"""
_ADD = text(f"""
    INSERT INTO closure ({_COLUMNS}) VALUES (:id, :uscc, :act, :decision_no, :decided_on, :decided_by, :basis,
        :version, CAST(:bars AS uuid[]), :entered_by, :entered_at, :restored_at)
""")  # noqa: S608 - constants of this module only, here and below
_OF = text(f"SELECT {_COLUMNS} FROM closure WHERE uscc = :uscc ORDER BY version DESC LIMIT 100")  # noqa: S608
_RESTORED = text("UPDATE closure SET restored_at = :at WHERE id = :id")


class ClosureStore:
    """Reads and writes in the caller's transaction; the enterprise is locked before they change."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, closure: Closure) -> None:
        """Write a decision down."""
        await self._session.execute(
            _ADD,
            {
                "id": closure.id,
                "uscc": closure.uscc,
                "act": closure.act.value,
                "decision_no": closure.decision.number,
                "decided_on": closure.decision.decided_on,
                "decided_by": closure.decision.decided_by,
                "basis": closure.decision.basis,
                "version": closure.version,
                "bars": list(closure.bars),
                "entered_by": closure.entered_by,
                "entered_at": closure.entered_at,
                "restored_at": closure.restored_at,
            },
        )

    async def of(self, uscc: str) -> Sequence[Closure]:
        """All against an enterprise, the newest first."""
        return [_closure(row) for row in (await self._session.execute(_OF, {"uscc": uscc})).all()]

    async def standing(self, uscc: str) -> Closure | None:
        """The newest that was not undone."""
        return next((each for each in await self.of(uscc) if each.restored_at is None), None)

    async def undone(self, closure_id: UUID, at: datetime) -> None:
        """It stands against nothing any more."""
        await self._session.execute(_RESTORED, {"id": closure_id, "at": at})


def _closure(row: Row[Any]) -> Closure:
    return Closure(
        id=row.id,
        uscc=row.uscc,
        act=RegisterAct(row.act),
        decision=Decision(row.decision_no, row.decided_on, row.decided_by, row.basis),
        version=row.version,
        bars=tuple(row.bars),
        entered_by=row.entered_by,
        entered_at=row.entered_at,
        restored_at=row.restored_at,
    )

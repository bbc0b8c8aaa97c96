"""Suspensions of business: rows to domain objects and back."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.registration.domain.suspension import (
    Suspension,
    SuspensionCause,
    SuspensionEnd,
    SuspensionState,
)

_COLUMNS = 'id, uscc, filing_id, cause, begins_on, until_on, state, ended_on, "end", papers_to'
_OF = text(
    f"SELECT {_COLUMNS} FROM suspension WHERE uscc = :uscc ORDER BY begins_on DESC, id LIMIT 100"  # noqa: S608 - constants only
)
_SAVE = text(f"""
    INSERT INTO suspension ({_COLUMNS})
    VALUES (:id, :uscc, :filing_id, :cause, :begins_on, :until_on, :state, :ended_on, :end, :papers_to)
    ON CONFLICT (id) DO UPDATE SET until_on = excluded.until_on, state = excluded.state,
        ended_on = excluded.ended_on, "end" = excluded."end", papers_to = excluded.papers_to
    WHERE suspension.uscc = excluded.uscc
""")  # noqa: S608
_TO_BEGIN = text("""
    SELECT uscc FROM suspension WHERE state = 'planned' AND begins_on <= :today ORDER BY begins_on, uscc LIMIT :limit
""")
_TO_EXPIRE = text("""
    SELECT uscc, until_on FROM suspension WHERE state = 'running' AND until_on < :today
    UNION ALL
    SELECT uscc, suspended_until FROM enterprise WHERE state = 'suspended' AND suspended_until < :today
        AND NOT EXISTS (SELECT FROM suspension WHERE uscc = enterprise.uscc AND state <> 'ended')
    ORDER BY until_on, uscc LIMIT :limit
""")


class SuspensionStore:
    """Reads and writes suspensions in the caller's transaction; the enterprise is locked before they change."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of(self, uscc: str) -> tuple[Suspension, ...]:
        """All of an enterprise, the newest first."""
        rows = (await self._session.execute(_OF, {"uscc": uscc})).all()
        return tuple(_suspension(row) for row in rows)

    async def save(self, suspension: Suspension) -> None:
        """Write it as it now stands."""
        await self._session.execute(_SAVE, asdict(suspension))

    async def to_begin(self, today: date, limit: int) -> Sequence[str]:
        """Enterprises whose suspension begins."""
        return (await self._session.scalars(_TO_BEGIN, {"today": today, "limit": limit})).all()

    async def to_expire(self, today: date, limit: int) -> Sequence[str]:
        """Enterprises whose suspension is over, also one that they came with."""
        return (await self._session.scalars(_TO_EXPIRE, {"today": today, "limit": limit})).all()


def _suspension(row: Row[Any]) -> Suspension:
    return Suspension(
        id=row.id,
        uscc=row.uscc,
        filing_id=row.filing_id,
        cause=SuspensionCause(row.cause),
        begins_on=row.begins_on,
        until_on=row.until_on,
        state=SuspensionState(row.state),
        ended_on=row.ended_on,
        end=SuspensionEnd(row.end) if row.end else None,
        papers_to=row.papers_to,
    )

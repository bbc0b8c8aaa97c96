"""Reads of the log of changes: what an enterprise was like, what changed after a position, the register as it stood.

Positions are read up to a bound below which every change has been committed or given up (see migration 0014): first
the last position given out, then who is still writing, then, in a later statement, the rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.registration.domain.enterprise import Enterprise, EnterpriseFile
from services.registration.domain.register_acts import RegisterAct
from services.registration.store.enterprises import SHOWN, enterprise_of
from services.registration.store.register_log import FILE

_WRITERS: Final = 1919510375  # 'regc', as in `announce_register_change`
_SPAN: Final = 2**31
_GIVEN_OUT: Final = text("""
    SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM register_change_position_seq
""")
_STILL_WRITING: Final = text("""
    SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND classid::bigint = :writers AND objsubid = 2
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
""")
# What was superseded first after a moment (a position) is what stood then; nothing superseded: what stands now.
_AT: Final = text("""
    SELECT before::text AS before FROM register_change WHERE uscc = :uscc AND at >= :moment ORDER BY version LIMIT 1
""")
_VERSION: Final = text("""
    SELECT before::text AS before FROM register_change WHERE uscc = :uscc AND version = :version + 1
""")
_VERSIONS: Final = text("""
    SELECT version, act, at, changed FROM register_change
    WHERE uscc = :uscc AND version < :before ORDER BY version DESC LIMIT :limit
""")
_MADE_STATE: Final = text("""
    SELECT act FROM register_change WHERE uscc = :uscc AND 'state' = ANY(changed) ORDER BY version DESC LIMIT 1
""")
_WAS_FILED: Final = text("""
    SELECT EXISTS (
        SELECT FROM register_change WHERE uscc = :uscc AND filing_id IS NOT NULL AND :field = ANY(changed))
""")
_CHANGES: Final = text("""
    SELECT position, uscc, version, act, at, changed FROM register_change
    WHERE position > :after AND position <= :bound ORDER BY position LIMIT :limit
""")
_ENTERPRISES: Final = text(f"SELECT {SHOWN} FROM enterprise WHERE uscc = ANY(CAST(:codes AS text[]))")  # noqa: S608
_STOOD: Final = text(f"""
    WITH page AS MATERIALIZED (
        SELECT {SHOWN} FROM enterprise WHERE uscc > :after AND (CAST(:until AS text) IS NULL OR uscc < :until)
        ORDER BY uscc LIMIT :limit
    )
    SELECT page.*, later.uscc IS NOT NULL AS is_superseded, later.before FROM page LEFT JOIN LATERAL (
        SELECT c.uscc, c.before::text AS before FROM register_change AS c
        WHERE c.uscc = page.uscc AND c.position > :position ORDER BY c.version LIMIT 1
    ) AS later ON true ORDER BY page.uscc
""")  # noqa: S608 - constants of this module only, here and above
_SENT: Final = text("SELECT coalesce(max(stream_sequence), 0) FROM outbox")
_UNSETTLED: Final = text("""
    SELECT min(o.stream_sequence) FROM register_change AS c
    JOIN outbox AS o ON o.aggregate = 'enterprise' AND o.subject = c.uscc AND o.recorded_at >= c.at
    WHERE c.position > :bound
""")


@dataclass(frozen=True)
class Change:
    """An entry of the log; `changed` names the fields."""

    position: int
    uscc: str
    version: int
    act: RegisterAct
    at: datetime
    changed: tuple[str, ...]


@dataclass(frozen=True)
class Version:
    """A version of an enterprise: by which act it came, and what was changed."""

    version: int
    act: RegisterAct
    at: datetime
    changed: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """A stretch of the register as it stood; `last` is the code to go on after, None at the end."""

    enterprises: tuple[Enterprise, ...]
    last: str | None


class RegisterChanges:
    """Reads in the caller's transaction, which must be READ COMMITTED."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def given_out(self) -> int:
        """The last position that was given to anybody."""
        given: int = (await self._session.execute(_GIVEN_OUT)).scalar_one()
        return given

    async def bound(self) -> int:
        """The highest position up to which nothing can come any more."""
        given = await self.given_out()
        writing = (await self._session.execute(_STILL_WRITING, {"writers": _WRITERS})).scalars()
        return min((given - (given - since) % _SPAN for since in writing), default=given)

    async def after(self, position: int, bound: int, limit: int) -> list[Change]:
        """The next changes, in the order of their positions."""
        values = {"after": position, "bound": bound, "limit": limit}
        rows = await self._session.execute(_CHANGES, values)
        return [
            Change(row.position, row.uscc, row.version, RegisterAct(row.act), row.at, tuple(row.changed))
            for row in rows
        ]

    async def enterprises(self, codes: Sequence[str]) -> dict[str, Enterprise]:
        """What the register says of these now."""
        rows = await self._session.execute(_ENTERPRISES, {"codes": list(codes)})
        return {row.uscc: enterprise_of(row) for row in rows}

    async def stood(self, position: int, after: str, until: str | None, limit: int) -> Page:
        """Enterprises by code, as they stood at a position: those that came later are passed over."""
        values = {"position": position, "after": after, "until": until, "limit": limit}
        rows = (await self._session.execute(_STOOD, values)).all()
        files = [_stood(row) for row in rows]
        last = rows[-1].uscc if len(rows) == limit else None
        return Page(tuple(one for one in files if one is not None), last)

    async def stream_position(self, bound: int) -> int:
        """The last event of the broker's stream that a reader who holds the register at `bound` need not see."""
        sent: int = (await self._session.execute(_SENT)).scalar_one()
        unsettled: int | None = (await self._session.execute(_UNSETTLED, {"bound": bound})).scalar_one()
        return sent if unsettled is None else min(sent, unsettled - 1)

    async def file_at(self, current: EnterpriseFile, moment: datetime) -> EnterpriseFile | None:
        """The enterprise with its people as it stood; None before it was registered."""
        named = {"uscc": current.enterprise.uscc, "moment": moment}
        return _superseded((await self._session.execute(_AT, named)).one_or_none(), current)

    async def file_version(self, current: EnterpriseFile, version: int) -> EnterpriseFile | None:
        """One version of the enterprise; None where there is none of the number."""
        if not 0 < version <= current.enterprise.version:
            return None
        named = {"uscc": current.enterprise.uscc, "version": version}
        return _superseded((await self._session.execute(_VERSION, named)).one_or_none(), current)

    async def made_state(self, uscc: str) -> RegisterAct | None:
        """The act that brought the enterprise into its state; None where it never had another."""
        act = (await self._session.execute(_MADE_STATE, {"uscc": uscc})).scalar_one_or_none()
        return RegisterAct(act) if act is not None else None

    async def was_filed(self, uscc: str, field: str) -> bool:
        """Whether a filing here changed the field."""
        found = await self._session.execute(_WAS_FILED, {"uscc": uscc, "field": field})
        return bool(found.scalar_one())

    async def versions(self, uscc: str, before: int, limit: int) -> list[Version]:
        """The versions below a number, newest first."""
        values = {"uscc": uscc, "before": before, "limit": limit}
        rows = await self._session.execute(_VERSIONS, values)
        return [Version(row.version, RegisterAct(row.act), row.at, tuple(row.changed)) for row in rows]


def _superseded(row: Row[Any] | None, current: EnterpriseFile) -> EnterpriseFile | None:
    if row is None:
        return current
    return None if row.before is None else FILE.validate_json(row.before)


def _stood(row: Row[Any]) -> Enterprise | None:
    if not row.is_superseded:
        return enterprise_of(row)
    return None if row.before is None else FILE.validate_json(row.before).enterprise

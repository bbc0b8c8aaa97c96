"""What is looked at after registration (登记后核查): rows to domain objects and back."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.registration.domain.errors import FollowUpNotFound
from services.registration.domain.follow_up import Finding, FollowUp
from shared.security.office import span_of

_COLUMNS: Final = """id, uscc, filing_id, rule, pointer, text_zh, text_en, division_code, noted_at, version, finding,
    remark, concluded_at, concluded_by"""
_ADD = text(f"""
    INSERT INTO follow_up ({_COLUMNS}) VALUES (:id, :uscc, :filing_id, :rule, :pointer, :text_zh, :text_en,
        :division_code, :noted_at, :version, :finding, :remark, :concluded_at, :concluded_by)
    ON CONFLICT (filing_id, rule, pointer) DO NOTHING
""")  # noqa: S608 - constants of this module only, here and below
_LOCK = text(f"SELECT {_COLUMNS} FROM follow_up WHERE id = :id FOR UPDATE")  # noqa: S608
_CONCLUDE = text("""
    UPDATE follow_up SET version = :version, finding = :finding, remark = :remark, concluded_at = :concluded_at,
        concluded_by = :concluded_by
    WHERE id = :id
""")
_OF = text(f"SELECT {_COLUMNS} FROM follow_up WHERE uscc = :uscc ORDER BY noted_at, id LIMIT 200")  # noqa: S608
_TAKE_OVER = text(f"""
    INSERT INTO follow_up ({_COLUMNS}) VALUES (:id, :uscc, :filing_id, :rule, :pointer, :text_zh, :text_en,
        :division_code, :noted_at, :version, :finding, :remark, :concluded_at, :concluded_by)
    ON CONFLICT (id) DO UPDATE SET division_code = excluded.division_code, version = excluded.version,
        finding = excluded.finding, remark = excluded.remark, concluded_at = excluded.concluded_at,
        concluded_by = excluded.concluded_by
    WHERE follow_up.uscc = excluded.uscc
""")  # noqa: S608
# Who moved away is looked at where it went; its rows wait in case it comes back.
_IS_HERE: Final = """NOT EXISTS (
    SELECT FROM enterprise AS e WHERE e.uscc = follow_up.uscc AND e.state = 'moved_out')"""


class FollowUpStore:
    """Reads and writes them in the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, noted: Iterable[FollowUp]) -> None:
        """Write down what is to be looked at."""
        rows = [_values(each) for each in noted]
        if rows:
            await self._session.execute(_ADD, rows)

    async def lock(self, follow_up_id: UUID) -> FollowUp:
        """Read for change. Raises: FollowUpNotFound."""
        row = (await self._session.execute(_LOCK, {"id": follow_up_id})).one_or_none()
        if row is None:
            raise FollowUpNotFound
        return _follow_up(row)

    async def conclude(self, concluded: FollowUp) -> None:
        """Write down what was found."""
        await self._session.execute(_CONCLUDE, _values(concluded))

    async def of_enterprise(self, uscc: str) -> Sequence[FollowUp]:
        """All of an enterprise, oldest first."""
        return [_follow_up(row) for row in await self._session.execute(_OF, {"uscc": uscc})]

    async def take_over(self, followed: Iterable[FollowUp]) -> None:
        """Go on with what another registrar was to look at, or has looked at."""
        rows = [_values(each) for each in followed]
        if rows:
            await self._session.execute(_TAKE_OVER, rows)

    async def waiting(
        self, region: str | None, rule: str | None, after: tuple[datetime, UUID] | None, limit: int
    ) -> Sequence[FollowUp]:
        """What nobody has looked at, oldest first; of a region and by a rule where named."""
        clauses, values = ["finding IS NULL", _IS_HERE], dict[str, object](limit=limit)
        if region is not None:
            clauses.append("division_code >= :first AND division_code < :end")
            values["first"], values["end"] = span_of(region)
        if rule is not None:
            clauses.append("rule = :rule")
            values["rule"] = rule
        if after is not None:
            clauses.append("(noted_at, id) > (:at, :id)")
            values["at"], values["id"] = after
        statement = f"""
            SELECT {_COLUMNS} FROM follow_up WHERE {" AND ".join(clauses)} ORDER BY noted_at, id LIMIT :limit
        """  # noqa: S608
        return [_follow_up(row) for row in await self._session.execute(text(statement), values)]


def _values(one: FollowUp) -> dict[str, object]:
    return {
        "id": one.id,
        "uscc": one.uscc,
        "filing_id": one.filing_id,
        "rule": one.rule,
        "pointer": one.pointer,
        "text_zh": one.text_zh,
        "text_en": one.text_en,
        "division_code": one.division_code,
        "noted_at": one.noted_at,
        "version": one.version,
        "finding": one.finding.value if one.finding else None,
        "remark": one.remark,
        "concluded_at": one.concluded_at,
        "concluded_by": one.concluded_by,
    }


def _follow_up(row: Row[Any]) -> FollowUp:
    return FollowUp(**dict(row._mapping) | {"finding": Finding(row.finding) if row.finding else None})

"""Counts of sharing by department, and the read model of calls by day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.catalogue.data.domain.figures import Period, SharingFigures
from gateway.catalogue.data.store.sharing_tables import CallRow
from shared.calendar import CHINA

_ENTRIES: Final = """
    SELECT r.owner_uscc AS agency, count(DISTINCT e.key) AS entries,
        count(DISTINCT e.key) FILTER (WHERE (r.content ->> 'fresh_until')::timestamptz <= :now) AS stale_entries
    FROM catalogue_resource r JOIN catalogue_entry e ON e.key = r.key
    WHERE e.status = 'published' AND e.effective_on <= :today GROUP BY r.owner_uscc
"""
_REQUESTS: Final = """
    SELECT owner_uscc AS agency, count(*) AS requests_received,
        count(answered_at) AS answered, count(*) FILTER (WHERE NOT is_late) AS answered_in_time,
        count(*) FILTER (WHERE status IN ('refused', 'upheld')) AS refused,
        count(*) FILTER (WHERE answered_at IS NULL AND overdue_at IS NOT NULL) AS overdue,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY answer_days) AS median_working_days
    FROM catalogue_request WHERE submitted_at >= :begin AND submitted_at < :end GROUP BY owner_uscc
"""
_REQUESTS_MADE: Final = """
    SELECT requester_uscc AS agency, count(*) AS requests_made
    FROM catalogue_request WHERE submitted_at >= :begin AND submitted_at < :end GROUP BY requester_uscc
"""
_CALLS: Final = """
    SELECT r.owner_uscc AS agency, sum(c.calls)::bigint AS calls, sum(c.allowed)::bigint AS calls_allowed
    FROM catalogue_call c JOIN catalogue_resource r ON r.key = c.resource
    WHERE c.on_day BETWEEN :first AND :last AND c.consumer_uscc <> r.owner_uscc GROUP BY r.owner_uscc
"""
_CALLS_MADE: Final = """
    SELECT c.consumer_uscc AS agency, sum(c.calls)::bigint AS calls_made
    FROM catalogue_call c JOIN catalogue_resource r ON r.key = c.resource
    WHERE c.on_day BETWEEN :first AND :last AND c.consumer_uscc <> r.owner_uscc GROUP BY c.consumer_uscc
"""
_RESPONSIBILITIES: Final = """
    SELECT provider_uscc AS agency, count(*) AS responsibilities,
        count(*) FILTER (WHERE status = 'assigned' AND due_on < :today) AS responsibilities_overdue
    FROM catalogue_need WHERE provider_uscc IS NOT NULL GROUP BY provider_uscc
"""
_CORRECTIONS: Final = """
    SELECT owner_uscc AS agency, count(*) AS corrections,
        count(*) FILTER (WHERE answered_at <= due_at) AS corrections_answered_in_time
    FROM catalogue_correction WHERE submitted_at >= :begin AND submitted_at < :end GROUP BY owner_uscc
"""
_ALL: Final = (
    _ENTRIES,
    _REQUESTS,
    _REQUESTS_MADE,
    _CALLS,
    _CALLS_MADE,
    _RESPONSIBILITIES,
    _CORRECTIONS,
)


@dataclass(frozen=True)
class Call:
    """An agency read a resource, or was refused."""

    resource: str
    consumer_uscc: str
    at: datetime
    is_allowed: bool


class FigureStore:
    """Counts what the other tables hold."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def count_call(self, call: Call) -> None:
        """Add one to the day's calls."""
        allowed = int(call.is_allowed)
        added = insert(CallRow).values(
            on_day=call.at.astimezone(CHINA).date(),
            resource=call.resource,
            consumer_uscc=call.consumer_uscc,
            calls=1,
            allowed=allowed,
        )
        await self._session.execute(
            added.on_conflict_do_update(
                index_elements=["on_day", "resource", "consumer_uscc"],
                set_={"calls": col(CallRow.calls) + 1, "allowed": col(CallRow.allowed) + allowed},
            )
        )

    async def of_departments(
        self, agencies: Iterable[str], period: Period, now: datetime
    ) -> list[SharingFigures]:
        """Return the figures of each agency named; all zero where nothing happened."""
        given = _parameters(period, now)
        found: dict[str, dict[str, Any]] = {agency: {} for agency in agencies}
        for statement in _ALL:
            named = {name: value for name, value in given.items() if f":{name}" in statement}
            for row in (await self._session.execute(text(statement), named)).mappings():
                if row["agency"] in found:
                    found[row["agency"]] |= _counted(dict(row))
        return [SharingFigures(agency, **counted) for agency, counted in found.items()]


def _parameters(period: Period, now: datetime) -> dict[str, date | datetime]:
    return {
        "first": period.first,
        "last": period.last,
        "begin": _midnight(period.first),
        "end": _midnight(period.last + timedelta(days=1)),
        "today": now.astimezone(CHINA).date(),
        "now": now,
    }


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), CHINA).astimezone(UTC)


def _counted(row: Mapping[str, Any]) -> dict[str, Any]:
    counted = {name: value for name, value in row.items() if name != "agency"}
    median = counted.get("median_working_days")
    if median is not None:
        counted["median_working_days"] = Decimal(str(median)).quantize(Decimal("0.01"))
    return counted

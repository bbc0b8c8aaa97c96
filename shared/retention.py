"""Purges personal data when its time is over, never a day earlier; what was purged leaves an entry.

Which records of a service end, and what of them is personal, is declared in the service's `store/retention.py`;
how long they are kept after their end is a rule of the region pack. Ids, dates and states stay, for figures and audit.
Source: 个人信息保护法 art. 19, 47; the count of years: 民法典 art. 201 to 203.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Final

from sqlalchemy import TextClause, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT

from shared.calendar import CHINA, add_months, local_date
from shared.database.unit_of_work import UnitOfWork
from shared.region.pack import RegionPack
from shared.region.retention import RecordKind
from shared.worker import Sweep

PURGED: Final = "***"
"""What stands where a personal value stood that may not be empty."""
_SECONDS: Final = 3600.0
_AT_ONCE: Final = 200
_ENTRIES: Final = """
    INSERT INTO purged_record (record, reference, kept_years, purged_at)
    SELECT :record, reference, :years, :at FROM unnest(:references) AS reference
"""


@dataclass(frozen=True)
class Purgeable:
    """Records of one kind. SQL: `ended` selects `reference` (as text) and `ended_at`; `purge` empties `:references`."""

    record: RecordKind
    ended: str
    purge: tuple[str, ...]


def ended_before(now: datetime, years: int) -> datetime:
    """Return the instant such that whatever ended before it has been kept for so many years, its last day included.

    Where the leap day makes the years end on different days, the later one is taken.
    """
    day = add_months(local_date(now), -12 * years)
    return datetime.combine(day, time.min, CHINA).astimezone(UTC)


async def purge_due(purgeable: Purgeable, region: RegionPack, uow: UnitOfWork, now: datetime) -> int:
    """Purge what is due, some at a time, each with an entry; returns how many."""
    years = region.retention_of(purgeable.record).years
    due = text(
        f"SELECT reference FROM ({purgeable.ended}) AS ended WHERE ended_at < :before AND NOT EXISTS"  # noqa: S608 - constants of the code
        " (SELECT FROM purged_record AS p WHERE p.record = :record AND p.reference = ended.reference)"
        " ORDER BY ended_at LIMIT :most"
    )
    values = {"before": ended_before(now, years), "record": purgeable.record.value, "most": _AT_ONCE}
    references = (await uow.session.scalars(due, values)).all()
    if references:
        entry = {"record": purgeable.record.value, "years": years, "at": now}
        await uow.session.execute(_of_references(_ENTRIES), {"references": references, **entry})
        for statement in purgeable.purge:
            await uow.session.execute(_of_references(statement), {"references": references})
    return len(references)


def purge_sweep(purgeable: Purgeable, region: RegionPack) -> Sweep:
    """Purge what is due every hour. Raises: NotInRegionPack where the city has no rule: the worker does not start."""
    region.retention_of(purgeable.record)

    async def run(uow: UnitOfWork) -> int:
        return await purge_due(purgeable, region, uow, uow.now)

    return Sweep(f"purge_{purgeable.record.value}", _SECONDS, run)


def _of_references(statement: str) -> TextClause:
    return text(statement).bindparams(bindparam("references", type_=ARRAY(TEXT)))

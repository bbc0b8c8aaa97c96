"""Counts behind the hotline's figures, per agency and period."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.hotline.domain.figures import AgencyCounts
from services.hotline.domain.ticket import Nature
from services.hotline.store.tables import TICKET
from shared.database.regions import in_region

_T = TICKET.c


@dataclass(frozen=True)
class Period:
    """Tickets received from `begin` until before `end`."""

    begin: datetime
    end: datetime


async def count_by_agency(
    session: AsyncSession, period: Period, *, agency: str | None, region: str | None
) -> list[AgencyCounts]:
    """Count the dispatched tickets of a period by the unit that has them, in order of credit code.

    Only those of an agency, or of a region with all divisions inside, where one is given.
    """
    answered = _T.replied_at.is_not(None)
    rated = _T.rated_at.is_not(None) & (_T.nature == Nature.SERVICE)
    query = (
        select(
            _T.agency_uscc,
            func.count().label("dispatched"),
            func.count().filter(answered).label("answered"),
            func.count().filter(answered & _T.is_reply_on_time).label("on_time"),
            func.count().filter(rated).label("rated"),
            func.count().filter(rated & (_T.rating_score >= 3)).label("satisfied"),
        )
        .where(_T.agency_uscc.is_not(None), _T.received_at >= period.begin, _T.received_at < period.end)
        .group_by(_T.agency_uscc)
        .order_by(_T.agency_uscc)
    )
    if agency is not None:
        query = query.where(_T.agency_uscc == agency)
    if region is not None:
        query = query.where(in_region(_T.place_code, region))
    rows = await session.execute(query)
    return [AgencyCounts(**row) for row in rows.mappings()]

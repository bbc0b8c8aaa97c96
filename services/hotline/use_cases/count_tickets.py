"""The hotline's figures for a period: completion, on time, satisfaction (HOT-13)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from services.hotline.domain.access import Viewer
from services.hotline.domain.desk import DeskRules
from services.hotline.domain.figures import AgencyCounts
from services.hotline.store.figures import Period, count_by_agency
from shared.calendar import CHINA
from shared.database.unit_of_work import UnitOfWork


@dataclass(eq=False)
class FiguresAreForAgencies(Exception):
    """Figures are read by the centre, and by an agency its own."""


async def count_tickets(
    begin: date, end: date, caller: Viewer, uow: UnitOfWork, rules: DeskRules
) -> list[AgencyCounts]:
    """Count tickets received from `begin` to `end`, both included, civil days of China."""
    if caller.agency is None:
        raise FiguresAreForAgencies
    agency = None if caller.agency == rules.centre_uscc else caller.agency
    period = Period(_midnight(begin), _midnight(end + timedelta(days=1)))
    region = rules.narrowing(caller.office)
    return await count_by_agency(uow.session, period, agency=agency, region=region)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), CHINA).astimezone(UTC)

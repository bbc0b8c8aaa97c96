"""What sharing of each department amounts to (共享成效统计), open to everybody."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Final, Self

from fastapi import APIRouter, Query
from pydantic import Field

from gateway.catalogue.data.api.dependencies import Patience, RegionInUse
from gateway.catalogue.data.domain.figures import Period, Share, SharingFigures
from gateway.catalogue.data.use_cases.sharing_figures import sharing_figures
from shared.calendar import local_date
from shared.region import RegionPack
from shared.security.access import public
from shared.web.fields import CivilDate, ResponseModel
from shared.web.routes import InTransaction, Now, ServiceRoute, invalid

router = APIRouter(prefix="/catalogue/v1/statistics", route_class=ServiceRoute, tags=["catalogue"])
OPEN = public("how departments share is measured in public (DS-23, NFR-16, NFR-22)")
USUAL_DAYS: Final = 30
LONGEST: Final = timedelta(days=731)


class ShareOut(ResponseModel):
    """So many of so many; `value` is null where there is nothing to divide by."""

    numerator: int
    denominator: int
    value: Decimal | None

    @classmethod
    def of(cls, numerator: int, denominator: int) -> Self:
        """Shape a share."""
        share = Share(numerator, denominator)
        return cls(numerator=numerator, denominator=denominator, value=share.value)


class DepartmentOut(ResponseModel):
    """A department as the owner of data, but for requests and calls made."""

    agency_uscc: str
    agency_name_zh: str
    agency_name_en: str
    entries: int
    fresh_entries: Annotated[ShareOut, Field(description="Entries within their update cycle")]
    requests_received: int
    requests_made: int
    answered: ShareOut
    answered_in_time: ShareOut
    refused: ShareOut
    overdue: ShareOut
    median_working_days: Decimal | None
    calls_received: int
    calls_made: int
    call_success: ShareOut
    responsibilities_overdue: ShareOut
    corrections_in_time: ShareOut
    connected_systems: ShareOut

    @classmethod
    def of(cls, figures: SharingFigures, region: RegionPack) -> Self:
        """Shape a department's figures."""
        agency = region.agency_by_uscc(figures.agency_uscc)
        each = figures
        return cls(
            agency_uscc=each.agency_uscc,
            agency_name_zh=agency.name.zh if agency else each.agency_uscc,
            agency_name_en=agency.name.en if agency else each.agency_uscc,
            entries=each.entries,
            fresh_entries=ShareOut.of(each.entries - each.stale_entries, each.entries),
            requests_received=each.requests_received,
            requests_made=each.requests_made,
            answered=ShareOut.of(each.answered, each.requests_received),
            answered_in_time=ShareOut.of(each.answered_in_time, each.answered),
            refused=ShareOut.of(each.refused, each.answered),
            overdue=ShareOut.of(each.overdue, each.requests_received),
            median_working_days=each.median_working_days,
            calls_received=each.calls,
            calls_made=each.calls_made,
            call_success=ShareOut.of(each.calls_allowed, each.calls),
            responsibilities_overdue=ShareOut.of(each.responsibilities_overdue, each.responsibilities),
            corrections_in_time=ShareOut.of(each.corrections_answered_in_time, each.corrections),
            connected_systems=ShareOut.of(each.systems_connected, each.systems),
        )


class StatisticsOut(ResponseModel):
    """Figures of a period by department."""

    first: date
    last: date
    departments: list[DepartmentOut]


@router.get("", dependencies=[OPEN], summary="Figures of sharing by department (共享成效统计)")
async def show_statistics(
    region: RegionInUse,
    patience: Patience,
    uow: InTransaction,
    now: Now,
    first: Annotated[
        CivilDate | None, Query(description="First day; 30 days before the last, unless given")
    ] = None,
    last: Annotated[CivilDate | None, Query(description="Last day, today unless given")] = None,
) -> StatisticsOut:
    """Count what began in the period; entries, responsibilities and systems as they stand now."""
    until = last or local_date(now)
    since = first or until - timedelta(days=USUAL_DAYS)
    if not timedelta() <= until - since <= LONGEST:
        raise invalid("query:first", "invalid")
    figures = await sharing_figures(Period(since, until), patience, region, uow, now)
    departments = [DepartmentOut.of(each, region) for each in figures]
    return StatisticsOut(first=since, last=until, departments=departments)

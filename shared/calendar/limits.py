"""Time limits (办理时限) with their unit, and when one that starts now runs out."""

import calendar as months
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from shared.calendar.days import DueInstant, WorkingCalendar, local_date

MAX_VALUE: Final = 36_600


class LimitUnit(StrEnum):
    """Units of limits: "day" in one plan is a working day, in another a calendar day, so each limit says which."""

    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"
    HOUR = "hour"
    MONTH = "month"
    YEAR = "year"
    IMMEDIATE = "immediate"


_MAY_BE_FRACTIONAL: Final = (LimitUnit.WORKING_DAY, LimitUnit.HOUR)


@dataclass(eq=False)
class InvalidLimit(ValueError):
    """The value does not go with the unit."""

    value: Decimal
    unit: LimitUnit

    def __str__(self) -> str:
        return f"{self.value} is no limit in the unit {self.unit.value}"


@dataclass(frozen=True)
class Limit:
    """How long something may take. `immediate` has the value 0, all others more; only working days and hours divide."""

    value: Decimal
    unit: LimitUnit

    def __post_init__(self) -> None:
        if self.unit is LimitUnit.IMMEDIATE:
            is_sound = self.value == 0
        else:
            is_sound = self.value.is_finite() and 0 < self.value <= MAX_VALUE
            is_sound = is_sound and (self.unit in _MAY_BE_FRACTIONAL or self.is_whole)
        if not is_sound:
            raise InvalidLimit(self.value, self.unit)

    @property
    def is_whole(self) -> bool:
        """Whether the value is a whole number."""
        return self.value == self.value.to_integral_value()

    @property
    def ends_with_the_office(self) -> bool:
        """Whether it is counted in whole days, months or years, and so ends at close of office."""
        return self.is_whole and self.unit not in (LimitUnit.HOUR, LimitUnit.IMMEDIATE)


def due(limit: Limit, start: datetime, calendar: WorkingCalendar) -> DueInstant:
    """Return when a limit that begins at `start` runs out.

    * whole working days: at close of office on that working day, the day of `start` being day 0;
    * fractional working days: when that much office time has passed;
    * calendar days, months, years: at close of office on the last day; a last day on which offices are shut moves
      to the next working day;
    * hours: by the clock, day and night; immediate (当场办结): at `start` itself.

    Raises ValueError when `start` has no zone.
    Source: 行政许可法 art. 82; 民法典 arts. 201-203 (first day not counted, month's end, holidays, office hours).
    """
    begins_on = local_date(start)
    match limit.unit:
        case LimitUnit.IMMEDIATE:
            return DueInstant(start.astimezone(UTC), provisional=False)
        case LimitUnit.HOUR:
            seconds = int((limit.value * 3600).to_integral_value())
            return DueInstant(start.astimezone(UTC) + timedelta(seconds=seconds), provisional=False)
        case LimitUnit.WORKING_DAY if not limit.is_whole:
            return calendar.add_working_time(start, days=limit.value)
        case LimitUnit.WORKING_DAY:
            last = calendar.add_working_days(begins_on, int(limit.value))
            return DueInstant(calendar.close_of_office(last.on), last.provisional)
        case LimitUnit.CALENDAR_DAY:
            return end_of_day(begins_on + timedelta(days=int(limit.value)), calendar)
        case LimitUnit.MONTH:
            return end_of_day(add_months(begins_on, int(limit.value)), calendar)
        case LimitUnit.YEAR:
            return end_of_day(add_months(begins_on, 12 * int(limit.value)), calendar)


def end_of_day(last: date, calendar: WorkingCalendar) -> DueInstant:
    """Return close of office on `last`, or on the next working day when offices are shut (民法典 art. 203)."""
    working = calendar.next_working_day(last)
    return DueInstant(calendar.close_of_office(working.on), working.provisional)


def add_months(start: date, count: int) -> date:
    """Return the same day `count` months later, or that month's last day where it has no such day.

    No regard to holidays. Source: 民法典 art. 202.
    """
    year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    return date(year, month + 1, min(start.day, months.monthrange(year, month + 1)[1]))

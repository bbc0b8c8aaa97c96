"""Time limits (办理时限) with their unit, and when they run out, pauses and extensions included."""

import calendar as months
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from shared.calendar.days import DueInstant, WorkingCalendar, local_date

MAX_VALUE: Final = 36_600
_ONE_DAY: Final = timedelta(days=1)


class LimitUnit(StrEnum):
    """Units of limits: 天 is a working day in one plan, a calendar day in another, so each says which."""

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
    """How long something may take: `immediate` is 0, others more; only working days and hours divide."""

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


@dataclass(frozen=True)
class Pause:
    """A stretch in which the clock stood still."""

    begin: datetime
    end: datetime


def due(limit: Limit, start: datetime, calendar: WorkingCalendar) -> DueInstant:
    """Return when a limit that begins at `start` runs out.

    * whole working days: at close of office on that working day, the day of `start` being day 0;
    * fractional working days: when that much office time has passed;
    * calendar days, months, years: at close of office on the last day; a last day on which offices are
      shut moves to the next working day;
    * hours: by the clock, day and night; immediate (当场办结): at `start` itself.

    Raises ValueError when `start` has no zone.
    Source: 行政许可法 art. 82; 民法典 arts. 201-203 (first day, month's end, holidays, office hours).
    """
    return due_with_pauses(limit, (), start, (), calendar)


def due_with_pauses(
    limit: Limit,
    extensions: Sequence[Limit],
    start: datetime,
    pauses: Sequence[Pause],
    calendar: WorkingCalendar,
) -> DueInstant:
    """Return when the time runs out; extensions are in the limit's unit, pauses in order and apart.

    Limits in office time or hours get back exactly the time of the pauses. Limits in whole days get back one
    day for each on which offices closed while the clock stood still, so that the day of a pause is not
    counted, the day on which it ends is, and the time still ends with the office.
    Raises ValueError when `start` has no zone.
    """
    local_date(start)  # refuses a moment without zone
    if limit.unit is LimitUnit.IMMEDIATE:
        return DueInstant(start.astimezone(UTC), provisional=False)
    if limit.ends_with_the_office:
        return _due_in_days(limit, extensions, start, pauses, calendar)
    return _due_in_time(limit, extensions, start, pauses, calendar)


def _due_in_time(
    limit: Limit,
    extensions: Sequence[Limit],
    start: datetime,
    pauses: Sequence[Pause],
    calendar: WorkingCalendar,
) -> DueInstant:
    total = limit.value + sum(extension.value for extension in extensions)
    by_the_clock = limit.unit is LimitUnit.HOUR
    left = (
        timedelta(seconds=int((total * 3600).to_integral_value()))
        if by_the_clock
        else calendar.working_time(total)
    )
    position = start
    for pause in pauses:
        ran = pause.begin - position if by_the_clock else calendar.working_time_between(position, pause.begin)
        if ran >= left:
            break
        left -= ran
        position = pause.end
    if by_the_clock:
        return DueInstant((position + left).astimezone(UTC), provisional=False)
    ends = calendar.add_office_time(position, left).at
    return DueInstant(ends, calendar.is_provisional(local_date(start), local_date(ends)))


def _due_in_days(
    limit: Limit,
    extensions: Sequence[Limit],
    start: datetime,
    pauses: Sequence[Pause],
    calendar: WorkingCalendar,
) -> DueInstant:
    first = local_date(start)
    total = int(limit.value + sum(extension.value for extension in extensions))
    last = _last_day(limit.unit, first, total, calendar)
    ends = _close(limit.unit, first, last, calendar)
    for pause in pauses:
        if pause.begin >= ends.at:
            break
        lost = _closings(limit.unit, first, pause, calendar)
        if limit.unit is LimitUnit.WORKING_DAY:
            last = calendar.add_working_days(last, lost).on
        else:
            last += lost * _ONE_DAY
        ends = _close(limit.unit, first, last, calendar)
    return ends


def _last_day(unit: LimitUnit, first: date, total: int, calendar: WorkingCalendar) -> date:
    if unit is LimitUnit.WORKING_DAY:
        return calendar.add_working_days(first, total).on
    if unit is LimitUnit.CALENDAR_DAY:
        return first + total * _ONE_DAY
    return add_months(first, total * (12 if unit is LimitUnit.YEAR else 1))


def _close(unit: LimitUnit, first: date, last: date, calendar: WorkingCalendar) -> DueInstant:
    if unit is LimitUnit.WORKING_DAY:
        return DueInstant(calendar.close_of_office(last), calendar.is_provisional(first, last))
    return end_of_day(last, calendar)


def _closings(unit: LimitUnit, first: date, pause: Pause, calendar: WorkingCalendar) -> int:
    begins, ends = local_date(pause.begin), local_date(pause.end)
    days = (begins + ahead * _ONE_DAY for ahead in range((ends - begins).days + 1))
    return sum(
        pause.begin < calendar.close_of_office(day) <= pause.end
        and day > first
        and (unit is not LimitUnit.WORKING_DAY or calendar.is_working_day(day))
        for day in days
    )


def end_of_day(last: date, calendar: WorkingCalendar) -> DueInstant:
    """Return close of office on `last`, or on the next working day if offices are shut (民法典 art. 203)."""
    working = calendar.next_working_day(last)
    return DueInstant(calendar.close_of_office(working.on), working.provisional)


def add_months(start: date, count: int) -> date:
    """Return the same day `count` months later, or that month's last day where it has no such day.

    No regard to holidays. Source: 民法典 art. 202.
    """
    year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    return date(year, month + 1, min(start.day, months.monthrange(year, month + 1)[1]))

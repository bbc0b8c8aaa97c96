"""When a limit with extensions runs out, given the pauses that its clock stood still."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from shared.calendar.days import DueInstant, WorkingCalendar, local_date
from shared.calendar.limits import Limit, LimitUnit, add_months, end_of_day

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Pause:
    """A stretch in which the clock stood still."""

    begin: datetime
    end: datetime


def due_with_pauses(
    limit: Limit,
    extensions: Sequence[Limit],
    start: datetime,
    pauses: Sequence[Pause],
    calendar: WorkingCalendar,
) -> DueInstant:
    """Return when the time runs out; extensions are in the limit's unit, pauses in order and apart.

    Limits in office time or hours get back exactly the time of the pauses. Limits in whole days get back one day
    for each day on which offices closed while the clock stood still, so that the day of a pause is not counted,
    the day on which it ends is, and the time still ends with the office.
    """
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

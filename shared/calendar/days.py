"""Working days and working time (工作日、工作时间): statutory holidays, swapped days (调休), office hours.

Source of the days: the State Council's yearly notice (国务院办公厅关于部分节假日安排的通知), as carried by
the `chinesecalendar` library. A year without notice is answered by plain weekdays and marked `provisional`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Final, Self

from chinese_calendar.constants import holidays, workdays

# One zone for the whole country and no summer time since 1991, so a fixed offset needs no zone files.
CHINA: Final = timezone(timedelta(hours=8), "Asia/Shanghai")

MAX_DAYS: Final = 36_600
_ONE_DAY: Final = timedelta(days=1)
_MICROSECOND: Final = timedelta(microseconds=1)
_SATURDAY: Final = 5


@dataclass(frozen=True)
class OfficeSpan:
    """A stretch of office time within one day, by the wall clock of China."""

    opens: time
    closes: time

    def __post_init__(self) -> None:
        if self.opens.tzinfo or self.closes.tzinfo or self.opens >= self.closes:
            raise ValueError("an office span opens before it closes, on a clock without zone")


DEFAULT_OFFICE_HOURS: Final = (OfficeSpan(time(8, 30), time(12)), OfficeSpan(time(14, 30), time(18)))


@dataclass(frozen=True)
class DueDate:
    """A civil day; provisional when a year without published holidays had a part in it."""

    on: date
    provisional: bool


@dataclass(frozen=True)
class DueInstant:
    """A moment in UTC; provisional when a year without published holidays had a part in it."""

    at: datetime
    provisional: bool


@dataclass(frozen=True)
class WorkingCalendar:
    """The working days of the country, less local closures, with the region's office hours."""

    published_years: frozenset[int]
    days_off: frozenset[date]
    swapped_days: frozenset[date]
    local_closures: frozenset[date] = frozenset()
    office_hours: tuple[OfficeSpan, ...] = DEFAULT_OFFICE_HOURS

    def __post_init__(self) -> None:
        if not self.office_hours:
            raise ValueError("an office has hours")
        for earlier, later in zip(self.office_hours, self.office_hours[1:], strict=False):
            if earlier.closes > later.opens:
                raise ValueError("office spans follow one another without overlap")

    @classmethod
    def national(
        cls,
        *,
        local_closures: frozenset[date] = frozenset(),
        office_hours: tuple[OfficeSpan, ...] = DEFAULT_OFFICE_HOURS,
    ) -> Self:
        """Build it from the published years; a year counts as published when its National Day is known."""
        published = frozenset(day.year for day in holidays if (day.month, day.day) == (10, 1))
        return cls(published, frozenset(holidays), frozenset(workdays), local_closures, office_hours)

    @property
    def working_day_length(self) -> timedelta:
        """Sum of office hours: what one working day is in time."""
        today = date.min
        spans = (
            datetime.combine(today, s.closes) - datetime.combine(today, s.opens) for s in self.office_hours
        )
        return sum(spans, timedelta())

    def is_published(self, year: int) -> bool:
        """Tell whether the year's holidays have been announced."""
        return year in self.published_years

    def is_working_day(self, day: date) -> bool:
        """Tell whether offices work on `day`; only as good as weekdays where its year is not published."""
        if day in self.local_closures:
            return False
        if self.is_published(day.year):
            return day in self.swapped_days or (day.weekday() < _SATURDAY and day not in self.days_off)
        return day.weekday() < _SATURDAY

    def next_working_day(self, day: date) -> DueDate:
        """Return `day` if offices work on it, else the first day after on which they do."""
        candidate = day
        while not self.is_working_day(candidate):
            candidate += _ONE_DAY
        return DueDate(candidate, self.is_provisional(day, candidate))

    def add_working_days(self, start: date, days: int) -> DueDate:
        """Return the working day `days` after `start`; `start` is day 0, whether or not a working day.

        Raises ValueError when `days` is negative or beyond a century.
        Source: 行政许可法 art. 82 (limits in 工作日, statutory holidays not counted).
        """
        if not 0 <= days <= MAX_DAYS:
            raise ValueError(f"days must be between 0 and {MAX_DAYS}")
        day = start
        left = days
        while left:
            day += _ONE_DAY
            left -= self.is_working_day(day)
        return DueDate(day, self.is_provisional(start, day))

    def working_time(self, days: Decimal) -> timedelta:
        """Turn working days into office time: 0.5 is half the office hours of a day."""
        return _MICROSECOND * int((days * (self.working_day_length // _MICROSECOND)).to_integral_value())

    def add_working_time(
        self, start: datetime, *, days: Decimal = Decimal(0), hours: Decimal = Decimal(0)
    ) -> DueInstant:
        """Return the moment when that much office time has passed since `start`.

        Time outside office hours does not count, and time that ends with the office ends there, not when the
        office opens again. Nothing to add gives `start`. Raises ValueError when negative, too long, or when
        `start` has no zone.
        """
        extra = _MICROSECOND * int((hours * 3_600_000_000).to_integral_value())
        return self.add_office_time(start, self.working_time(days) + extra)

    def add_office_time(self, start: datetime, amount: timedelta) -> DueInstant:
        """Like `add_working_time`, with the office time given as it is measured."""
        moment = local(start)
        if not timedelta() <= amount <= self.working_day_length * MAX_DAYS:
            raise ValueError(f"office time must be between 0 and {MAX_DAYS} working days")
        first = moment.date()
        left = amount
        day = first
        while left:
            for opens, closes in self.spans_on(day):
                begins = max(moment, opens)
                room = closes - begins
                if room >= left:
                    moment, left = begins + left, timedelta()
                    break
                if room > timedelta():
                    left -= room
            day += _ONE_DAY
        return DueInstant(moment.astimezone(UTC), self.is_provisional(first, moment.date()))

    def working_time_between(self, begin: datetime, end: datetime) -> timedelta:
        """Measure the office time from `begin` to `end`; negative when `end` is earlier."""
        if end < begin:
            return -self.working_time_between(end, begin)
        first, last = local(begin), local(end)
        total = timedelta()
        for ahead in range((last.date() - first.date()).days + 1):
            for opens, closes in self.spans_on(first.date() + timedelta(days=ahead)):
                total += max(timedelta(), min(last, closes) - max(first, opens))
        return total

    def close_of_office(self, day: date) -> datetime:
        """Return the moment (UTC) at which offices close on `day`, were it a working day."""
        return datetime.combine(day, self.office_hours[-1].closes, CHINA).astimezone(UTC)

    def spans_on(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """Yield the office spans of `day` in order; none when offices are shut."""
        if self.is_working_day(day):
            for span in self.office_hours:
                yield datetime.combine(day, span.opens, CHINA), datetime.combine(day, span.closes, CHINA)

    def is_provisional(self, first: date, last: date) -> bool:
        """Tell whether a year from `first` to `last` has no published holidays yet."""
        return any(not self.is_published(year) for year in range(first.year, last.year + 1))


def local(moment: datetime) -> datetime:
    """Return the moment on China's wall clock; raises ValueError without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(CHINA)


def local_date(moment: datetime) -> date:
    """Return the civil day in China at that moment; raises ValueError without a zone."""
    return local(moment).date()

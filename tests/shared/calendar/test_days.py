"""Working days and office time at their boundaries."""

import csv
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.calendar import CHINA, DueDate, OfficeSpan, WorkingCalendar

CALENDAR = WorkingCalendar.national()
EXCEPTIONS = {
    date.fromisoformat(row["date"]): row["kind"] == "work"
    for row in csv.DictReader(
        (Path(__file__).parent / "workday-exceptions.csv").open(encoding="utf-8", newline="")
    )
}
DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2027, 6, 30), timezones=st.just(CHINA))  # noqa: DTZ001
AMOUNTS = st.integers(0, 60 * 7 * 12).map(lambda minutes: timedelta(minutes=minutes))


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def test_every_day_of_the_published_years_agrees_with_the_state_councils_notices() -> None:
    days = [date(2024, 1, 1) + timedelta(days=ahead) for ahead in range(366 + 365 + 365)]

    for day in days:
        assert CALENDAR.is_working_day(day) is EXCEPTIONS.get(day, day.weekday() < 5), day


@pytest.mark.parametrize(
    ("start", "days", "expected", "provisional"),
    [
        ("2026-09-30", 1, "2026-10-08", False),  # National Day
        ("2026-10-09", 1, "2026-10-10", False),  # a swapped Saturday
        ("2026-01-02", 1, "2026-01-04", False),  # a swapped Sunday after New Year
        ("2026-02-13", 1, "2026-02-14", False),  # swapped before Spring Festival
        ("2026-02-14", 1, "2026-02-24", False),
        ("2026-11-21", 0, "2026-11-21", False),  # day 0 is the start, working or not
        ("2026-11-21", 1, "2026-11-23", False),
        ("2026-12-30", 1, "2026-12-31", False),
        ("2026-12-31", 1, "2027-01-01", True),  # 2027 is not published: a plain Friday
        ("2027-10-01", 1, "2027-10-04", True),
        ("2025-12-31", 1, "2026-01-04", False),
    ],
)
def test_working_days_are_counted_over_holidays_and_swaps(
    start: str, days: int, expected: str, provisional: bool
) -> None:
    due = CALENDAR.add_working_days(date.fromisoformat(start), days)

    assert due == DueDate(date.fromisoformat(expected), provisional)


def test_years_after_the_last_notice_are_not_published() -> None:
    assert CALENDAR.is_published(2026)
    assert not CALENDAR.is_published(2027)
    assert CALENDAR.is_working_day(date(2027, 10, 1))
    assert not CALENDAR.is_working_day(date(2027, 10, 2))


def test_a_local_closure_is_no_working_day_even_when_swapped() -> None:
    closed = WorkingCalendar.national(local_closures=frozenset({date(2026, 10, 10), date(2026, 10, 12)}))

    due = closed.add_working_days(date(2026, 10, 9), 1)

    assert due.on == date(2026, 10, 13)


@given(DAYS, st.integers(1, 300))
def test_the_nth_working_day_is_one_and_lies_behind_exactly_n(start: date, days: int) -> None:
    due = CALENDAR.add_working_days(start, days)
    passed = [start + timedelta(days=ahead) for ahead in range(1, (due.on - start).days + 1)]

    assert CALENDAR.is_working_day(due.on)
    assert sum(CALENDAR.is_working_day(day) for day in passed) == days
    assert due.provisional is (start.year > 2026 or due.on.year > 2026)


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        (
            "2026-11-20T08:30",
            "0.5",
            "2026-11-20T12:00",
        ),  # ends with the morning, not when the office opens again
        ("2026-11-20T10:00", "0.5", "2026-11-20T16:00"),  # over lunch
        ("2026-11-20T13:00", "0.5", "2026-11-20T18:00"),
        ("2026-11-20T16:00", "0.5", "2026-11-23T10:00"),  # over the weekend
        ("2026-11-20T20:00", "0.5", "2026-11-23T12:00"),
        ("2026-11-21T09:00", "0.5", "2026-11-23T12:00"),
        ("2026-10-09T16:00", "0.5", "2026-10-10T10:00"),  # into a swapped Saturday
        ("2026-09-30T16:00", "1.5", "2026-10-09T10:00"),  # over National Day
        ("2026-11-20T08:30", "0", "2026-11-20T08:30"),
    ],
)
def test_office_time_runs_only_while_offices_work(start: str, days: str, expected: str) -> None:
    due = CALENDAR.add_working_time(_at(start), days=Decimal(days))

    assert due.at == _at(expected)
    assert due.at.tzinfo is UTC
    assert not due.provisional


def test_office_time_into_an_unpublished_year_is_provisional() -> None:
    due = CALENDAR.add_working_time(_at("2026-12-31T16:00"), days=Decimal("0.5"))

    assert due.at == _at("2027-01-01T10:00")
    assert due.provisional


@given(MOMENTS, AMOUNTS)
def test_office_time_added_is_the_office_time_between(start: datetime, amount: timedelta) -> None:
    due = CALENDAR.add_office_time(start, amount)

    assert CALENDAR.working_time_between(start, due.at) == amount


@given(MOMENTS, MOMENTS, MOMENTS)
def test_office_time_adds_up_and_turns_its_sign(first: datetime, second: datetime, third: datetime) -> None:
    parts = CALENDAR.working_time_between(first, second) + CALENDAR.working_time_between(second, third)

    assert parts == CALENDAR.working_time_between(first, third)
    assert CALENDAR.working_time_between(second, first) == -CALENDAR.working_time_between(first, second)


def test_half_a_day_follows_the_regions_own_office_hours() -> None:
    summer = WorkingCalendar.national(
        office_hours=(OfficeSpan(time(8), time(12)), OfficeSpan(time(15), time(18, 30)))
    )

    due = summer.add_working_time(_at("2026-11-20T08:00"), days=Decimal("0.5"))

    assert summer.working_day_length == timedelta(hours=7, minutes=30)
    assert due.at == _at("2026-11-20T11:45")


def test_senseless_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        CALENDAR.add_working_time(datetime(2026, 11, 20, 9), days=Decimal(1))  # noqa: DTZ001
    with pytest.raises(ValueError, match="between"):
        CALENDAR.add_working_days(date(2026, 11, 20), -1)
    with pytest.raises(ValueError, match="between"):
        CALENDAR.add_working_time(_at("2026-11-20T09:00"), days=Decimal(-1))
    with pytest.raises(ValueError, match="opens before"):
        OfficeSpan(time(12), time(8))
    with pytest.raises(ValueError, match="overlap"):
        WorkingCalendar.national(office_hours=(OfficeSpan(time(8), time(12)), OfficeSpan(time(11), time(18))))

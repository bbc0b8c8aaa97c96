"""How long is long enough: never a day too short, and not longer than the leap day makes it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.calendar import CHINA, add_months, local_date
from shared.region import load_region_pack
from shared.region.retention import RecordKind
from shared.retention import ended_before
from tests.support.service import REGION_PACK

MOMENTS = st.integers(631_152_000, 4_102_444_800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@pytest.mark.parametrize(
    ("ended", "years", "last_day"),
    [
        (date(2026, 3, 2), 3, date(2029, 3, 2)),
        (date(2024, 2, 29), 1, date(2025, 2, 28)),
        (date(2026, 12, 31), 10, date(2036, 12, 31)),
    ],
)
def test_a_record_is_kept_until_the_end_of_its_last_day(ended: date, years: int, last_day: date) -> None:
    late_that_day = datetime(ended.year, ended.month, ended.day, 23, 59, 59, tzinfo=CHINA)
    midnight = datetime(last_day.year, last_day.month, last_day.day, tzinfo=CHINA) + timedelta(days=1)

    assert not late_that_day < ended_before(midnight - timedelta(microseconds=1), years)
    assert late_that_day < ended_before(midnight, years)


@given(ended=MOMENTS, years=st.integers(1, 50), off=st.timedeltas(timedelta(days=-3), timedelta(days=3)))
def test_nothing_is_purged_before_its_years_are_over(ended: datetime, years: int, off: timedelta) -> None:
    last_day = add_months(local_date(ended), 12 * years)
    now = datetime(last_day.year, last_day.month, last_day.day, tzinfo=CHINA) + off

    if ended < ended_before(now, years):
        assert local_date(now) > last_day


@given(ended=MOMENTS, years=st.integers(1, 50))
def test_nothing_is_kept_two_days_longer(ended: datetime, years: int) -> None:
    last_day = add_months(local_date(ended), 12 * years)

    two_days_after = datetime(last_day.year, last_day.month, last_day.day, tzinfo=CHINA) + timedelta(days=2)

    assert ended < ended_before(two_days_after, years)


def test_the_city_says_of_every_kind_how_long_it_is_kept() -> None:
    region = load_region_pack(REGION_PACK)

    rules = [region.retention_of(kind) for kind in RecordKind]

    assert all(rule.confirm for rule in rules if rule.src == "own")

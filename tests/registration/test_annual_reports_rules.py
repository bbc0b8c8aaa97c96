"""Reports and the abnormal list as rules: whole tables of moves, and times at their edges."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.api.publicity_region import publicity_policy
from services.registration.domain import abnormal_list as listings
from services.registration.domain import annual_report as reports
from services.registration.domain.abnormal_list import (
    Attempt,
    AttemptWay,
    Cause,
    Effect,
    Listing,
    ListingMove,
    ListingState,
)
from services.registration.domain.publicity import DisclosedContent, is_late
from services.registration.domain.publicity_errors import (
    GroundsMissing,
    ListingMoveNotAllowed,
    ObjectionTooLate,
    ReportMoveNotAllowed,
)
from services.registration.use_cases.walk_reports import walks_due
from shared.calendar import CHINA, DeadlineLedger, WorkingCalendar
from shared.identifiers import new_uuid7
from shared.region import load_region_pack
from tests.support.service import REGION_PACK

PACK: Final = load_region_pack(REGION_PACK)
POLICY: Final = publicity_policy(PACK)
CALENDAR: Final = PACK.calendar()
AT: Final = datetime(2026, 7, 1, 1, tzinfo=UTC)
LETTER, VISIT = AttemptWay.LETTER, AttemptWay.VISIT


def listing(state: ListingState = ListingState.PROPOSED) -> Listing:
    """An entry in some state."""
    return Listing(
        id=new_uuid7(),
        uscc="91140881MAE000002E",
        name="永济市蒲津渡餐饮有限公司",
        division_code="140881001",
        cause=Cause.UNREACHABLE,
        effect=Effect.LISTED,
        state=state,
        version=1,
        proposed_at=AT,
        clock=DeadlineLedger.started(POLICY.listing.decision, AT),
        entered_at=None if state is ListingState.PROPOSED else AT,
    )


@pytest.mark.parametrize(("state", "move"), product(reports.ReportState, reports.ReportMove))
def test_a_report_makes_the_moves_of_its_table_and_no_others(
    state: reports.ReportState, move: reports.ReportMove
) -> None:
    target = reports.TRANSITIONS.get((state, move))

    if target is not None:
        assert reports.advance(state, move) is target
    else:
        with pytest.raises(ReportMoveNotAllowed):
            reports.advance(state, move)


@pytest.mark.parametrize(("state", "move"), product(ListingState, ListingMove))
def test_an_entry_makes_the_moves_of_its_table_and_no_others(state: ListingState, move: ListingMove) -> None:
    target = listings.TRANSITIONS.get((state, move))

    if target is not None:
        assert listings.advance(listing(state), move).state is target
    else:
        with pytest.raises(ListingMoveNotAllowed):
            listings.advance(listing(state), move)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)))  # noqa: DTZ001 - wall clock
def test_a_report_is_in_time_as_long_as_the_civil_day_is_not_after_30_june(wall: datetime) -> None:
    now = wall.replace(tzinfo=CHINA).astimezone(UTC)

    move = reports.window_of(2025, POLICY.report).move_at(now)

    assert (move is reports.ReportMove.SUBMIT) == (wall.date() <= date(2026, 6, 30))


def test_the_window_opens_and_ends_at_midnight_in_china() -> None:
    window = reports.window_of(2025, POLICY.report)

    assert window.opens_at == datetime(2025, 12, 31, 16, tzinfo=UTC)
    assert window.closes_at == datetime(2026, 6, 30, 16, tzinfo=UTC)
    assert window.last_day == date(2026, 6, 30)
    assert window.move_at(window.closes_at) is reports.ReportMove.MAKE_UP
    assert window.move_at(window.closes_at - timedelta(microseconds=1)) is reports.ReportMove.SUBMIT
    assert reports.last_year(window.opens_at) == 2025
    assert reports.last_year(window.opens_at - timedelta(microseconds=1)) == 2024


@pytest.mark.parametrize(
    ("day", "steps"),
    [
        (date(2026, 5, 31), [(2024, "overdue")]),
        (date(2026, 6, 1), [(2024, "overdue"), (2025, "prompt_30")]),
        (date(2026, 6, 24), [(2024, "overdue"), (2025, "prompt_7")]),
        (date(2026, 7, 1), [(2024, "overdue"), (2025, "overdue")]),
    ],
)
def test_prompts_follow_the_days_before_the_end_and_a_missed_one_gives_way_to_the_next(
    day: date, steps: list[tuple[int, str]]
) -> None:
    now = datetime(day.year, day.month, day.day, tzinfo=CHINA).astimezone(UTC)

    walks = [(walk.year, walk.step) for walk in walks_due(POLICY.report, now)]

    assert walks == steps


@pytest.mark.parametrize(
    ("arose", "last_day_in_time"),
    [
        # A holiday of seven days, for which a Sunday before and a Saturday after it are worked.
        (date(2026, 9, 15), date(2026, 10, 19)),
        # From 31 December into a year without a published calendar: plain weekdays.
        (date(2026, 12, 31), date(2027, 1, 28)),
    ],
)
def test_instant_information_is_late_after_20_working_days(arose: date, last_day_in_time: date) -> None:
    calendar = WorkingCalendar(
        published_years=frozenset({2026}),
        days_off=frozenset(date(2026, 10, day) for day in range(1, 8)) | {date(2026, 9, 25)},
        swapped_days=frozenset({date(2026, 9, 20), date(2026, 10, 10)}),
    )
    content = DisclosedContent("股东实缴出资", arose)

    def late_on(day: date) -> bool:
        moment = datetime(day.year, day.month, day.day, 23, 59, tzinfo=CHINA).astimezone(UTC)
        return is_late(content, POLICY, calendar, moment)

    assert not late_on(last_day_in_time)
    assert late_on(last_day_in_time + timedelta(days=1))


@pytest.mark.parametrize(
    ("attempts", "is_enough"),
    [
        ([(VISIT, 1)], False),
        ([(VISIT, 1), (VISIT, 1)], False),
        ([(VISIT, 1), (VISIT, 2)], True),
        ([(VISIT, 1), (LETTER, 1)], True),
        ([(LETTER, 1), (LETTER, 15)], False),
        ([(LETTER, 1), (LETTER, 16)], True),
        ([(LETTER, 1), (LETTER, 31)], True),
        ([(LETTER, 1), (LETTER, 32)], False),
        ([(VISIT, 1), (VISIT, 41)], False),
    ],
)
def test_nobody_is_unreachable_before_two_attempts_failed_letters_15_to_30_days_apart(
    attempts: list[tuple[AttemptWay, int]], is_enough: bool
) -> None:
    begin, today = date(2026, 3, 1), date(2026, 4, 5)
    made = [Attempt(way, begin + timedelta(days=day - 1), "退回") for way, day in attempts]

    if is_enough:
        listings.require_unreachable(made, POLICY.listing, today)
    else:
        with pytest.raises(GroundsMissing):
            listings.require_unreachable(made, POLICY.listing, today)


def test_an_objection_is_raised_once_and_within_30_days() -> None:
    entered = listings.confirmed(listing(), POLICY.authority_uscc, AT)

    def objected(one: Listing, at: datetime) -> Listing:
        return listings.object_to(one, "能够联系", POLICY.listing, CALENDAR, at)

    raised = objected(entered, AT + timedelta(days=29))

    assert raised.objection is not None
    for again, days in ((raised, 29), (entered, 40)):
        with pytest.raises(ObjectionTooLate):
            objected(again, AT + timedelta(days=days))
    with pytest.raises(ListingMoveNotAllowed):
        objected(listing(), AT)
    with pytest.raises(ListingMoveNotAllowed):
        listings.answer_objection(replace(raised, objection=None), True, listings.MARKED_BASIS, "a", AT)

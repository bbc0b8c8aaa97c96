"""Limits in every unit, and the ledger of pauses and extensions."""

import json
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.calendar import (
    CHINA,
    ClockState,
    DeadlineLedger,
    InvalidLimit,
    LedgerEntry,
    Limit,
    LimitUnit,
    MalformedLedger,
    Move,
    MoveNotAllowed,
    WorkingCalendar,
    due,
    ledger_from_primitives,
    ledger_to_primitives,
)
from shared.calendar.ledger import TRANSITIONS

CALENDAR = WorkingCalendar.national()
FIVE_DAYS = Limit(Decimal(5), LimitUnit.WORKING_DAY)
HALF_DAY = Limit(Decimal("0.5"), LimitUnit.WORKING_DAY)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def _due(ledger: DeadlineLedger) -> datetime:
    found = ledger.due_at(CALENDAR)
    assert found is not None
    return found.at


@pytest.mark.parametrize(
    ("value", "unit", "start", "expected"),
    [
        ("5", "working_day", "2026-11-16T09:00", "2026-11-23T18:00"),
        ("5", "working_day", "2026-11-16T23:59", "2026-11-23T18:00"),
        ("1", "working_day", "2026-09-30T09:00", "2026-10-08T18:00"),
        ("1", "working_day", "2026-10-09T09:00", "2026-10-10T18:00"),
        ("0.5", "working_day", "2026-11-20T16:00", "2026-11-23T10:00"),
        ("1.5", "working_day", "2026-11-20T08:30", "2026-11-23T12:00"),
        ("3", "calendar_day", "2026-11-17T09:00", "2026-11-20T18:00"),
        ("20", "calendar_day", "2026-09-12T09:00", "2026-10-08T18:00"),  # 2 October: the next working day
        ("4", "calendar_day", "2026-10-06T09:00", "2026-10-10T18:00"),  # a swapped Saturday stays
        ("1", "month", "2026-01-31T09:00", "2026-02-28T18:00"),  # no 31 February; a swapped Saturday
        ("3", "month", "2025-12-31T09:00", "2026-03-31T18:00"),
        ("1", "year", "2024-02-29T09:00", "2025-02-28T18:00"),
        ("2", "hour", "2026-11-20T23:00", "2026-11-21T01:00"),
        ("1.5", "hour", "2026-11-20T23:00", "2026-11-21T00:30"),
        ("0", "immediate", "2026-11-20T23:00", "2026-11-20T23:00"),
    ],
)
def test_a_limit_runs_out_as_its_unit_says(value: str, unit: str, start: str, expected: str) -> None:
    limit = Limit(Decimal(value), LimitUnit(unit))

    assert due(limit, _at(start), CALENDAR).at == _at(expected)


def test_a_limit_into_2027_is_provisional_and_hours_never_are() -> None:
    start = _at("2026-12-31T16:00")

    assert due(FIVE_DAYS, start, CALENDAR).provisional
    assert due(HALF_DAY, start, CALENDAR).provisional
    assert due(Limit(Decimal(1), LimitUnit.MONTH), start, CALENDAR).provisional
    assert not due(Limit(Decimal(72), LimitUnit.HOUR), start, CALENDAR).provisional


@pytest.mark.parametrize(
    ("value", "unit"),
    [
        ("0", "working_day"),
        ("-1", "hour"),
        ("1.5", "month"),
        ("0.5", "calendar_day"),
        ("1", "immediate"),
        ("NaN", "hour"),
    ],
)
def test_a_value_that_does_not_go_with_its_unit_is_no_limit(value: str, unit: str) -> None:
    with pytest.raises(InvalidLimit):
        Limit(Decimal(value), LimitUnit(unit))


@pytest.mark.parametrize("unit", list(LimitUnit))
def test_a_moment_without_zone_starts_no_limit(unit: LimitUnit) -> None:
    limit = Limit(Decimal(0 if unit is LimitUnit.IMMEDIATE else 1), unit)

    with pytest.raises(ValueError, match="zone"):
        due(limit, datetime(2026, 11, 20, 9), CALENDAR)  # noqa: DTZ001


def test_a_pause_gives_back_the_days_on_which_offices_closed_meanwhile() -> None:
    ledger = DeadlineLedger.started(FIVE_DAYS, _at("2026-11-16T09:00"))

    resumed = ledger.pause(_at("2026-11-17T10:00"), reason="检验检测").resume(_at("2026-11-19T15:00"))

    assert _due(ledger) == _at("2026-11-23T18:00")
    assert _due(resumed) == _at("2026-11-25T18:00")


def test_a_pause_within_one_day_or_over_a_weekend_gives_nothing_back() -> None:
    ledger = DeadlineLedger.started(FIVE_DAYS, _at("2026-11-16T09:00"))

    within_a_day = ledger.pause(_at("2026-11-17T10:00"), reason="听证").resume(_at("2026-11-17T15:00"))
    over_the_weekend = ledger.pause(_at("2026-11-20T19:00"), reason="听证").resume(_at("2026-11-23T08:00"))

    assert _due(within_a_day) == _due(over_the_weekend) == _at("2026-11-23T18:00")


def test_a_pause_of_the_first_day_gives_back_only_days_that_count() -> None:
    ledger = DeadlineLedger.started(FIVE_DAYS, _at("2026-11-16T09:00"))

    resumed = ledger.pause(_at("2026-11-16T10:00"), reason="听证").resume(_at("2026-11-17T09:00"))

    assert _due(resumed) == _at("2026-11-23T18:00")


def test_a_paused_calendar_day_limit_still_ends_on_a_working_day() -> None:
    ledger = DeadlineLedger.started(Limit(Decimal(3), LimitUnit.CALENDAR_DAY), _at("2026-11-17T09:00"))

    resumed = ledger.pause(_at("2026-11-18T09:00"), reason="鉴定").resume(_at("2026-11-19T09:00"))

    assert _due(resumed) == _at("2026-11-23T18:00")  # the 21st is a Saturday


def test_a_paused_clock_has_no_due_time_until_it_goes_on() -> None:
    paused = DeadlineLedger.started(HALF_DAY, _at("2026-11-20T09:00")).pause(
        _at("2026-11-20T10:00"), reason="补正"
    )

    assert paused.state is ClockState.PAUSED
    assert paused.due_at(CALENDAR) is None
    assert not paused.is_overdue(_at("2027-11-20T10:00"), CALENDAR)
    assert paused.remaining(_at("2026-11-27T09:00"), CALENDAR) == timedelta(hours=2, minutes=30)
    assert paused.due_if_resumed(_at("2026-11-23T08:30"), CALENDAR).at == _at("2026-11-23T11:00")


def test_time_that_ran_out_before_a_pause_stays_run_out() -> None:
    ledger = DeadlineLedger.started(HALF_DAY, _at("2026-11-20T08:30"))

    late = ledger.pause(_at("2026-11-20T15:00"), reason="补正").resume(_at("2026-11-24T09:00"))

    assert _due(late) == _at("2026-11-20T12:00")
    assert late.is_overdue(_at("2026-11-24T09:00"), CALENDAR)
    assert late.is_overdue(_at("2026-11-20T13:00"), CALENDAR)  # though no office time has passed since
    assert not late.is_overdue(_at("2026-11-20T12:00"), CALENDAR)


def test_a_pause_after_the_last_day_gives_nothing_back() -> None:
    ledger = DeadlineLedger.started(FIVE_DAYS, _at("2026-11-16T09:00"))

    late = ledger.pause(_at("2026-11-24T10:00"), reason="听证").resume(_at("2026-11-26T09:00"))

    assert _due(late) == _at("2026-11-23T18:00")
    assert late.is_overdue(_at("2026-11-24T10:00"), CALENDAR)


def test_an_extension_adds_days_and_is_refused_once_overdue() -> None:
    ledger = DeadlineLedger.started(FIVE_DAYS, _at("2026-11-16T09:00"))
    more = Limit(Decimal(2), LimitUnit.WORKING_DAY)

    extended = ledger.extend(
        _at("2026-11-20T09:00"),
        by=more,
        reason="情况复杂",
        legal_basis="行政许可法第四十二条",
        calendar=CALENDAR,
    )

    assert _due(extended) == _at("2026-11-25T18:00")
    with pytest.raises(MoveNotAllowed):
        ledger.extend(_at("2026-11-24T09:00"), by=more, reason="晚", legal_basis="无", calendar=CALENDAR)


@pytest.mark.parametrize(
    ("limit", "by", "reason", "basis"),
    [
        (FIVE_DAYS, Limit(Decimal(1), LimitUnit.MONTH), "复杂", "第四十二条"),
        (FIVE_DAYS, HALF_DAY, "复杂", "第四十二条"),
        (FIVE_DAYS, FIVE_DAYS, " ", "第四十二条"),
        (FIVE_DAYS, FIVE_DAYS, "复杂", ""),
        (
            Limit(Decimal(0), LimitUnit.IMMEDIATE),
            Limit(Decimal(0), LimitUnit.IMMEDIATE),
            "复杂",
            "第四十二条",
        ),
    ],
)
def test_an_extension_needs_its_unit_a_reason_and_a_legal_basis(
    limit: Limit, by: Limit, reason: str, basis: str
) -> None:
    ledger = DeadlineLedger.started(limit, _at("2026-11-16T09:00"))

    with pytest.raises(MoveNotAllowed):
        ledger.extend(_at("2026-11-16T09:00"), by=by, reason=reason, legal_basis=basis, calendar=CALENDAR)


def test_a_stopped_clock_keeps_its_answers() -> None:
    ledger = DeadlineLedger.started(HALF_DAY, _at("2026-11-20T08:30")).stop(_at("2026-11-20T10:30"))

    much_later = _at("2027-03-01T09:00")

    assert ledger.elapsed(much_later, CALENDAR) == timedelta(hours=2)
    assert ledger.remaining(much_later, CALENDAR) == timedelta(hours=1, minutes=30)
    assert not ledger.is_overdue(much_later, CALENDAR)


@pytest.mark.parametrize("move", list(Move))
@pytest.mark.parametrize("state", list(ClockState))
def test_every_move_follows_the_table_or_is_refused(state: ClockState, move: Move) -> None:
    start = _at("2026-11-16T09:00")
    made = {
        ClockState.UNSTARTED: (),
        ClockState.RUNNING: (LedgerEntry(Move.STARTED, start),),
        ClockState.PAUSED: (LedgerEntry(Move.STARTED, start), LedgerEntry(Move.PAUSED, start, reason="x")),
        ClockState.STOPPED: (LedgerEntry(Move.STARTED, start), LedgerEntry(Move.STOPPED, start)),
    }[state]
    is_extension = move is Move.EXTENDED
    entry = LedgerEntry(
        move,
        start,
        reason="x",
        by=FIVE_DAYS if is_extension else None,
        legal_basis="x" if is_extension else None,
    )

    if (state, move) in TRANSITIONS:
        assert DeadlineLedger.of(FIVE_DAYS, (*made, entry)).state is TRANSITIONS[state, move]
    else:
        with pytest.raises(MoveNotAllowed):
            DeadlineLedger.of(FIVE_DAYS, (*made, entry))


def test_a_move_before_the_last_one_is_refused() -> None:
    ledger = DeadlineLedger.started(FIVE_DAYS, _at("2026-11-16T09:00"))

    with pytest.raises(MoveNotAllowed):
        ledger.pause(_at("2026-11-16T08:59"), reason="补正")


@given(st.lists(st.integers(1, 3000), min_size=1, max_size=7), st.sampled_from(["0.5", "1.5", "3.25"]))
def test_office_time_used_and_left_always_make_the_limit(gaps: list[int], days: str) -> None:
    limit = Limit(Decimal(days), LimitUnit.WORKING_DAY)
    moment = _at("2026-09-28T10:00")
    ledger = DeadlineLedger.started(limit, moment)

    for gap in gaps:
        moment += timedelta(minutes=gap)
        paused = ledger.state is ClockState.PAUSED
        ledger = ledger.resume(moment) if paused else ledger.pause(moment, reason="检验")

    total = CALENDAR.working_time(limit.value)
    if not ledger.is_overdue(moment, CALENDAR):
        assert ledger.elapsed(moment, CALENDAR) + ledger.remaining(moment, CALENDAR) == total
        assert ledger.elapsed(moment, CALENDAR) <= total


@given(st.lists(st.integers(0, 6000), min_size=1, max_size=6), st.sampled_from(list(LimitUnit)))
def test_a_ledger_survives_being_written_and_read_and_pauses_never_shorten(
    gaps: list[int], unit: LimitUnit
) -> None:
    moment = _at("2026-01-27T10:00")
    plain = DeadlineLedger.started(Limit(Decimal(0 if unit is LimitUnit.IMMEDIATE else 5), unit), moment)
    ledger = plain

    for gap in gaps:
        moment += timedelta(minutes=gap)
        paused = ledger.state is ClockState.PAUSED
        ledger = ledger.resume(moment) if paused else ledger.pause(moment, reason="检验")

    assert ledger_from_primitives(json.loads(json.dumps(ledger_to_primitives(ledger)))) == ledger
    assert ledger.due_if_resumed(moment, CALENDAR).at >= _due(plain)


def test_the_explanation_lists_how_the_due_time_came_about() -> None:
    ledger = (
        DeadlineLedger.started(FIVE_DAYS, _at("2026-11-16T09:00"))
        .pause(_at("2026-11-17T10:00"), reason="检验检测")
        .resume(_at("2026-11-19T15:00"))
        .stop(_at("2026-11-20T09:00"))
    )

    rows = ledger.explain(CALENDAR)

    assert [row.zh for row in rows] == ["开始计时", "暂停计时", "恢复计时", "停止计时"]
    assert [row.due.at if row.due else None for row in rows] == [
        _at("2026-11-23T18:00"),
        None,
        _at("2026-11-25T18:00"),
        _at("2026-11-25T18:00"),
    ]
    assert rows[1].elapsed == timedelta(hours=8)


@pytest.mark.parametrize(
    "written",
    [
        {},
        {"limit": {"value": "5", "unit": "working_day"}, "entries": "x"},
        {"limit": {"value": "five", "unit": "working_day"}, "entries": []},
        {"limit": {"value": "5", "unit": "fortnight"}, "entries": []},
        {"limit": {"value": "5", "unit": "working_day"}, "entries": [{"move": "started", "at": "yesterday"}]},
        {
            "limit": {"value": "5", "unit": "working_day"},
            "entries": [{"move": "began", "at": "2026-11-16T09:00Z"}],
        },
    ],
)
def test_what_is_no_ledger_is_not_read_as_one(written: dict[str, object]) -> None:
    with pytest.raises((MalformedLedger, MoveNotAllowed)):
        ledger_from_primitives(written)

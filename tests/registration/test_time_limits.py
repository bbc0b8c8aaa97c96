"""Every time limit of the register at its edges: days off, worked weekends, 31 December, a year without calendar.

A limit that a city's policy has and no table here names fails the first test: it is to be put where it belongs.
"""

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from inspect import signature
from typing import Any, Final

import pytest

from services.registration.api.region import registry_policy
from services.registration.domain.applied_in_time import AppliedOn
from services.registration.domain.exit_notice import NoticeKind, term_of
from services.registration.domain.forced_exit import ForcedExitState, noticed
from services.registration.domain.kinds import EnterpriseKind
from services.registration.domain.liquidation import application_due, claims_until, group_due
from services.registration.domain.name_terms import freed_on, reserved_until
from services.registration.use_cases.precedent_appeals import renew_provisional_appeals, tell_overdue_appeals
from services.registration.use_cases.watch_false_registrations import (
    renew_provisional_cases,
    tell_overdue_cases,
)
from services.registration.use_cases.watch_filings import renew_provisional_clocks, tell_overdue_filings
from services.registration.use_cases.watch_names import renew_provisional_disputes, tell_overdue_disputes
from shared.calendar import (
    CHINA,
    DeadlineLedger,
    DueDate,
    Limit,
    LimitUnit,
    WorkingCalendar,
    add_months,
    local_date,
)
from shared.region import load_region_pack
from tests.registration.authorities import CASES, enterprise_of, reported
from tests.registration.builders import ANN, FILINGS, filing
from tests.registration.test_forced_deregistration import an_exit
from tests.registration.test_names import DISPUTES, a_dispute
from tests.registration.test_precedent_appeals import APPEALS, PRECEDENT, refused
from tests.support.clock import SettableClock
from tests.support.service import REGION_PACK, ServiceUnderTest

POLICY: Final = registry_policy(load_region_pack(REGION_PACK))
KNOWN: Final = WorkingCalendar.national()
NATIONAL: Final = replace(KNOWN, published_years=frozenset(y for y in KNOWN.published_years if y <= 2026))
NEW_YEAR: Final = date(2027, 1, 1)
WITH_2027: Final = replace(
    NATIONAL, published_years=NATIONAL.published_years | {2027}, days_off=NATIONAL.days_off | {NEW_YEAR}
)
# As the State Council gave notice of 2026: written down here once more, so that the calendar is not its own judge.
DAYS_OFF: Final = {date(2026, 10, day) for day in range(1, 8)} | {date(2026, 9, 25)}
WORKED: Final = {date(2026, 9, 20), date(2026, 10, 10)}
LIMITED: Final = EnterpriseKind.LIMITED_COMPANY
SOLE: Final = EnterpriseKind.SOLE_PROPRIETOR_ENTERPRISE
SIMPLE, ORDINARY = POLICY.exits.simple, POLICY.exits.ordinary
Counted = Callable[[date, WorkingCalendar], DueDate]


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), CHINA)


def limits_of(policy: object, path: str = "") -> Iterator[tuple[str, Limit]]:
    """Every limit of the policy, by the way that leads to it."""
    if isinstance(policy, Limit):
        yield path, policy
    elif is_dataclass(policy):
        for each in fields(policy):
            yield from limits_of(getattr(policy, each.name), f"{path}.{each.name}".strip("."))


def on_a_clock(limit: Limit) -> Counted:
    def counted(start: date, calendar: WorkingCalendar) -> DueDate:
        due = DeadlineLedger.started(limit, noon(start)).due_at(calendar)
        assert due is not None
        return DueDate(local_date(due.at), due.provisional)

    return counted


def applied(limit: Limit) -> Counted:
    """When a change is applied for in time: it is told as a day only."""
    return lambda start, calendar: DueDate(
        AppliedOn(start, calendar).last_day(limit, start), on_a_clock(limit)(start, calendar).provisional
    )


def notice(kind: NoticeKind, start: date, calendar: WorkingCalendar) -> DueDate:
    term = term_of(noon(start), kind, SIMPLE, calendar)
    return DueDate(term.ends_on, term.is_provisional)


def forced(start: date, calendar: WorkingCalendar) -> DueDate:
    limit = POLICY.authority.forced_exit.notice
    one = noticed(an_exit(ForcedExitState.DUE), noon(start), limit, calendar)
    assert one.ends_on is not None
    return DueDate(one.ends_on, one.is_provisional)


LIMITS: Final = dict(limits_of(POLICY))
# Its last day moves on where offices are shut. Source: 民法典 art. 203.
BY_THE_ACT: Final[dict[str, Counted]] = {
    "changes.alteration": applied(POLICY.changes.alteration),
    "changes.permit_lost": applied(POLICY.changes.permit_lost),
    "changes.record": applied(POLICY.changes.record),
    "changes.cooperative_members": applied(POLICY.changes.cooperative_members),
    "exits.simple.notice": partial(notice, NoticeKind.PUBLIC),
    "exits.simple.hearing": partial(notice, NoticeKind.TOLD),
    "exits.ordinary.group_notice": lambda start, calendar: group_due(start, ORDINARY, calendar),
    "exits.ordinary.claims": lambda start, calendar: claims_until(noon(start), LIMITED, ORDINARY, calendar),
    "exits.ordinary.claims_of_sole_proprietor": lambda start, calendar: claims_until(
        noon(start), SOLE, ORDINARY, calendar
    ),
    "exits.ordinary.application": lambda start, calendar: application_due(start, LIMITED, ORDINARY, calendar),
    "exits.ordinary.application_of_partners": lambda start, calendar: application_due(
        start, SOLE, ORDINARY, calendar
    ),
    "authority.forced_exit.notice": forced,
}
CLOCKS: Final = (
    *("names.disputes.acceptance", "names.disputes.ruling", "names.disputes.change", "licence.longest_copy"),
    *(f"publicity.listing.{each}" for each in ("decision", "removal", "objection", "objection_answer")),
    *("publicity.disclosure", "publicity.order", "review.limit", "review.untouched"),
    *("establishment.precedent_answer", "changes.hand_over", "changes.paper_files"),
    *("exits.simple.application", "exits.simple.decision", "exits.ordinary.decision"),
    *(f"authority.false_registration.{each}" for each in ("acceptance", "investigation", "publication")),
)
# Civil days that no day off moves: below, and where they are counted.
CIVIL: Final = {
    *("names.reservation", "names.reservations.usual", "names.reservations.with_permit"),
    *("names.conflict_window", "suspension.maximum", "suspension.resumption_notice", "suspension.ahead"),
    *("suspension.extension_window", "publicity.listing.serious_after"),
    *("authority.forced_exit.after", "authority.forced_exit.restoration"),
}
# Counted backwards from an end, added to one, or the day after one: with what they belong to.
ELSEWHERE: Final = {
    *("names.reservations.reminder", "exits.simple.warning", "review.extension", "changes.creditor_notice"),
    "authority.false_registration.extension",
}


def test_every_limit_of_the_policy_is_looked_at_somewhere() -> None:
    looked_at = [*BY_THE_ACT, *CLOCKS, *CIVIL, *ELSEWHERE]

    assert sorted(looked_at) == sorted(LIMITS)


def is_worked(day: date, off: set[date]) -> bool:
    return day in WORKED or (day.weekday() < 5 and day not in off)


def working_days_after(start: date, number: int, off: set[date]) -> date:
    day = start
    while number:
        day += timedelta(days=1)
        number -= is_worked(day, off)
    return day


def edge(limit: Limit, end: date, off: set[date]) -> tuple[date, date]:
    """From which day the limit ends on this one by plain counting, and on which it ends in law."""
    count = int(limit.value)
    if limit.unit is LimitUnit.WORKING_DAY:
        start = end - timedelta(days=count)
        return start, working_days_after(start, count, off)
    months = {LimitUnit.MONTH: count, LimitUnit.YEAR: 12 * count}.get(limit.unit)
    start = end - timedelta(days=count) if months is None else add_months(end, -months)
    last = end if months is None else add_months(start, months)
    while not is_worked(last, off):
        last += timedelta(days=1)
    return start, last


def counted_of(path: str) -> Counted:
    return BY_THE_ACT.get(path) or on_a_clock(LIMITS[path])


@pytest.mark.parametrize(
    "end",
    [date(2026, 10, 1), date(2026, 9, 20), date(2026, 10, 10), date(2026, 10, 11), date(2026, 12, 31)],
    ids=["national-day", "worked-sunday", "worked-saturday", "plain-sunday", "31-december"],
)
@pytest.mark.parametrize("path", [*BY_THE_ACT, *CLOCKS])
def test_the_last_day_is_one_on_which_offices_work(path: str, end: date) -> None:
    start, last = edge(LIMITS[path], end, DAYS_OFF)

    assert counted_of(path)(start, NATIONAL).on == last


@pytest.mark.parametrize("path", [*BY_THE_ACT, *CLOCKS])
def test_in_an_unpublished_year_it_is_provisional_until_the_year_has_its_calendar(path: str) -> None:
    start, plain = edge(LIMITS[path], NEW_YEAR, DAYS_OFF)
    _, in_law = edge(LIMITS[path], NEW_YEAR, DAYS_OFF | {NEW_YEAR})
    counted = counted_of(path)

    provisional, certain = counted(start, NATIONAL), counted(start, WITH_2027)

    assert (provisional.on, provisional.provisional) == (plain, True)
    assert (certain.on, certain.on > plain) == (in_law, True)


def test_civil_days_stay_where_they_are_on_days_off() -> None:
    on_holiday, suspension = date(2026, 10, 1), POLICY.suspension

    until = reserved_until(noon(date(2026, 8, 1)), POLICY.names.reservation, date(2026, 8, 1))
    free = freed_on(on_holiday, POLICY.names.conflict_window)

    assert local_date(until - timedelta(microseconds=1)) == on_holiday
    assert free == date(2025, 10, 1)
    assert suspension.latest_until(date(2023, 10, 2), ()) == on_holiday
    assert suspension.latest_start(date(2025, 10, 1)) == on_holiday
    assert suspension.earliest_resumption(None, date(2026, 10, 31)) == on_holiday


async def review_of(registration: ServiceUnderTest) -> str:
    body = filing(name__trade="曲艺")
    return f"{FILINGS}/{(await registration.post(FILINGS, body, ANN)).json()['id']}"


async def appeal_of(registration: ServiceUnderTest) -> str:
    path = f"{FILINGS}/{await refused(registration)}/appeals"
    return f"{APPEALS}/{(await registration.post(path, PRECEDENT, ANN)).json()['id']}"


async def dispute_of(registration: ServiceUnderTest) -> str:
    dispute, _ = await a_dispute(registration)
    return f"{DISPUTES}/{dispute['id']}"


async def case_of(registration: ServiceUnderTest) -> str:
    made = await reported(registration, await enterprise_of(registration, 470))
    return f"{CASES}/{made.json()['id']}"


def with_desk(registration: ServiceUnderTest, sweep: Any) -> Any:
    """The sweep by the calendar that it is given, whether it takes that or a desk."""
    if "calendar" in signature(sweep).parameters:
        return lambda uow, calendar: sweep(uow, calendar)
    return lambda uow, calendar: sweep(uow, replace(registration.app.state.desk, calendar=calendar))


@pytest.mark.parametrize(
    ("make", "renew", "tell", "table", "days"),
    [
        (review_of, renew_provisional_clocks, tell_overdue_filings, "filing", 3),
        (appeal_of, renew_provisional_appeals, tell_overdue_appeals, "precedent_appeal", 10),
        (dispute_of, renew_provisional_disputes, tell_overdue_disputes, "name_dispute", 5),
        (case_of, renew_provisional_cases, tell_overdue_cases, "false_registration", 3),
    ],
    ids=["review", "appeal", "dispute", "case"],
)
async def test_what_hung_on_an_unpublished_year_is_dated_anew_once_it_is_published(
    registration: ServiceUnderTest,
    clock: SettableClock,
    make: Any,
    renew: Any,
    tell: Any,
    table: str,
    days: int,
) -> None:
    clock.set(datetime(2026, 12, 31, 2, tzinfo=UTC))
    path = await make(registration)
    transactions = registration.app.state.backend.transactions
    query = f"SELECT due_at FROM {table} WHERE id = CAST(:i AS uuid)"  # noqa: S608 - a constant of this test

    async def due_on() -> date:
        [row] = await registration.rows(query, i=path.rpartition("/")[2])
        return local_date(row["due_at"])

    async def renewed(calendar: WorkingCalendar) -> date:
        await transactions.run(partial(with_desk(registration, renew), calendar=calendar))
        return await due_on()

    async def is_told_late(at: datetime) -> bool:
        clock.set(at)
        await transactions.run(partial(with_desk(registration, tell), calendar=WITH_2027))
        told = "SELECT 1 FROM outbox WHERE type LIKE '%overdue%' AND event::text LIKE '%' || :i || '%'"
        return bool(await registration.rows(told, i=path.rpartition("/")[2]))

    before, unchanged = await due_on(), await renewed(NATIONAL)
    early = await is_told_late(noon(before + timedelta(days=1)).replace(hour=1))
    dated_by_telling = await due_on()
    certain = await renewed(WITH_2027)
    late = await is_told_late(noon(certain + timedelta(days=1)))

    start = date(2026, 12, 31)
    assert before == unchanged == working_days_after(start, days, set())
    assert certain == dated_by_telling == working_days_after(start, days, {NEW_YEAR})
    assert (early, late) == (False, True)

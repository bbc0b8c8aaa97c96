"""Times for changes at their edges: holidays, swapped Saturdays, the end of a year, a year without calendar."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from services.registration.api.region import registry_policy
from services.registration.domain.acts.alteration import Alteration, Reorganisation, as_established
from services.registration.domain.acts.record import Record, Term
from services.registration.domain.alteration_rules import CREDITORS, days_late, review_alteration
from services.registration.domain.applied_in_time import AppliedOn
from services.registration.domain.enterprise import Enterprise, EnterpriseFile
from services.registration.domain.hand_over import Direction, HandOver, HandOverStatus
from services.registration.domain.kinds import EnterpriseKind, EnterpriseState, Origin, Role
from services.registration.domain.person import Person
from services.registration.domain.record_rules import days_late as days_late_recorded
from services.registration.domain.rule import Outcome
from services.registration.store.hand_overs import HandOverStore
from shared.calendar import DeadlineLedger, Limit, LimitUnit, WorkingCalendar, local_date
from shared.region import load_region_pack
from tests.support.service import REGION_PACK, ServiceUnderTest

POLICY: Final = registry_policy(load_region_pack(REGION_PACK))
CALENDAR: Final = WorkingCalendar.national()
THIRTY: Final = POLICY.changes.alteration
AT: Final = datetime(2025, 1, 2, tzinfo=UTC)
DUE: Final = text("SELECT due_at, due_is_provisional FROM hand_over WHERE id = :id")
FILE: Final = EnterpriseFile(
    Enterprise(
        uscc="91140881MAE000002E",
        name="永济市渡口餐饮有限公司",
        enterprise_kind=EnterpriseKind.LIMITED_COMPANY,
        state=EnterpriseState.ACTIVE,
        established_on=date(2020, 1, 2),
        registered_capital_fen=10_000_000,
        domicile_division_code="140881001",
        domicile_text="永济市城西街道河东大道12号",
        scope=(),
        industry_code=None,
        registrar_uscc=None,
        division_code="140881",
        licence_identifier=None,
        filing_id=UUID(int=1),
        matter_id=None,
        owner_accounts=(),
        origin=Origin.FILING,
        registered_at=AT,
        changed_at=AT,
    ),
    (),
)


def altered_on(day: date, decided_on: date) -> int:
    filed = Alteration(FILE.enterprise.uscc, decided_on, resolution_signed=True)
    return days_late(filed, POLICY, AppliedOn(day, CALENDAR))


@pytest.mark.parametrize(
    ("decided_on", "last_day"),
    [
        (date(2025, 9, 1), date(2025, 10, 9)),  # the 30th day, 1 October, begins eight days of holidays
        (date(2024, 9, 14), date(2024, 10, 14)),  # a Monday
        (date(2025, 3, 28), date(2025, 4, 27)),  # a Sunday on which offices work for the May holidays
        (date(2024, 12, 1), date(2024, 12, 31)),  # the last day of a year
        (date(2024, 12, 2), date(2025, 1, 2)),  # New Year's Day is none
    ],
    ids=["national-day", "plain", "swapped-sunday", "31-december", "new-year"],
)
def test_the_thirtieth_day_is_the_last_and_never_a_day_off(decided_on: date, last_day: date) -> None:
    assert altered_on(last_day, decided_on) == 0
    assert altered_on(last_day + timedelta(days=1), decided_on) == 1


def test_a_year_without_calendar_is_counted_by_plain_weekdays_until_it_has_one() -> None:
    decided_on = date(2024, 12, 2)
    unpublished = replace(CALENDAR, published_years=CALENDAR.published_years - {2025})

    provisional = AppliedOn(decided_on, unpublished).last_day(THIRTY, decided_on)
    published = AppliedOn(decided_on, CALENDAR).last_day(THIRTY, decided_on)

    assert (provisional, published) == (date(2025, 1, 1), date(2025, 1, 2))


@given(decided_on=st.dates(date(2019, 1, 1), date(2024, 12, 31)), later=st.integers(0, 400))
def test_whoever_applies_a_day_later_is_never_less_late(decided_on: date, later: int) -> None:
    day = decided_on + timedelta(days=later)

    late, next_day = altered_on(day, decided_on), altered_on(day + timedelta(days=1), decided_on)

    assert 0 <= late <= next_day <= late + 1
    assert later > 30 or late == 0


@pytest.mark.parametrize(
    ("told_on", "first_day"),
    [
        (date(2024, 12, 2), date(2025, 1, 17)),  # 45 days end on 16 January
        (date(2025, 8, 18), date(2025, 10, 10)),  # they end in the holidays, and so on the 9th
    ],
    ids=["plain", "holiday"],
)
@pytest.mark.parametrize("why", ["cut", "division"])
def test_creditors_have_forty_five_days(told_on: date, first_day: date, why: str) -> None:
    filed = Alteration(
        FILE.enterprise.uscc,
        told_on,
        resolution_signed=True,
        registered_capital_fen=9_000_000 if why == "cut" else 11_000_000,
        reorganisation=Reorganisation.DIVISION if why == "division" else None,
        creditors_told_on=told_on,
    )

    def outcome(day: date) -> list[Outcome]:
        view = as_established(FILE, filed)
        results = review_alteration(FILE, filed, view, (), POLICY, AppliedOn(day, CALENDAR))
        return [result.outcome for result in results if result.rule == CREDITORS.id]

    assert outcome(first_day - timedelta(days=1)) == [Outcome.FAULT]
    assert outcome(first_day) == [Outcome.PASSED]


@pytest.mark.parametrize(
    ("established_on", "pays_by", "today", "outcome"),
    [
        (date(2014, 5, 1), date(2032, 6, 30), date(2026, 3, 2), Outcome.PASSED),
        (date(2024, 6, 30), date(2032, 7, 1), date(2027, 6, 30), Outcome.NOTED),
        (date(2024, 6, 30), date(2032, 7, 1), date(2027, 7, 1), Outcome.FAULT),
        (date(2024, 7, 1), date(2029, 7, 2), date(2026, 3, 2), Outcome.FAULT),
    ],
    ids=["cut", "to be cut", "not cut", "new"],
)
def test_a_company_from_before_the_law_has_until_2027_to_cut_what_is_left_to_pay(
    established_on: date, pays_by: date, today: date, outcome: Outcome
) -> None:
    owner = Person((Role.SHAREHOLDER,), "张三丰", "1", subscribed_fen=10_000_000, contribute_by=pays_by)
    filed = Alteration(FILE.enterprise.uscc, today, resolution_signed=True, owners=(owner,))
    since = replace(FILE, enterprise=replace(FILE.enterprise, established_on=established_on))

    view = as_established(since, filed)
    results = review_alteration(since, filed, view, (), POLICY, AppliedOn(today, CALENDAR))

    assert [r.outcome for r in results if r.rule == "people.contribution_term"] == [outcome]


def test_a_cooperative_records_its_members_ninety_days_after_the_year() -> None:
    cooperative = replace(
        FILE, enterprise=replace(FILE.enterprise, enterprise_kind=EnterpriseKind.COOPERATIVE)
    )
    members = Record(FILE.enterprise.uscc, date(2024, 2, 1), members=())
    term = Record(FILE.enterprise.uscc, date(2024, 2, 1), members=(), term=Term(None))

    def late(filed: Record, day: date) -> int:
        return days_late_recorded(cooperative, filed, POLICY, AppliedOn(day, CALENDAR))

    assert (late(members, date(2025, 3, 31)), late(members, date(2025, 4, 1))) == (0, 1)
    assert late(term, date(2024, 3, 5)) == 1


async def test_a_provisional_time_for_a_file_is_computed_anew_once_the_year_has_its_calendar(
    registration: ServiceUnderTest,
) -> None:
    started = datetime(2024, 12, 27, 2, tzinfo=UTC)
    asked = HandOver(
        id=UUID(int=7),
        direction=Direction.OUT,
        status=HandOverStatus.REQUESTED,
        version=1,
        uscc="91140881MAE000002E",
        name="永济市渡口餐饮有限公司",
        other_registrar="11140882MB00010X3Q",
        division_code="140882001",
        address="河津市城区街道龙门大道1号",
        filing_id=None,
        reference="r",
        open_matters=(),
        clock=DeadlineLedger.started(Limit(Decimal(5), LimitUnit.WORKING_DAY), started),
        requested_at=started,
    )
    unpublished = replace(CALENDAR, published_years=CALENDAR.published_years - {2025})

    async with AsyncSession(registration.engine) as session:
        store = HandOverStore(session)
        await store.save(asked, asked.clock.due_at(unpublished))
        first = [await store.renew_provisional(unpublished, 10) for _ in range(2)]
        renewed = [await store.renew_provisional(CALENDAR, 10) for _ in range(2)]
        [row] = (await session.execute(DUE, {"id": asked.id})).all()
        await session.rollback()

    assert (first, renewed) == ([0, 0], [1, 0])
    assert (local_date(row.due_at), row.due_is_provisional) == (date(2025, 1, 6), False)

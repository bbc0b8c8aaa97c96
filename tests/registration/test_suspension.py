"""Suspension of business (歇业): filed before, three years in total, ended by resumption, business or the last day."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.api.region import registry_policy
from services.registration.domain.kinds import EnterpriseState
from services.registration.domain.register_acts import RegisterAct
from services.registration.domain.suspension import (
    TRANSITIONS,
    Suspension,
    SuspensionCause,
    SuspensionMove,
    SuspensionMoveNotAllowed,
    SuspensionState,
    move,
)
from shared.region import load_region_pack
from tests.registration.builders import ANN, BOB, FILINGS, OFFICER, OTHER_OFFICER
from tests.registration.changing import altered, registered
from tests.support.clock import SettableClock
from tests.support.service import REGION_PACK, ServiceUnderTest

PREFIX = "cn.tongban.registration.enterprise."
MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)
POLICY = registry_policy(load_region_pack(REGION_PACK)).suspension


def suspension(uscc: str, begins_on: str, until_on: str, **changes: Any) -> dict[str, Any]:
    """A sound filing to suspend business."""
    body: dict[str, Any] = {
        "kind": "suspension",
        "uscc": uscc,
        "cause": "natural_disaster",
        "begins_on": begins_on,
        "until_on": until_on,
        "employees_agreed": True,
        "commitment": True,
    }
    return body | changes


async def in_business(registration: ServiceUnderTest, clock: SettableClock) -> str:
    clock.set(MONDAY)
    return str((await registered(registration))["uscc"])


async def served_at(registration: ServiceUnderTest, uscc: str) -> str:
    """Where papers of the law reach it, as its owner reads."""
    found = (await registration.get(f"/registration/v1/enterprises/{uscc}", ANN)).json()
    return str(found["service_address"]["text"])


async def state_of(registration: ServiceUnderTest, uscc: str) -> str:
    return str((await registration.get(f"/registration/v1/enterprises/{uscc}")).json()["state"])


async def gone_round(registration: ServiceUnderTest) -> None:
    """Let the worker's sweeps run at what the clock says now."""
    await registration.stop_worker()
    await registration.start_worker()


async def test_business_is_suspended_told_and_resumed_by_filing(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    uscc = await in_business(registration, clock)
    asked = suspension(uscc, "2026-03-02", "2027-03-01", papers_to="永济市城西街道河东大道18号")

    foreign = await registration.post(FILINGS, asked, BOB)
    suspended = (await registration.post(FILINGS, asked, ANN)).json()
    told = await registration.event(f"{PREFIX}suspended.v1", uscc)
    listed = (await registration.get(f"/registration/v1/enterprises/{uscc}/suspensions")).json()["entries"]
    during, served_during = await state_of(registration, uscc), await served_at(registration, uscc)
    clock.set(MONDAY + timedelta(days=60))
    back = {"kind": "resumption", "uscc": uscc, "resumed_on": "2026-04-30"}
    resumed = (await registration.post(FILINGS, back, ANN)).json()
    again = await registration.post(FILINGS, back, ANN)
    [ended] = (await registration.get(f"/registration/v1/enterprises/{uscc}/suspensions")).json()["entries"]

    assert (foreign.status_code, foreign.json()["type"]) == (403, "/problems/not-the-owner")
    assert (suspended["status"], suspended["decided_by"], during) == ("approved", "system", "suspended")
    assert (told["data"]["suspended_until"], told["data"]["details"]["cause"]) == (
        "2027-03-01",
        "natural_disaster",
    )
    assert [(each["state"], each["days"]) for each in listed] == [("running", 365)]
    assert (resumed["status"], await state_of(registration, uscc)) == ("approved", "active")
    assert (again.status_code, again.json()["type"]) == (409, "/problems/state-forbids")
    assert (served_during, await served_at(registration, uscc)) == (
        asked["papers_to"],
        "永济市城西街道河东大道12号",
    )
    assert (ended["end"], ended["ended_on"], ended["days"]) == ("resumed", "2026-04-30", 59)
    assert (await registration.event(f"{PREFIX}resumed.v1", uscc))["data"]["details"] == {"end": "resumed"}


async def test_what_is_missing_is_told_in_one_list(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    uscc = await in_business(registration, clock)
    asked = suspension(uscc, "2026-03-01", "2029-03-02", employees_agreed=False, commitment=False)

    returned = (await registration.post(FILINGS, asked, ANN)).json()

    assert returned["status"] == "returned"
    assert {(f["rule"], f["pointer"]) for f in returned["findings"]} == {
        ("suspension.filed_before", "/begins_on"),
        ("suspension.term", "/until_on"),
        ("suspension.employees", "/employees_agreed"),
        ("suspension.commitment", "/commitment"),
    }
    assert await state_of(registration, uscc) == "active"


async def test_it_begins_on_its_day_and_ends_after_its_last_however_late_the_worker_looks(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    uscc = await in_business(registration, clock)
    planned = (await registration.post(FILINGS, suspension(uscc, "2026-03-10", "2026-03-31"), ANN)).json()
    before = await state_of(registration, uscc)
    second = await registration.post(FILINGS, suspension(uscc, "2026-05-01", "2026-05-31"), ANN)

    clock.set(datetime(2026, 3, 12, 1, tzinfo=UTC))  # nobody looked for two days
    await gone_round(registration)
    begun = await registration.event(f"{PREFIX}suspended.v1", uscc)
    clock.set(datetime(2026, 3, 31, 15, 59, tzinfo=UTC))  # the last minute of the last day in China
    await gone_round(registration)
    still = await state_of(registration, uscc)
    clock.set(datetime(2026, 3, 31, 16, 0, tzinfo=UTC))
    await gone_round(registration)
    over = await registration.event(f"{PREFIX}resumed.v1", uscc)
    await gone_round(registration)

    assert (planned["status"], before, second.status_code) == ("approved", "active", 409)
    assert begun["data"]["effective_on"] == "2026-03-10"
    assert (still, await state_of(registration, uscc)) == ("suspended", "active")
    assert (over["data"]["details"], over["data"]["effective_on"]) == ({"end": "expired"}, "2026-04-01")
    assert len(await registration.events(f"{PREFIX}resumed.v1", uscc)) == 1


@pytest.mark.parametrize(
    ("at", "until_on", "passes"),
    [
        (datetime(2026, 2, 28, 15, 59, tzinfo=UTC), "2026-12-31", False),  # 28 February, 23:59: too early
        (datetime(2026, 2, 28, 16, 0, tzinfo=UTC), "2026-12-31", True),  # 1 March: thirty days before the end
        (datetime(2026, 3, 31, 15, 59, tzinfo=UTC), "2026-12-31", True),  # the last day
        (datetime(2026, 3, 20, 2, tzinfo=UTC), "2026-03-31", False),  # no later than before
        (datetime(2026, 3, 20, 2, tzinfo=UTC), "2028-12-31", True),  # three years in total, to the day
        (datetime(2026, 3, 20, 2, tzinfo=UTC), "2029-01-01", False),  # and not one more
    ],
)
async def test_it_lasts_longer_where_that_is_filed_in_the_thirty_days_before_its_end(
    registration: ServiceUnderTest, clock: SettableClock, at: datetime, until_on: str, passes: bool
) -> None:
    clock.set(datetime(2026, 1, 1, 2, tzinfo=UTC))
    uscc = str((await registered(registration))["uscc"])
    await registration.post(FILINGS, suspension(uscc, "2026-01-01", "2026-03-31"), ANN)

    clock.set(at)
    answer = (await registration.post(FILINGS, suspension(uscc, "2026-01-01", until_on), ANN)).json()

    assert answer["status"] == ("approved" if passes else "returned"), answer["findings"]
    [held] = (await registration.get(f"/registration/v1/enterprises/{uscc}/suspensions")).json()["entries"]
    assert held["until_on"] == (until_on if passes else "2026-03-31")


async def test_business_done_meanwhile_counts_as_resumed(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    uscc = await in_business(registration, clock)
    await registration.post(FILINGS, suspension(uscc, "2026-03-02", "2026-12-31"), ANN)
    path, found = f"/registration/v1/enterprises/{uscc}/business-during-suspension", {"since": "2026-03-02"}

    by_other = await registration.post(path, found, OTHER_OFFICER)
    before_it = await registration.post(path, {"since": "2026-03-01"}, OFFICER)
    reported = await registration.post(path, found, OFFICER)
    twice = await registration.post(path, found, OFFICER)

    assert (by_other.status_code, before_it.status_code) == (403, 409)
    assert (reported.status_code, reported.json()["state"]) == (200, "active")
    assert (twice.status_code, twice.json()["type"]) == (409, "/problems/state-forbids")
    [ended] = (await registration.get(f"/registration/v1/enterprises/{uscc}/suspensions")).json()["entries"]
    assert ended["end"] == "business_done"


@pytest.mark.parametrize(
    ("resumed_on", "passes"),
    [
        ("2026-06-02", False),  # tomorrow
        ("2026-06-01", True),
        ("2026-05-02", True),  # thirty days ago: the last day on which that is declared
        ("2026-05-01", False),  # until then it counts as suspended
        ("2026-03-02", False),  # as if there had been none of it
    ],
)
async def test_a_resumption_is_declared_in_thirty_days_and_not_dated_back(
    registration: ServiceUnderTest, clock: SettableClock, resumed_on: str, passes: bool
) -> None:
    uscc = await in_business(registration, clock)
    await registration.post(FILINGS, suspension(uscc, "2026-03-02", "2026-12-31"), ANN)
    clock.set(datetime(2026, 6, 1, 2, tzinfo=UTC))

    filed = await registration.post(
        FILINGS, {"kind": "resumption", "uscc": uscc, "resumed_on": resumed_on}, ANN
    )

    assert filed.json()["status"] == ("approved" if passes else "returned"), filed.json()["findings"]
    if not passes:
        assert "2026-05-02" in filed.json()["findings"][0]["text_zh"]


async def test_a_suspension_to_come_is_called_off_and_another_one_filed(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    uscc = await in_business(registration, clock)
    too_far = (await registration.post(FILINGS, suspension(uscc, "2027-03-03", "2027-12-31"), ANN)).json()
    await registration.post(FILINGS, suspension(uscc, "2027-03-02", "2027-12-31"), ANN)
    back = {"kind": "resumption", "uscc": uscc, "resumed_on": "2026-03-02"}

    called_off = (await registration.post(FILINGS, back, ANN)).json()
    another = (await registration.post(FILINGS, suspension(uscc, "2026-04-01", "2026-06-30"), ANN)).json()

    held = (await registration.get(f"/registration/v1/enterprises/{uscc}/suspensions")).json()["entries"]
    assert [f["pointer"] for f in too_far["findings"]] == ["/begins_on"]
    assert (called_off["status"], another["status"]) == ("approved", "approved"), called_off
    assert {(each["begins_on"], each["state"], each["days"]) for each in held} == {
        ("2027-03-02", "ended", 0),
        ("2026-04-01", "planned", 91),
    }
    assert await registration.events(f"{PREFIX}resumed.v1", uscc) == []


@pytest.mark.parametrize("ends", ["by filing", "on its last day", "by business"])
async def test_what_came_to_the_register_suspended_does_business_again(
    registration: ServiceUnderTest, clock: SettableClock, ends: str
) -> None:
    uscc = await in_business(registration, clock)
    until = date(2026, 6, 30)
    state = EnterpriseState.SUSPENDED
    await altered(registration, uscc, RegisterAct.SUSPENDED, state=state, suspended_until=until)
    clock.set(datetime(2026, 6, 30, 16, tzinfo=UTC))

    if ends == "by filing":
        back = {"kind": "resumption", "uscc": uscc, "resumed_on": "2026-06-29"}
        answer = await registration.post(FILINGS, back, ANN)
        assert answer.json()["status"] == "approved", answer.text
    elif ends == "by business":
        path = f"/registration/v1/enterprises/{uscc}/business-during-suspension"
        await registration.post(path, {"since": "2026-06-01"}, OFFICER)
    else:
        await gone_round(registration)

    told = await registration.event(f"{PREFIX}resumed.v1", uscc)
    on = {"by filing": "2026-06-29", "on its last day": "2026-07-01", "by business": "2026-06-01"}
    assert (await state_of(registration, uscc), told["data"]["effective_on"]) == ("active", on[ends])


async def test_a_longer_term_is_told_under_its_own_filing_and_day(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    uscc = await in_business(registration, clock)
    await registration.post(FILINGS, suspension(uscc, "2026-03-02", "2026-03-31"), ANN)
    clock.set(datetime(2026, 3, 20, 2, tzinfo=UTC))

    longer = (await registration.post(FILINGS, suspension(uscc, "2026-03-02", "2026-09-30"), ANN)).json()

    told = (await registration.events(f"{PREFIX}suspended.v1", uscc))[-1]["data"]
    assert (told["suspended_until"], told["effective_on"]) == ("2026-09-30", "2026-03-20")
    [row] = await registration.rows(
        "SELECT act FROM register_change WHERE uscc = :u AND filing_id = CAST(:f AS uuid)",
        u=uscc,
        f=longer["id"],
    )
    assert row["act"] == "suspended"


def a_suspension(begins_on: date, days: int, state: SuspensionState) -> Suspension:
    return Suspension(
        id=None,  # type: ignore[arg-type]
        uscc="91140881MAE000002E",
        filing_id=None,  # type: ignore[arg-type]
        cause=SuspensionCause.OTHER,
        begins_on=begins_on,
        until_on=begins_on + timedelta(days=days - 1),
        state=state,
    )


@given(
    begins_on=st.dates(date(2024, 1, 1), date(2040, 1, 1)),
    before=st.lists(st.integers(1, 300), max_size=3),
)
def test_what_was_suspended_before_shortens_what_may_still_be(begins_on: date, before: list[int]) -> None:
    ended = [a_suspension(date(2020, 1, 1), days, SuspensionState.ENDED) for days in before]

    whole, rest = POLICY.latest_until(begins_on, ()), POLICY.latest_until(begins_on, ended)

    assert whole < begins_on.replace(year=begins_on.year + 3, day=min(begins_on.day, 28)) + timedelta(days=3)
    assert abs((whole - rest).days - sum(before)) <= 3  # months of different lengths


@pytest.mark.parametrize("state", list(SuspensionState))
@pytest.mark.parametrize("action", list(SuspensionMove))
def test_a_suspension_moves_where_its_table_says_and_nowhere_else(
    state: SuspensionState, action: SuspensionMove
) -> None:
    held = a_suspension(date(2026, 3, 2), 10, state)

    if (state, action) in TRANSITIONS:
        assert move(held, action).state is TRANSITIONS[state, action]
    else:
        with pytest.raises(SuspensionMoveNotAllowed):
            move(held, action)

"""Forced deregistration (强制注销): three years, ninety days of notice, objections, the decision, and its undoing."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.api.authority_region import authority_policy
from services.registration.domain.authority_errors import ForcedExitMoveNotAllowed
from services.registration.domain.forced_exit import (
    TRANSITIONS,
    ForcedExit,
    ForcedExitMove,
    ForcedExitState,
    advance,
    due_on,
    noticed,
    settled,
)
from services.registration.domain.kinds import EnterpriseState
from services.registration.use_cases.watch_forced_exits import (
    drop_needless_exits,
    end_forced_notices,
    list_due_exits,
    renew_forced_notices,
)
from shared.calendar import Limit, LimitUnit
from shared.identifiers import new_uuid7
from tests.registration.authorities import (
    BECAUSE,
    ENTERPRISE,
    EXITS,
    close,
    decision,
    enterprise_of,
    restore,
    shown,
    years_later,
)
from tests.registration.builders import ANN, OFFICER, OTHER_OFFICER, REGISTRAR
from tests.registration.changing import altered, registered
from tests.registration.kind_builders import individual_business
from tests.registration.leaving import CREDITOR, PACK, POLICE, sweep
from tests.support.clock import SettableClock
from tests.support.service import ServiceUnderTest

CLOSED = datetime(2022, 3, 7, 2, tzinfo=UTC)
DUE = datetime(2025, 3, 7, 2, tzinfo=UTC)
NOTICE_DAYS = 90
FORCED = "cn.tongban.registration.forced_exit."


async def closed(registration: ServiceUnderTest, clock: SettableClock, serial: int) -> str:
    """An enterprise whose licence was revoked."""
    clock.set(CLOSED)
    uscc = await enterprise_of(registration, serial)
    assert (await close(registration, uscc)).status_code == 200
    return uscc


async def listed(registration: ServiceUnderTest, clock: SettableClock, serial: int) -> dict[str, Any]:
    """Its forced deregistration, three years later."""
    uscc = await closed(registration, clock, serial)
    clock.set(DUE)
    await sweep(registration, partial(list_due_exits, desk=registration.app.state.desk))
    rows = await registration.rows("SELECT id::text FROM forced_exit WHERE uscc = :u", u=uscc)
    return {"uscc": uscc, "id": rows[0]["id"]}


async def act(registration: ServiceUnderTest, one: Mapping[str, Any], what: str, **body: Any) -> Any:
    """The registrar does something; the answer with its status."""
    answer = await registration.post(f"{EXITS}/{one['id']}/{what}", body or None, OFFICER)
    return answer.json() | {"http": answer.status_code}


def test_every_move_of_a_forced_deregistration_is_in_its_table() -> None:
    for state in ForcedExitState:
        for move in ForcedExitMove:
            one = an_exit(state)
            if (state, move) in TRANSITIONS:
                assert advance(one, move).state is TRANSITIONS[state, move]
            else:
                with pytest.raises(ForcedExitMoveNotAllowed):
                    advance(one, move)


@given(st.dates(date(2000, 1, 1), date(2060, 12, 31)))
def test_three_years_are_over_on_the_same_day_of_the_third_year(closed_on: date) -> None:
    begins = due_on(closed_on, Limit(Decimal(3), LimitUnit.YEAR))

    assert (begins.year, begins.month) == (closed_on.year + 3, closed_on.month)
    assert begins.day == closed_on.day or (closed_on.month, closed_on.day, begins.day) == (2, 29, 28)


def test_a_notice_lasts_through_its_ninetieth_day_and_longer_where_that_is_a_holiday() -> None:
    calendar = PACK.calendar()
    noon = datetime(2026, 3, 2, 4, tzinfo=UTC)

    one = noticed(
        an_exit(ForcedExitState.DUE), noon, Limit(Decimal(NOTICE_DAYS), LimitUnit.CALENDAR_DAY), calendar
    )

    assert one.ends_on is not None
    assert one.ends_on >= date(2026, 3, 2) + timedelta(days=NOTICE_DAYS)
    assert settled(one, one.ends_on).state is ForcedExitState.NOTICED
    assert settled(one, one.ends_on + timedelta(days=1)).state is ForcedExitState.ELAPSED


def test_a_city_cannot_give_less_notice_than_the_law() -> None:
    at = next(index for index, entry in enumerate(PACK.limits) if entry.key == "dereg.forced.notice")
    shorter = PACK.limits[at].model_copy(update={"value": Decimal(59)})
    pack = PACK.model_copy(update={"limits": (*PACK.limits[:at], shorter, *PACK.limits[at + 1 :])})

    with pytest.raises(ValueError, match="at least 60"):
        authority_policy(pack)


async def test_after_three_years_an_enterprise_is_listed_once_however_often_and_where_somebody_looks(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    uscc = await closed(registration, clock, 201)
    look = partial(list_due_exits, desk=registration.app.state.desk)
    rows = partial(registration.rows, "SELECT state FROM forced_exit WHERE uscc = :u", u=uscc)

    clock.set(DUE - timedelta(days=1))
    await sweep(registration, look)
    before = await rows()
    clock.set(DUE + timedelta(days=40))
    await asyncio.gather(sweep(registration, look), sweep(registration, look))
    await sweep(registration, look)

    assert before == []
    assert await rows() == [{"state": "due"}]
    assert len(await registration.events(f"{FORCED}due.v1", uscc)) == 1


async def test_after_an_unopposed_notice_the_enterprise_is_struck_off_and_all_are_told(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    one = await listed(registration, clock, 202)

    hidden = await registration.get(f"{EXITS}/{one['id']}", ANN)
    early = await act(registration, one, "decision", **decision(clock()))
    published = await act(registration, one, "notice")
    [public] = (await registration.get(EXITS, uscc=one["uscc"])).json()["entries"]
    last = datetime.fromisoformat(f"{published['ends_on']}T15:59:00+00:00")
    clock.set(last)
    await sweep(registration, end_forced_notices)
    still = await act(registration, one, "decision", **decision(clock()))
    clock.set(last + timedelta(minutes=2))
    await asyncio.gather(*(sweep(registration, end_forced_notices) for _ in range(2)))
    dated = await act(registration, one, "decision", **decision(last))
    decided = await act(registration, one, "decision", **decision(clock(), decision_no="永审强注〔2025〕1号"))

    assert (hidden.status_code, early["http"], still["http"]) == (404, 409, 409)
    assert (dated["http"], dated["type"]) == (409, "/problems/decision-too-early")
    assert public["state"] == "noticed"
    assert (decided["http"], decided["state"]) == (200, "deregistered"), decided
    assert (await shown(registration, one["uscc"]))["state"] == "deregistered"
    told = (await registration.event(f"{ENTERPRISE}forcibly_deregistered.v1", one["uscc"]))["data"]
    assert (told["state"], told["details"]["decision_no"]) == ("deregistered", "永审强注〔2025〕1号")
    for step in ("noticed", "elapsed"):
        assert len(await registration.events(f"{FORCED}{step}.v1", one["uscc"])) == 1


async def test_only_companies_are_struck_off(registration: ServiceUnderTest, clock: SettableClock) -> None:
    clock.set(CLOSED)
    uscc = str((await registered(registration, **individual_business()))["uscc"])
    assert (await close(registration, uscc)).status_code == 200
    clock.set(DUE)

    await sweep(registration, partial(list_due_exits, desk=registration.app.state.desk))
    by_hand = await registration.post(EXITS, {"uscc": uscc}, OFFICER)

    assert not await registration.rows("SELECT 1 FROM forced_exit WHERE uscc = :u", u=uscc)
    assert (by_hand.status_code, by_hand.json()["type"]) == (409, "/problems/forced-exit-not-due")


async def test_an_objection_stops_it_until_the_registrar_has_decided_on_it(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    one = await listed(registration, clock, 203)
    await act(registration, one, "notice")
    against = {"ground": "lawsuit", "reason": "案件尚在审理"}

    objected = await registration.post(f"{EXITS}/{one['id']}/objections", against, POLICE)
    again = await registration.post(f"{EXITS}/{one['id']}/objections", against, CREDITOR)
    clock.set(DUE + timedelta(days=200))
    await sweep(registration, end_forced_notices)
    stopped = (await registration.get(f"{EXITS}/{one['id']}", OFFICER)).json()
    dismissed = await act(registration, one, "dismissal", **BECAUSE)
    late = await registration.post(f"{EXITS}/{one['id']}/objections", against, POLICE)

    assert (objected.status_code, again.status_code) == (201, 201)
    assert [each["reason"] for each in objected.json()["objections"]] == [None]
    assert (stopped["state"], len(stopped["objections"])) == ("objected", 2)
    assert [each["reason"] for each in stopped["objections"]] == ["案件尚在审理"] * 2
    assert (dismissed["http"], dismissed["state"]) == (200, "elapsed")
    assert (late.status_code, late.json()["type"]) == (409, "/problems/forced-exit-state-forbids")


async def test_once_given_up_it_begins_again_only_by_hand(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    one = await listed(registration, clock, 204)
    body = {"uscc": one["uscc"]}

    running = await registration.post(EXITS, body, OFFICER)
    given_up = await act(registration, one, "termination", **BECAUSE)
    await sweep(registration, partial(list_due_exits, desk=registration.app.state.desk))
    foreign = await registration.post(EXITS, body, OTHER_OFFICER)
    again = await registration.post(EXITS, body, OFFICER)

    assert running.json()["type"] == "/problems/forced-exit-running"
    assert given_up["state"] == "terminated"
    assert foreign.status_code == 403
    assert (again.status_code, again.json()["state"]) == (201, "due")


@pytest.mark.parametrize(("days", "expected"), [(0, 200), (1, 409)])
async def test_for_three_years_a_forced_deregistration_can_be_undone(
    registration: ServiceUnderTest, clock: SettableClock, days: int, expected: int
) -> None:
    one = await listed(registration, clock, 205 + days)
    await act(registration, one, "notice")
    struck_off = DUE + timedelta(days=120)
    clock.set(struck_off)
    await act(registration, one, "decision", **decision(clock()))
    clock.set(years_later(struck_off, 3, days))

    answer = await restore(registration, one["uscc"])

    assert answer.status_code == expected, answer.text
    if expected == 200:
        assert answer.json()["state"] == "revoked"
        assert (await registration.get(f"{EXITS}/{one['id']}", OFFICER)).json()["state"] == "restored"
    else:
        assert answer.json()["type"] == "/problems/restoration-too-late"


async def test_what_is_on_its_way_ends_where_the_enterprise_leaves_by_itself_or_is_restored(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    left, back = await listed(registration, clock, 207), await listed(registration, clock, 208)
    await altered(registration, left["uscc"], state=EnterpriseState.DEREGISTERED)
    await sweep(registration, drop_needless_exits)
    await restore(registration, back["uscc"])

    for one in (left, back):
        found = (await registration.get(f"{EXITS}/{one['id']}", OFFICER)).json()
        assert found["state"] == "terminated"


async def test_the_last_day_is_counted_anew_once_the_years_calendar_is_published(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    one = await listed(registration, clock, 209)
    published = await act(registration, one, "notice")
    wrong = """UPDATE forced_exit SET is_provisional = true, ends_on = '2025-06-30',
        document = document || '{"ends_on": "2025-06-30", "is_provisional": true}' WHERE uscc = :u"""
    await registration.rows_changed(wrong, u=one["uscc"])

    await sweep(registration, partial(renew_forced_notices, desk=registration.app.state.desk))

    found = (await registration.get(f"{EXITS}/{one['id']}")).json()
    assert (found["ends_on"], found["is_provisional"]) == (published["ends_on"], False)


def an_exit(state: ForcedExitState) -> ForcedExit:
    return ForcedExit(
        id=new_uuid7(),
        uscc="91140881MAE000002E",
        name="永济市示例有限公司",
        division_code="140881001",
        registrar_uscc=REGISTRAR,
        state=state,
        version=1,
        closed_on=date(2022, 3, 7),
        opened_at=DUE,
    )

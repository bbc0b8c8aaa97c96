"""Simple deregistration (简易注销): notice, objections, bars, the decision, over HTTP."""

import asyncio
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.api.exit_region import exit_policy
from services.registration.domain.exit_notice import NoticeKind, term_of
from services.registration.domain.exit_policy import CountsFrom
from services.registration.use_cases.settle_notices import (
    renew_notice_terms,
    settle_notices,
    warn_of_lapse,
)
from shared.calendar import CHINA, Limit, LimitUnit
from tests.registration.authorities import close, enterprise_of
from tests.registration.builders import ANN, BOB, FILINGS, OFFICER, filing, person
from tests.registration.changing import altered
from tests.registration.kind_builders import branch, individual_business
from tests.registration.leaving import (
    CREDITOR,
    LIQUIDATIONS,
    NOTICES,
    PACK,
    POLICE,
    PREFIX,
    TAX_AGENCY,
    china,
    commitments,
    enterprise,
    give_notice,
    leave,
    noticed,
    objected,
    state_of,
    sweep,
)
from tests.support.clock import SettableClock
from tests.support.identities import bearer
from tests.support.service import ServiceUnderTest

EXITS, CALENDAR = exit_policy(PACK).simple, PACK.calendar()
GIVEN = china(2026, 3, 2)
LAST_SECOND = china(2026, 3, 23, 23, 59, 59)  # the 20th day is a Sunday: the Monday after it


@pytest.fixture
async def notice(registration: ServiceUnderTest, clock: SettableClock) -> dict[str, Any]:
    """Given on 2 March 2026."""
    clock.set(GIVEN)
    return await noticed(registration, await enterprise(registration))


async def test_after_a_notice_without_objection_the_rules_deregister_in_the_call(
    registration: ServiceUnderTest, clock: SettableClock, notice: dict[str, Any]
) -> None:
    code = notice["uscc"]
    listed = (await registration.get(NOTICES, uscc=code)).json()["entries"]
    clock.set(china(2026, 3, 24))

    left = (await leave(registration, code, joint=True)).json()

    assert [(n["ends_on"], n["apply_until"]) for n in listed] == [("2026-03-23", "2026-04-13")]
    assert (left["status"], left["decided_by"]) == ("approved", "system"), left
    assert len({check["rule"] for check in left["checks"]}) >= 17
    assert all(check["basis_zh"] for check in left["checks"])
    event = await registration.event(f"{PREFIX}enterprise.deregistered.v1", code)
    assert event["data"]["details"] == {"method": "simple", "joint": "true"}
    assert (event["data"]["state"], event["data"]["ended_on"]) == ("deregistered", "2026-03-24")
    assert (await registration.get(f"{NOTICES}/{notice['id']}")).json()["state"] == "used"
    licence = (await registration.get(f"/registration/v1/verify/{left['licence_identifier']}")).json()
    assert licence["is_valid"] is False
    [claim] = await registration.rows("SELECT gone_on FROM name_claim WHERE uscc = :u", u=code)
    assert str(claim["gone_on"]) == "2026-03-24"
    own = await registration.get(f"/registration/v1/enterprises/{code}", ANN)
    assert own.json()["people"][0]["name"] == "张三丰"


async def test_before_its_end_nobody_leaves_and_a_second_notice_is_refused(
    registration: ServiceUnderTest, clock: SettableClock, notice: dict[str, Any]
) -> None:
    clock.set(LAST_SECOND)

    early = await leave(registration, notice["uscc"])
    second = await give_notice(registration, notice["uscc"])
    clock.set(china(2026, 3, 24, 0, 0, 1))
    decided = await leave(registration, notice["uscc"])

    assert (early.status_code, early.json()["type"]) == (409, "/problems/exit-notice-not-over")
    assert (second.status_code, second.json()["type"]) == (409, "/problems/exit-notice-running")
    assert decided.json()["status"] == "approved"


async def test_a_missing_commitment_is_told_by_its_place_and_nothing_is_published(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(GIVEN)
    people = [
        person("legal_representative", "shareholder", serial=1, subscribed_fen=4_000_000),
        person("supervisor", serial=2, subscribed_fen=None),
        person("shareholder", serial=3, subscribed_fen=6_000_000),
    ]
    code = await enterprise(registration, filing(people=people))

    refused = await give_notice(registration, code, 1)
    by_stranger = await registration.post(NOTICES, {"uscc": code, "commitments": commitments(1, 3)}, BOB)
    given = await give_notice(registration, code, 1, 3)

    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/simple-exit-barred")
    assert [fault["pointer"] for fault in refused.json()["errors"]] == ["/commitments/3"]
    assert "张三丰" not in refused.text
    assert (by_stranger.status_code, given.status_code) == (403, 201)
    assert len(await registration.events(f"{PREFIX}notice.published.v1", code)) == 1


async def test_whatever_bars_the_simple_way_is_listed_at_once(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(GIVEN)
    owned = filing(name__form="有限公司")
    code = await enterprise(registration, owned)
    path = f"/registration/v1/enterprises/{code}"
    name = "".join(owned["name"].values())
    below = await enterprise(registration, branch(code, name, "蒲州"))
    bar = {"kind": "shares_frozen", "reference": "（2026）晋0881执12号"}
    entered = (await registration.post(f"{path}/exit-bars", bar, POLICE)).json()
    same = (await registration.post(f"{path}/exit-bars", bar, POLICE)).json()
    await registration.post(f"{path}/exit-bars", bar | {"kind": "taxes_owed"}, TAX_AGENCY)

    refused = await give_notice(registration, code)
    foreign = await registration.post(f"/registration/v1/exit-bars/{entered['id']}/lifting", None, TAX_AGENCY)
    lifted = await registration.post(f"/registration/v1/exit-bars/{entered['id']}/lifting", None, POLICE)
    rest = await give_notice(registration, code)
    shown = (await registration.get(f"{path}/exit-bars", ANN)).json()

    assert refused.status_code == 409
    assert {fault["code"] for fault in refused.json()["errors"]} == {
        "exit.bars.shares_frozen",
        "exit.bars.taxes_owed",
        "exit.branches",
    }
    assert below in refused.text
    assert same["id"] == entered["id"]
    assert (foreign.status_code, lifted.status_code) == (404, 200)
    assert "exit.bars.shares_frozen" not in rest.text
    assert [bar["lifted_at"] is None for bar in shown["bars"]] == [True, False]
    own = [(await registration.get(f"{path}/exit-bars", token)).json() for token in (POLICE, OFFICER)]
    assert [[bar["reference"] is not None for bar in told["bars"]] for told in (shown, *own)] == [
        [False, False],
        [False, True],
        [True, True],
    ]
    assert "执12号" not in str(await registration.events(f"{PREFIX}exit_bar.entered.v1", code))
    assert (await registration.get(f"{path}/exit-bars", BOB)).status_code == 403


async def test_the_list_of_abnormal_operations_and_investments_elsewhere_bar_it(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(GIVEN)
    owned = filing()
    code = await enterprise(registration, owned)
    shareholder = person("shareholder", serial=9, subscribed_fen=1_000_000) | {
        "party": "organisation",
        "id_number": code,
        "name": "".join(owned["name"].values()),
        "phone": None,
    }
    roles = ("legal_representative", "shareholder", "beneficial_owner")
    founder = person(*roles, serial=8, subscribed_fen=9_000_000)
    body = filing(people=[founder, shareholder], exempt_from_beneficial_owners=False)
    held = await enterprise(registration, body)
    await registration.rows_changed(
        "INSERT INTO abnormal_listing (id, uscc, cause, state, version, document, division_code, proposed_at,"
        " entered_at) VALUES (gen_random_uuid(), :u, 'unreachable', 'entered', 1, '{}', '140881', now(), now())",
        u=code,
    )

    refused = await give_notice(registration, code)

    assert {fault["code"] for fault in refused.json()["errors"]} == {
        "exit.bars.invests_elsewhere",
        "exit.bars.abnormal_list",
    }
    assert held in refused.text


async def test_an_objection_closes_the_way_until_the_agency_withdraws_it_and_only_once(
    registration: ServiceUnderTest, clock: SettableClock, notice: dict[str, Any]
) -> None:
    clock.set(LAST_SECOND)
    code, path = notice["uscc"], f"{NOTICES}/{notice['id']}"

    objection = (await objected(registration, notice["id"])).json()["objections"][0]
    twice = (await objected(registration, notice["id"])).json()["objections"]
    barred = await leave(registration, code)
    shut = await give_notice(registration, code)
    public = (await registration.get(path)).json()["objections"][0]
    own = (await registration.get(path, ANN)).json()["objections"][0]
    withdrawal = f"{path}/objections/{objection['id']}/withdrawal"
    foreign = await registration.post(withdrawal, None, POLICE)
    await registration.post(withdrawal, None, TAX_AGENCY)
    again = (await give_notice(registration, code)).json()
    await objected(registration, again["id"], CREDITOR)
    for_good = await give_notice(registration, code)

    assert len(twice) == 1
    assert (barred.status_code, barred.json()["type"]) == (409, "/problems/simple-way-closed")
    assert (shut.status_code, shut.json()["type"]) == (409, "/problems/simple-way-closed")
    assert (public["reason"], own["reason"]) == (None, "尚欠货款十二万元")
    assert foreign.status_code == 404
    assert again["state"] == "published"
    assert for_good.json()["type"] == "/problems/simple-way-closed"
    told = await registration.events(f"{PREFIX}notice.objected.v1", code)
    assert [event["data"]["agency_uscc"] for event in told] == ["11140881MB9Y000405", None]
    assert "货款" not in str(told)


async def test_an_objection_comes_within_its_time_and_from_people_or_agencies_only(
    registration: ServiceUnderTest, clock: SettableClock, notice: dict[str, Any]
) -> None:
    clock.set(china(2026, 3, 24, 0, 0, 1))

    late = await objected(registration, notice["id"])
    without = await objected(registration, notice["id"], ANN)

    assert (late.status_code, late.json()["type"]) == (409, "/problems/exit-notice-state-forbids")
    assert without.status_code == 403


async def test_a_notice_lapses_when_nobody_applies_in_time_and_is_warned_of_before(
    registration: ServiceUnderTest, clock: SettableClock, notice: dict[str, Any]
) -> None:
    code, desk = notice["uscc"], registration.app.state.desk
    clock.set(china(2026, 4, 8))
    await asyncio.gather(*(sweep(registration, settle_notices) for _ in range(2)))
    await asyncio.gather(*(sweep(registration, partial(warn_of_lapse, desk=desk)) for _ in range(2)))
    await sweep(registration, partial(warn_of_lapse, desk=desk))
    clock.set(china(2026, 4, 14, 0, 0, 1))

    late = await leave(registration, code)
    await asyncio.gather(*(sweep(registration, settle_notices) for _ in range(2)))
    still = await leave(registration, code)
    anew = await give_notice(registration, code)

    assert (late.status_code, late.json()["type"]) == (409, "/problems/exit-notice-lapsed")
    assert still.json()["type"] == "/problems/exit-notice-lapsed"
    assert anew.status_code == 201
    for verb in ("ended", "warned", "lapsed"):
        assert len(await registration.events(f"{PREFIX}notice.{verb}.v1", code)) == 1, verb


async def test_on_the_last_day_one_may_still_apply_and_a_late_sweep_takes_nothing_away(
    registration: ServiceUnderTest, clock: SettableClock, notice: dict[str, Any]
) -> None:
    clock.set(china(2026, 4, 13, 23, 59, 59))

    waiting = (await leave(registration, notice["uscc"], wants_person=True)).json()
    beside = await leave(registration, notice["uscc"])
    clock.set(china(2026, 4, 15))
    await sweep(registration, settle_notices)
    approved = (await registration.post(f"{FILINGS}/{waiting['id']}/approval", None, OFFICER)).json()

    assert waiting["status"] == "under_review"
    assert (beside.status_code, beside.json()["type"]) == (409, "/problems/filing-in-progress")
    assert (approved["status"], approved["decided_by"]) == ("approved", "officer")
    assert await state_of(registration, notice["uscc"]) == "deregistered"
    assert len(await registration.events(f"{PREFIX}notice.ended.v1", notice["uscc"])) == 1


async def test_the_decision_is_due_three_working_days_after_the_notice_ended(
    registration: ServiceUnderTest, clock: SettableClock, notice: dict[str, Any]
) -> None:
    clock.set(china(2026, 3, 25))

    waiting = (await leave(registration, notice["uscc"], wants_person=True)).json()

    assert waiting["clock"]["due_at"] == "2026-03-26T10:00:00Z"


async def test_an_application_later_than_that_has_three_working_days_of_its_own(
    registration: ServiceUnderTest, clock: SettableClock, notice: dict[str, Any]
) -> None:
    clock.set(china(2026, 4, 1))

    waiting = (await leave(registration, notice["uscc"], wants_person=True)).json()

    assert waiting["clock"]["due_at"] == "2026-04-07T10:00:00Z"  # 4 to 6 April are Qingming


@pytest.mark.parametrize(
    ("limit", "due_at"),
    [
        (Limit(Decimal(3), LimitUnit.WORKING_DAY), "2026-03-30T10:00:00Z"),
        (Limit(Decimal(0), LimitUnit.IMMEDIATE), "2026-03-25T02:00:00Z"),
    ],
    ids=["three working days", "at once"],
)
async def test_another_city_counts_from_the_application_or_decides_at_once(
    registration: ServiceUnderTest,
    clock: SettableClock,
    notice: dict[str, Any],
    limit: Limit,
    due_at: str,
) -> None:
    desk = registration.app.state.desk
    simple = replace(desk.policy.exits.simple, decision=limit, counts_from=CountsFrom.APPLICATION)
    policy = replace(desk.policy, exits=replace(desk.policy.exits, simple=simple))
    clock.set(china(2026, 3, 25))

    registration.app.state.desk = replace(desk, policy=policy)
    try:
        waiting = (await leave(registration, notice["uscc"], wants_person=True)).json()
    finally:
        registration.app.state.desk = desk

    assert waiting["clock"]["due_at"][:16] == due_at[:16]


async def test_a_refused_filing_gives_the_notice_back(
    registration: ServiceUnderTest, clock: SettableClock, notice: dict[str, Any]
) -> None:
    clock.set(china(2026, 3, 24))
    waiting = (await leave(registration, notice["uscc"], wants_person=True)).json()

    reason = {"reason_zh": "承诺书签名不清", "reason_en": "a signature cannot be read"}
    await registration.post(f"{FILINGS}/{waiting['id']}/refusal", reason, OFFICER)
    again = (await leave(registration, notice["uscc"])).json()

    assert again["status"] == "approved"


async def test_a_notice_waits_for_an_officer_but_not_for_a_filing_that_went_back(
    registration: ServiceUnderTest, clock: SettableClock, notice: dict[str, Any]
) -> None:
    clock.set(china(2026, 3, 24))
    path, code = f"{NOTICES}/{notice['id']}", notice["uscc"]
    waiting = (await leave(registration, code, wants_person=True)).json()
    version = (await registration.get(path)).headers["ETag"]

    held = await registration.post(f"{path}/withdrawal", None, ANN, **{"If-Match": version})
    reason = {"reason_zh": "承诺书签名不清", "reason_en": "a signature cannot be read"}
    await registration.post(f"{FILINGS}/{waiting['id']}/return", reason, OFFICER)
    clock.set(china(2026, 4, 14))
    await sweep(registration, settle_notices)
    late = await leave(registration, code)

    assert (held.status_code, held.json()["type"]) == (409, "/problems/filing-in-progress")
    assert (late.status_code, late.json()["type"]) == (409, "/problems/exit-notice-lapsed")
    assert (await registration.get(path)).json()["state"] == "lapsed"


async def test_a_withdrawn_notice_leads_nowhere(
    registration: ServiceUnderTest, clock: SettableClock, notice: dict[str, Any]
) -> None:
    path = f"{NOTICES}/{notice['id']}/withdrawal"
    match = {"If-Match": '"1"'}

    foreign = await registration.post(path, None, BOB, **match)
    withdrawn = await registration.post(path, None, ANN, **match)
    stale = await registration.post(path, None, ANN, **match)
    twice = await registration.post(path, None, ANN, **{"If-Match": '"2"'})
    clock.set(china(2026, 3, 24))
    left = await leave(registration, notice["uscc"])

    assert (foreign.status_code, withdrawn.json()["state"]) == (403, "withdrawn")
    assert (stale.status_code, twice.status_code) == (412, 409)
    assert left.json()["type"] == "/problems/exit-notice-missing"


async def test_a_notice_is_no_more_withdrawn_by_who_stood_for_the_enterprise(
    registration: ServiceUnderTest, notice: dict[str, Any]
) -> None:
    path, match = f"{NOTICES}/{notice['id']}/withdrawal", {"If-Match": '"1"'}
    await altered(registration, notice["uscc"], owner_accounts=("bob",))

    former = await registration.post(path, None, ANN, **match)
    own = await registration.post(path, None, BOB, **match)

    assert (former.status_code, own.json()["state"]) == (403, "withdrawn")


async def test_what_one_investor_signed_binds_no_other_who_comes_after(
    registration: ServiceUnderTest, clock: SettableClock, notice: dict[str, Any]
) -> None:
    code = notice["uscc"]
    change = {"kind": "alteration", "uscc": code, "decided_on": "2026-03-02", "resolution_signed": True}
    moved = {"domicile": {"division_code": "140881104", "street": "鹳雀路8号", "commitment": True}}
    owners = {"owners": [person("shareholder", serial=2)]}

    await registration.post(FILINGS, change | moved, ANN)
    kept = (await registration.get(f"{NOTICES}/{notice['id']}")).json()["state"]
    sold = (await registration.post(FILINGS, change | owners, ANN)).json()
    gone = (await registration.get(f"{NOTICES}/{notice['id']}")).json()["state"]
    clock.set(china(2026, 3, 24))
    left = await leave(registration, code)

    assert (kept, sold["status"], gone) == ("published", "approved", "withdrawn")
    assert (left.status_code, left.json()["type"]) == (409, "/problems/exit-notice-missing")
    assert len(await registration.events(f"{PREFIX}notice.withdrawn.v1", code)) == 1


async def test_an_operator_who_comes_after_the_filing_is_not_bound_by_it(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(GIVEN)
    code = await enterprise(registration, individual_business())
    waiting = (await leave(registration, code, commitments=commitments(1))).json()
    successor = person("operator", serial=7, subscribed_fen=None) | {"residence": "永济市河东大道14号"}
    change = {"kind": "alteration", "uscc": code, "decided_on": "2026-03-02", "resolution_signed": True}

    refused = await registration.post(FILINGS, change | {"principal": successor}, ANN)
    await registration.post(f"{FILINGS}/{waiting['id']}/withdrawal", None, ANN)
    sold = (await registration.post(FILINGS, change | {"principal": successor}, ANN)).json()

    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/filing-in-progress")
    assert (waiting["status"], sold["status"]) == ("under_review", "approved")


async def test_a_notice_ends_with_the_business(registration: ServiceUnderTest, clock: SettableClock) -> None:
    clock.set(GIVEN)
    notice = await noticed(registration, await enterprise_of(registration, 941))

    assert (await close(registration, notice["uscc"])).status_code == 200

    assert (await registration.get(f"{NOTICES}/{notice['id']}")).json()["state"] == "withdrawn"
    group = {"formed_on": "2026-03-02", "members": [{"name": "张三丰", "is_head": True}]}
    wound_up = {
        "uscc": notice["uscc"],
        "reason": "licence_revoked",
        "decided_on": "2026-03-02",
        "group": group,
    }
    opened = await registration.post(LIQUIDATIONS, wound_up, ANN)
    assert opened.status_code == 201, opened.text


async def test_objections_and_a_withdrawal_at_once_leave_one_winner(
    registration: ServiceUnderTest, clock: SettableClock, notice: dict[str, Any]
) -> None:
    code = notice["uscc"]

    answers = await asyncio.gather(
        *(objected(registration, notice["id"], token) for token in (TAX_AGENCY, POLICE, CREDITOR)),
        registration.client.post(
            f"{NOTICES}/{notice['id']}/withdrawal",
            headers=bearer(ANN, key="withdraw-at-once") | {"If-Match": '"1"'},
        ),
    )

    state = (await registration.get(f"{NOTICES}/{notice['id']}")).json()["state"]
    won = [answer.status_code for answer in answers]
    if state == "withdrawn":
        assert won == [409, 409, 409, 200]
    else:
        assert (state, won[:3]) == ("objected", [201, 201, 201])
        assert won[3] in (409, 412)
        assert len(await registration.events(f"{PREFIX}notice.objected.v1", code)) == 3


async def test_two_filings_at_once_deregister_once(
    registration: ServiceUnderTest, clock: SettableClock, notice: dict[str, Any]
) -> None:
    clock.set(china(2026, 3, 24))

    answers = await asyncio.gather(*(leave(registration, notice["uscc"]) for _ in range(4)))

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert len(await registration.events(f"{PREFIX}enterprise.deregistered.v1", notice["uscc"])) == 1


@pytest.mark.parametrize(
    ("given", "ends_on", "apply_until", "is_provisional"),
    [
        # The 20th day falls into National Day, 1 to 7 October.
        (china(2026, 9, 13), "2026-10-08", "2026-10-28", False),
        # It falls on a worked Sunday, 20 September 2026.
        (china(2026, 8, 31), "2026-09-20", "2026-10-10", False),
        # It is 31 December; the time to apply goes over into a year whose holidays are unpublished.
        (china(2026, 12, 11), "2026-12-31", "2027-01-20", True),
    ],
)
async def test_a_notice_ends_on_a_civil_day_on_which_offices_work(
    registration: ServiceUnderTest,
    clock: SettableClock,
    given: datetime,
    ends_on: str,
    apply_until: str,
    is_provisional: bool,
) -> None:
    clock.set(given)

    told = await noticed(registration, await enterprise(registration))

    assert (told["ends_on"], told["apply_until"], told["is_provisional"]) == (
        ends_on,
        apply_until,
        is_provisional,
    )


async def test_provisional_days_are_counted_anew(
    registration: ServiceUnderTest, clock: SettableClock, notice: dict[str, Any]
) -> None:
    wrong = """UPDATE exit_notice SET is_provisional = true, document = jsonb_set(document, '{term}',
        '{"ends_on": "2026-03-25", "apply_until": "2026-04-20", "is_provisional": true}')
        WHERE id = CAST(:i AS uuid)"""
    await registration.rows_changed(wrong, i=notice["id"])

    await sweep(registration, partial(renew_notice_terms, desk=registration.app.state.desk))

    after = (await registration.get(f"{NOTICES}/{notice['id']}")).json()
    assert (after["ends_on"], after["apply_until"], after["is_provisional"]) == (
        notice["ends_on"],
        notice["apply_until"],
        False,
    )


@given(
    given_on=st.dates(date(2022, 1, 1), date(2026, 10, 31)),
    hour=st.integers(0, 23),
    kind=st.sampled_from(NoticeKind),
)
def test_nobody_has_fewer_days_than_the_statute_gives(given_on: date, hour: int, kind: NoticeKind) -> None:
    days = 20 if kind is NoticeKind.PUBLIC else 10

    term = term_of(datetime.combine(given_on, time(hour), CHINA), kind, EXITS, CALENDAR)

    for start, wait, end in ((given_on, days, term.ends_on), (term.ends_on, 20, term.apply_until)):
        shut = _days(start + timedelta(days=wait), end)
        assert end >= start + timedelta(days=wait)
        assert CALENDAR.is_working_day(end)
        assert not any(CALENDAR.is_working_day(day) for day in shut)


def _days(first: date, end: date) -> list[date]:
    """From the first up to the day before the end."""
    return [first + timedelta(days=n) for n in range((end - first).days)]

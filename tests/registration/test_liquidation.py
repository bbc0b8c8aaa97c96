"""Liquidation (清算) and ordinary deregistration (普通注销), over HTTP; its days by property."""

import asyncio
import json
from datetime import date, datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.api.exit_region import exit_policy
from services.registration.domain.kinds import EnterpriseKind
from services.registration.domain.liquidation import application_due, claims_until, group_due
from shared.calendar import CHINA
from shared.region.limits import TimeLimit
from tests.registration.authorities import close, restore
from tests.registration.builders import ANN, BOB, FILINGS, OFFICER, filing
from tests.registration.kind_builders import branch, general_partnership, individual_business
from tests.registration.leaving import (
    LIQUIDATIONS,
    PACK,
    POLICE,
    PREFIX,
    TAX_AGENCY,
    china,
    enterprise,
    give_notice,
    leave,
    noticed,
    state_of,
)
from tests.support.clock import SettableClock
from tests.support.identities import bearer
from tests.support.service import ServiceUnderTest

POLICY, CALENDAR = exit_policy(PACK).ordinary, PACK.calendar()
BEGUN = china(2026, 3, 2)
CREDITORS = {
    "contact_name": "李四光",
    "contact_phone": "03598888888",
    "address": "永济市城西街道河东大道12号",
}
REPORT = {
    "ended_on": "2026-04-18",
    "confirmed_on": "2026-04-19",
    "signed_places": [1],
    "assets_fen": 1_250_000,
    "debts_unpaid_fen": 0,
    "wages_settled": True,
    "insurance_settled": True,
    "document_sha256": "9f" * 32,
}
MEMBERS = [{"name": "张三丰", "is_head": True}, {"name": "李四光", "is_head": False}]


def asked(code: str, **changes: Any) -> dict[str, Any]:
    """A sound group for it."""
    group = {"formed_on": "2026-02-26", "members": MEMBERS}
    body = {"uscc": code, "reason": "resolution", "decided_on": "2026-02-24", "group": group}
    return body | changes


async def opened(registration: ServiceUnderTest, code: str) -> dict[str, Any]:
    """Its liquidation, as Ann opened it."""
    answer = await registration.post(LIQUIDATIONS, asked(code), ANN)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def moved(
    registration: ServiceUnderTest, one: dict[str, Any], step: str, body: dict[str, Any] | None = None
) -> httpx.Response:
    """The next step of a liquidation."""
    version = (await registration.get(f"{LIQUIDATIONS}/{one['id']}")).json()["version"]
    match = {"If-Match": f'"{version}"'}
    return await registration.post(f"{LIQUIDATIONS}/{one['id']}/{step}", body or {}, ANN, **match)


async def concluded(registration: ServiceUnderTest, code: str) -> dict[str, Any]:
    """From 2 March to 20 April 2026, taxes cleared."""
    registration.clock.set(BEGUN)
    one = await opened(registration, code)
    assert (await moved(registration, one, "creditor-notice", CREDITORS)).status_code == 200
    registration.clock.set(china(2026, 4, 20))
    done = await moved(registration, one, "report", REPORT | {"signed_places": [1, 2]})
    assert done.status_code == 200, done.text
    clearance = {"outcome": "cleared", "reference": "永税清〔2026〕31号"}
    await registration.post(f"/registration/v1/enterprises/{code}/tax-clearance", clearance, TAX_AGENCY)
    return one


async def ask_to_leave(registration: ServiceUnderTest, code: str, **changes: Any) -> httpx.Response:
    """Ann files the ordinary deregistration."""
    body = {"kind": "deregistration", "uscc": code, "reason": "resolution", "decided_on": "2026-02-24"}
    return await registration.post(FILINGS, body | changes, ANN)


async def ruled(registration: ServiceUnderTest, code: str, kind: str, proceedings: str) -> None:
    """A court told the register."""
    await registration.rows_changed(
        "INSERT INTO court_ruling (id, uscc, kind, number, ruled_on, court_uscc, court_name, proceedings,"
        " entered_at) VALUES (gen_random_uuid(), :u, :k, '（2025）晋08破3号', '2026-02-27',"
        " '11140800MB9Y00016X', '运城市中级人民法院', :s, now())",
        u=code,
        k=kind,
        s=proceedings,
    )


async def test_a_company_is_wound_up_step_by_step_and_leaves_by_rules(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(BEGUN)
    code = await enterprise(registration)
    one = await opened(registration, code)
    in_liquidation = await state_of(registration, code)
    hasty = await moved(registration, one, "report", REPORT)
    notified = (await moved(registration, one, "creditor-notice", CREDITORS)).json()
    clock.set(china(2026, 4, 16, 23, 59, 59))
    early = await moved(
        registration, one, "report", REPORT | {"ended_on": "2026-04-10", "confirmed_on": "2026-04-12"}
    )
    clock.set(china(2026, 4, 20))
    done = (await moved(registration, one, "report", REPORT)).json()
    uncleared = (await ask_to_leave(registration, code)).json()
    clearance = {"outcome": "cleared", "reference": "永税清〔2026〕31号"}
    await registration.post(f"/registration/v1/enterprises/{code}/tax-clearance", clearance, TAX_AGENCY)

    left = (await ask_to_leave(registration, code, joint=True)).json()

    assert (in_liquidation, hasty.json()["type"]) == ("in_liquidation", "/problems/liquidation-state-forbids")
    assert notified["creditor_notice"]["claims_until"] == "2026-04-16"
    assert (early.status_code, early.json()["type"]) == (409, "/problems/claims-still-open")
    assert (done["state"], done["apply_until"]) == ("concluded", "2026-05-18")
    assert [f["rule"] for f in uncleared["findings"]] == ["exit.tax_clearance"]
    assert (left["status"], left["decided_by"], left["findings"]) == ("approved", "system", [])
    event = await registration.event(f"{PREFIX}enterprise.deregistered.v1", code)
    assert event["data"]["details"] == {"method": "ordinary", "joint": "true"}
    assert event["data"]["reason_zh"] == "决议解散"
    public = (await registration.get(LIQUIDATIONS, uscc=code)).json()["entries"][0]
    assert (public["state"], public["members"]) == ("closed", MEMBERS)
    for verb in ("opened", "creditors_notified", "concluded"):
        assert len(await registration.events(f"{PREFIX}liquidation.{verb}.v1", code)) == 1, verb
    assert "张三丰" not in str(await registration.events(f"{PREFIX}liquidation.opened.v1", code))


async def test_a_group_has_one_head_and_its_late_publication_is_told(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(BEGUN)
    code = await enterprise(registration)
    headless = [member | {"is_head": False} for member in MEMBERS]

    unsound = await registration.post(
        LIQUIDATIONS, asked(code, group={"formed_on": "2026-03-03", "members": headless}), ANN
    )
    foreign = await registration.post(LIQUIDATIONS, asked(code), BOB)
    late = {"formed_on": "2026-02-10", "members": MEMBERS}  # ten days on is Spring Festival until the 23rd
    told = (
        await registration.post(LIQUIDATIONS, asked(code, decided_on="2026-02-09", group=late), ANN)
    ).json()
    twice = await registration.post(LIQUIDATIONS, asked(code), ANN)

    assert (unsound.status_code, unsound.json()["type"]) == (409, "/problems/liquidation-unsound")
    assert [f["pointer"] for f in unsound.json()["errors"]] == ["/group/members", "/group/formed_on"]
    assert foreign.status_code == 403
    assert told["group_days_late"] == 6
    assert twice.json()["type"] == "/problems/liquidation-running"


async def test_what_cannot_pay_its_debts_is_sent_to_the_court(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(BEGUN)
    one = await opened(registration, await enterprise(registration))
    await moved(registration, one, "creditor-notice", CREDITORS)
    clock.set(china(2026, 4, 20))

    owing = await moved(registration, one, "report", REPORT | {"debts_unpaid_fen": 1, "wages_settled": False})

    assert [(f["pointer"], f["code"]) for f in owing.json()["errors"]] == [
        ("/debts_unpaid_fen", "liquidation.debts"),
        ("/wages_settled", "liquidation.debts"),
    ]


async def test_all_partners_sign_and_apply_within_fifteen_days(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(BEGUN)
    one = await opened(registration, await enterprise(registration, general_partnership()))
    await moved(registration, one, "creditor-notice", CREDITORS)
    clock.set(china(2026, 4, 20))

    alone = await moved(registration, one, "report", REPORT)
    both = await moved(registration, one, "report", REPORT | {"signed_places": [1, 2]})

    assert [f["pointer"] for f in alone.json()["errors"]] == ["/signed_places/2"]
    assert both.json()["apply_until"] == "2026-05-06"  # the 15th day is a Sunday before Labour Day's end


async def test_a_late_application_is_noted_and_a_bar_is_looked_at_by_a_person(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(BEGUN)
    code = await enterprise(registration)
    await concluded(registration, code)
    bar = {"kind": "lawsuit", "reference": "（2026）晋0881民初88号"}
    await registration.post(f"/registration/v1/enterprises/{code}/exit-bars", bar, POLICE)
    clock.set(china(2026, 5, 20))

    waiting = (await ask_to_leave(registration, code)).json()
    second = await ask_to_leave(registration, code)
    approved = (await registration.post(f"{FILINGS}/{waiting['id']}/approval", None, OFFICER)).json()

    assert [(f["rule"], f["outcome"]) for f in waiting["findings"]] == [
        ("exit.in_time", "noted"),
        ("exit.bars.lawsuit", "referred"),
    ]
    assert "2 日" in waiting["findings"][0]["text_zh"]
    assert waiting["clock"]["due_at"] == "2026-05-25T10:00:00Z"  # three working days, as any filing
    assert second.json()["type"] == "/problems/filing-in-progress"
    assert approved["status"] == "approved"


async def test_branches_go_first_and_by_their_enterprises_commitment(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(BEGUN)
    body = filing()
    code = await enterprise(registration, body)
    below = await enterprise(registration, branch(code, "".join(body["name"].values()), "蒲州"))
    await concluded(registration, code)

    held = (await ask_to_leave(registration, code)).json()
    unneeded = await registration.post(LIQUIDATIONS, asked(below), ANN)
    commitment = {"uscc": below, "commitments": [{"place": 0, "signed_on": "2026-03-01"}]}
    notice = (await registration.post("/registration/v1/notices", commitment, ANN)).json()
    clock.set(china(2026, 5, 12))
    branch_left = (await leave(registration, below)).json()
    left = (await ask_to_leave(registration, code)).json()

    assert [f["rule"] for f in held["findings"]] == ["exit.branches"]
    assert unneeded.json()["type"] == "/problems/no-liquidation-needed"
    assert (notice["committed_places"], branch_left["status"]) == ([0], "approved")
    assert left["status"] == "approved"


async def test_an_enterprise_that_goes_on_is_active_again_with_its_licence(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(BEGUN)
    code = await enterprise(registration)
    one = await opened(registration, code)
    changed = await registration.client.put(
        f"{LIQUIDATIONS}/{one['id']}/group",
        json={"group": {"formed_on": "2026-02-27", "members": MEMBERS[:1]}},
        headers=bearer(ANN, key="another-group-01") | {"If-Match": '"1"'},
    )

    stale = await registration.post(f"{LIQUIDATIONS}/{one['id']}/abandonment", {}, ANN, **{"If-Match": '"1"'})
    abandoned = (await moved(registration, one, "abandonment")).json()
    again = await moved(registration, one, "creditor-notice", CREDITORS)

    assert (changed.status_code, len(changed.json()["members"])) == (200, 1)
    assert (stale.status_code, abandoned["state"], again.status_code) == (412, "abandoned", 409)
    assert await state_of(registration, code) == "active"
    [licence] = await registration.rows("SELECT state FROM licence WHERE uscc = :u", u=code)
    assert licence["state"] == "01"


async def test_a_revoked_enterprise_stays_revoked_while_it_is_wound_up(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(BEGUN)
    code = await enterprise(registration)
    await registration.rows_changed("UPDATE enterprise SET state = 'revoked' WHERE uscc = :u", u=code)

    await concluded(registration, code)
    simple = await leave(registration, code)
    state = await state_of(registration, code)
    left = (await ask_to_leave(registration, code, reason="licence_revoked")).json()

    assert (simple.json()["type"], state) == ("/problems/state-forbids", "revoked")
    assert left["status"] == "approved"


async def test_the_two_ways_out_exclude_one_another(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(BEGUN)
    code = await enterprise(registration)
    await noticed(registration, code)

    ordinary = await registration.post(LIQUIDATIONS, asked(code), ANN)
    filed = await ask_to_leave(registration, code)
    bankrupt = await enterprise(registration)
    unruled = (await ask_to_leave(registration, bankrupt, reason="bankruptcy_ended")).json()
    shown = (
        await ask_to_leave(
            registration, bankrupt, reason="bankruptcy_ended", court_ruling="（2025）晋08破3号"
        )
    ).json()

    assert ordinary.json()["type"] == filed.json()["type"] == "/problems/exit-notice-running"
    assert [f["rule"] for f in unruled["findings"]] == ["exit.court_ruling", "exit.tax_clearance"]
    assert (shown["status"], [f["rule"] for f in shown["findings"]]) == (
        "under_review",
        ["exit.court_ruling", "exit.tax_clearance"],
    )


@pytest.mark.parametrize("stands", ["bankrupt", "ended"])
async def test_what_a_court_told_the_register_decides_for_the_rules(
    registration: ServiceUnderTest, clock: SettableClock, stands: str
) -> None:
    clock.set(BEGUN)
    code = await enterprise(registration)
    kind = "bankruptcy_ended" if stands == "ended" else "bankruptcy_declared"
    await ruled(registration, code, kind, stands)

    filed = (await ask_to_leave(registration, code, reason="bankruptcy_ended")).json()
    simple = await give_notice(registration, code)

    if stands == "ended":
        assert (filed["status"], filed["decided_by"]) == ("approved", "system")
        assert simple.json()["type"] == "/problems/state-forbids"
    else:
        assert [f["pointer"] for f in filed["findings"]] == ["/court_ruling", "/uscc"]
        assert [fault["code"] for fault in simple.json()["errors"]] == ["exit.bars.lawsuit"]


async def test_who_knows_no_bankruptcy_leaves_by_none(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(BEGUN)
    code = await enterprise(registration, individual_business())

    filed = (
        await ask_to_leave(registration, code, reason="bankruptcy_ended", court_ruling="（2025）晋08破3号")
    ).json()

    assert filed["status"] == "returned"
    assert [(f["rule"], f["pointer"]) for f in filed["findings"]] == [
        ("exit.court_ruling", "/reason"),
        ("exit.tax_clearance", "/uscc"),
    ]


@pytest.mark.parametrize("proceedings", ["bankruptcy", "bankrupt", "liquidation", "ended"])
async def test_what_is_before_the_court_is_not_its_owners_to_wind_up_or_to_go_on_with(
    registration: ServiceUnderTest, clock: SettableClock, proceedings: str
) -> None:
    clock.set(BEGUN)
    opened_before, later = await enterprise(registration), await enterprise(registration)
    one = await opened(registration, opened_before)
    for code in (opened_before, later):
        await ruled(registration, code, "bankruptcy_declared", proceedings)

    answers = [await registration.post(LIQUIDATIONS, asked(later), ANN)]
    answers.append(await moved(registration, one, "abandonment"))

    assert [(a.status_code, a.json()["type"]) for a in answers] == [(409, "/problems/before-the-court")] * 2
    assert await state_of(registration, opened_before) == "in_liquidation"


@pytest.mark.parametrize("reason", ["court_dissolved", "licence_revoked", "merged_or_divided"])
async def test_whom_another_dissolved_its_owners_do_not_bring_back(
    registration: ServiceUnderTest, clock: SettableClock, reason: str
) -> None:
    clock.set(BEGUN)
    code = await enterprise(registration)
    one = (await registration.post(LIQUIDATIONS, asked(code, reason=reason), ANN)).json()

    refused = await moved(registration, one, "abandonment")

    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/liquidation-goes-on")
    assert await state_of(registration, code) == "in_liquidation"


async def test_a_decision_set_aside_lets_the_enterprise_go_on_and_clears_no_tax(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(BEGUN)
    code = await enterprise(registration)
    await close(registration, code)
    one = (await registration.post(LIQUIDATIONS, asked(code, reason="licence_revoked"), ANN)).json()
    clearance = {"outcome": "cleared", "reference": "永税清〔2026〕31号"}
    await registration.post(f"/registration/v1/enterprises/{code}/tax-clearance", clearance, TAX_AGENCY)

    while_revoked = await moved(registration, one, "abandonment")
    await restore(registration, code)
    told = (await registration.get(f"/registration/v1/enterprises/{code}/exit-bars", TAX_AGENCY)).json()
    abandoned = await moved(registration, one, "abandonment")

    assert (while_revoked.status_code, told["tax_clearance"]) == (409, None)
    assert (abandoned.status_code, await state_of(registration, code)) == (200, "active")


async def test_taxes_cleared_for_an_exit_that_was_given_up_do_not_serve_the_next(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(BEGUN)
    code = await enterprise(registration)
    await moved(registration, await concluded(registration, code), "abandonment")
    again = await registration.post(
        LIQUIDATIONS, asked(code, group={"formed_on": "2026-04-19", "members": MEMBERS}), ANN
    )
    await moved(registration, again.json(), "creditor-notice", CREDITORS)
    clock.set(china(2026, 6, 10))
    days = {"ended_on": "2026-06-09", "confirmed_on": "2026-06-09"}
    await moved(registration, again.json(), "report", REPORT | days)

    returned = (await ask_to_leave(registration, code)).json()

    assert [f["rule"] for f in returned["findings"]] == ["exit.tax_clearance"]


async def test_taxes_cleared_before_the_end_was_decided_are_not_those_of_this_end(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(BEGUN)
    code = await enterprise(registration, individual_business())
    clearance = {"outcome": "cleared", "reference": "永税清〔2026〕31号"}
    await registration.post(f"/registration/v1/enterprises/{code}/tax-clearance", clearance, TAX_AGENCY)
    clock.set(china(2026, 3, 10))

    early = (await ask_to_leave(registration, code, decided_on="2026-03-03")).json()
    same_day = (await ask_to_leave(registration, code, decided_on="2026-03-02")).json()

    assert [f["rule"] for f in early["findings"]] == ["exit.tax_clearance"]
    assert same_day["status"] == "approved"


async def test_a_liquidation_that_the_courts_end_overtakes_is_told_to_have_ended(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(BEGUN)
    code = await enterprise(registration)
    await opened(registration, code)
    await ruled(registration, code, "bankruptcy_ended", "ended")

    left = (await ask_to_leave(registration, code, reason="bankruptcy_ended")).json()

    assert left["status"] == "approved"
    assert len(await registration.events(f"{PREFIX}liquidation.abandoned.v1", code)) == 1


async def test_a_suspension_ends_with_the_business(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(BEGUN)
    code = await enterprise(registration)
    term = {"begins_on": "2026-03-02", "until_on": "2026-12-31"}
    promises = {"cause": "other", "employees_agreed": True, "commitment": True}
    await registration.post(FILINGS, {"kind": "suspension", "uscc": code} | term | promises, ANN)

    await opened(registration, code)

    path = f"/registration/v1/enterprises/{code}/suspensions"
    [held] = (await registration.get(path)).json()["entries"]
    assert (held["state"], held["end"]) == ("ended", "abandoned")


async def test_two_groups_at_once_leave_one(registration: ServiceUnderTest, clock: SettableClock) -> None:
    clock.set(BEGUN)
    code = await enterprise(registration)

    answers = await asyncio.gather(*(registration.post(LIQUIDATIONS, asked(code), ANN) for _ in range(3)))

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    assert len(await registration.events(f"{PREFIX}liquidation.opened.v1", code)) == 1


DAYS = st.dates(date(2022, 1, 1), date(2026, 10, 1))


@given(start=DAYS, kind=st.sampled_from(EnterpriseKind))
def test_the_days_of_a_liquidation_are_counted_from_the_day_after_and_end_on_a_working_day(
    start: date, kind: EnterpriseKind
) -> None:
    at = datetime(start.year, start.month, start.day, 9, tzinfo=CHINA)
    is_alone = kind is EnterpriseKind.SOLE_PROPRIETOR_ENTERPRISE
    is_theirs = is_alone or kind is EnterpriseKind.PARTNERSHIP

    ends = {
        10: group_due(start, POLICY, CALENDAR).on,
        60 if is_alone else 45: claims_until(at, kind, POLICY, CALENDAR).on,
        15 if is_theirs else 30: application_due(start, kind, POLICY, CALENDAR).on,
    }

    for days, end in ends.items():
        earliest = start + timedelta(days=days)
        assert end >= earliest
        assert CALENDAR.is_working_day(end)
        assert not any(
            CALENDAR.is_working_day(earliest + timedelta(days=n)) for n in range((end - earliest).days)
        )


def test_days_in_an_unpublished_year_are_provisional() -> None:
    assert group_due(date(2026, 12, 21), POLICY, CALENDAR).on == date(2026, 12, 31)
    assert not group_due(date(2026, 12, 21), POLICY, CALENDAR).provisional
    assert group_due(date(2026, 12, 22), POLICY, CALENDAR).provisional


@pytest.mark.parametrize(
    ("value", "unit", "faults"),
    [(15, "working_day", 0), (5, "working_day", 0), (16, "working_day", 1), (1, "month", 1)],
)
def test_a_city_promises_no_more_than_the_statutory_fifteen_working_days(
    value: float, unit: str, faults: int
) -> None:
    written = {"key": "dereg.general.limit", "value": value, "unit": unit, "src": "003 湖南园区20条 #8"}
    limit = TimeLimit.model_validate_json(
        json.dumps(written | {"restated": "5至10日", "taken_from": "hunan"})
    )

    assert len(list(limit.incoherences())) == faults

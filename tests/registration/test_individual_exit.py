"""How an individual business leaves (个体工商户注销): no notice; tax and others are heard for ten days."""

import asyncio
from functools import partial
from typing import Any

import pytest

from services.registration.use_cases.finish_hearings import finish_hearings
from tests.registration.builders import ANN, BOB, FILINGS, OFFICER
from tests.registration.kind_builders import individual_business
from tests.registration.leaving import (
    CREDITOR,
    NOTICES,
    POLICE,
    PREFIX,
    TAX_AGENCY,
    china,
    commitments,
    enterprise,
    give_notice,
    leave,
    objected,
    state_of,
    sweep,
)
from tests.support.clock import SettableClock
from tests.support.identities import bearer
from tests.support.service import ServiceUnderTest

GIVEN = china(2026, 3, 2)
HEARD = china(2026, 3, 13, 0, 0, 1)


@pytest.fixture
async def waiting(registration: ServiceUnderTest, clock: SettableClock) -> dict[str, Any]:
    """Filed on 2 March 2026; departments are heard until the 12th."""
    clock.set(GIVEN)
    code = await enterprise(registration, individual_business())
    told: dict[str, Any] = (await leave(registration, code, commitments=commitments(1))).json()
    assert told["status"] == "under_review", told
    return told


async def hear(registration: ServiceUnderTest) -> int:
    """The worker's sweep, once."""
    return await sweep(registration, partial(finish_hearings, desk=registration.app.state.desk))


async def notice_of(registration: ServiceUnderTest, code: str) -> dict[str, Any]:
    """What departments were told."""
    told: dict[str, Any] = (await registration.event(f"{PREFIX}notice.published.v1", code))["data"]
    return told


async def test_departments_are_told_and_after_ten_quiet_days_the_rules_approve_once(
    registration: ServiceUnderTest, clock: SettableClock, waiting: dict[str, Any]
) -> None:
    code, path = waiting["uscc"], f"{FILINGS}/{waiting['id']}"
    told = await notice_of(registration, code)
    public = await registration.get(f"{NOTICES}/{told['notice_id']}")
    for_agency = await registration.get(f"{NOTICES}/{told['notice_id']}", TAX_AGENCY)
    clock.set(china(2026, 3, 12, 23, 59, 59))
    early = await registration.post(f"{path}/approval", None, OFFICER)
    await hear(registration)
    before = await state_of(registration, code)
    clock.set(HEARD)

    await asyncio.gather(hear(registration), hear(registration))
    await hear(registration)

    assert (told["kind"], told["ends_on"]) == ("told", "2026-03-12")
    assert (public.status_code, for_agency.status_code) == (404, 200)
    assert [f["rule"] for f in waiting["findings"]] == ["exit.departments_heard"]
    assert (waiting["clock"]["state"], waiting["clock"]["due_at"]) == ("paused", None)
    assert (early.status_code, early.json()["type"]) == (409, "/problems/exit-notice-not-over")
    assert before == "active"
    after = (await registration.get(path, ANN)).json()
    assert (after["status"], after["decided_by"]) == ("approved", "system")
    assert await state_of(registration, code) == "deregistered"
    assert len(await registration.events(f"{PREFIX}enterprise.deregistered.v1", code)) == 1


async def test_an_objection_sends_the_filing_back_and_once_settled_it_is_filed_again(
    registration: ServiceUnderTest, clock: SettableClock, waiting: dict[str, Any]
) -> None:
    told = await notice_of(registration, waiting["uscc"])
    path = f"{FILINGS}/{waiting['id']}"

    by_person = await objected(registration, told["notice_id"], CREDITOR)
    objection = (await objected(registration, told["notice_id"], ground="taxes")).json()["objections"][0]
    returned = (await registration.get(path, ANN)).json()
    clock.set(HEARD)
    await hear(registration)
    shut = await leave(registration, waiting["uscc"], commitments=commitments(1))
    await registration.post(
        f"{NOTICES}/{told['notice_id']}/objections/{objection['id']}/withdrawal", None, TAX_AGENCY
    )
    again = (await leave(registration, waiting["uscc"], commitments=commitments(1))).json()
    clock.set(china(2026, 3, 24, 0, 0, 1))
    await hear(registration)

    assert by_person.status_code == 404
    assert (returned["status"], returned["clock"]["state"]) == ("returned", "stopped")
    assert "尚欠货款" in returned["reason"]["zh"]
    assert shut.json()["type"] == "/problems/simple-way-closed"
    assert (await registration.get(f"{FILINGS}/{again['id']}", ANN)).json()["status"] == "approved"


async def test_what_came_up_meanwhile_sends_it_back_with_all_of_it(
    registration: ServiceUnderTest, clock: SettableClock, waiting: dict[str, Any]
) -> None:
    bar = {"kind": "penalty_unexecuted", "reference": "永公罚〔2026〕7号"}
    await registration.post(f"/registration/v1/enterprises/{waiting['uscc']}/exit-bars", bar, POLICE)
    clock.set(HEARD)

    await hear(registration)

    after = (await registration.get(f"{FILINGS}/{waiting['id']}", ANN)).json()
    assert after["status"] == "returned"
    assert [f["rule"] for f in after["findings"]] == ["exit.bars.penalty_unexecuted"]
    assert await state_of(registration, waiting["uscc"]) == "active"


async def test_a_licence_revoked_meanwhile_stops_nobody_elses_hearing(
    registration: ServiceUnderTest, clock: SettableClock, waiting: dict[str, Any]
) -> None:
    clock.set(GIVEN)
    other = await enterprise(registration, individual_business())
    await leave(registration, other, commitments=commitments(1))
    await registration.rows_changed(
        "UPDATE enterprise SET state = 'revoked' WHERE uscc = :u", u=waiting["uscc"]
    )
    clock.set(HEARD)

    await hear(registration)

    after = (await registration.get(f"{FILINGS}/{waiting['id']}", ANN)).json()
    assert (after["status"], "revoked" in after["reason"]["en"]) == ("returned", True)
    assert await state_of(registration, other) == "deregistered"


async def test_what_is_frozen_waits_and_stops_nobody_elses_hearing(
    registration: ServiceUnderTest, clock: SettableClock, waiting: dict[str, Any]
) -> None:
    other = await enterprise(registration, individual_business())
    await leave(registration, other, commitments=commitments(1))
    await registration.rows_changed(
        "INSERT INTO false_registration (id, uscc, target_version, status, version, submitted_at, is_provisional,"
        " is_overdue_told, document) VALUES (gen_random_uuid(), :u, 1, 'published', 1, now(), false, false, '{}')",
        u=waiting["uscc"],
    )
    clock.set(HEARD)

    await hear(registration)
    frozen = await state_of(registration, waiting["uscc"])
    left = await state_of(registration, other)
    await registration.rows_changed(
        "UPDATE false_registration SET status = 'kept' WHERE uscc = :u", u=waiting["uscc"]
    )
    await hear(registration)

    assert (frozen, left) == ("active", "deregistered")
    assert await state_of(registration, waiting["uscc"]) == "deregistered"


async def test_what_departments_were_told_is_withdrawn_with_the_filing_only(
    registration: ServiceUnderTest, clock: SettableClock, waiting: dict[str, Any]
) -> None:
    told = await notice_of(registration, waiting["uscc"])
    path = f"{NOTICES}/{told['notice_id']}/withdrawal"

    refused = await registration.post(path, None, ANN, **{"If-Match": '"1"'})
    clock.set(HEARD)
    await hear(registration)

    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/filing-in-progress")
    assert waiting["id"] in refused.text
    assert await state_of(registration, waiting["uscc"]) == "deregistered"


@pytest.mark.parametrize("is_in_time", [True, False])
async def test_an_old_hearing_does_not_serve_what_was_returned_and_comes_back_late(
    registration: ServiceUnderTest, clock: SettableClock, waiting: dict[str, Any], is_in_time: bool
) -> None:
    path, bar = f"{FILINGS}/{waiting['id']}", {"kind": "penalty_unexecuted", "reference": "永公罚〔2026〕7号"}
    bars = f"/registration/v1/enterprises/{waiting['uscc']}/exit-bars"
    held = (await registration.post(bars, bar, POLICE)).json()
    clock.set(HEARD)
    await hear(registration)
    await registration.post(f"/registration/v1/exit-bars/{held['id']}/lifting", None, POLICE)
    clock.set(china(2026, 4, 1) if is_in_time else china(2026, 4, 2))  # to apply until: twenty days on
    returned = await registration.get(path, ANN)
    await registration.client.put(
        path,
        json={"kind": "simple_deregistration", "uscc": waiting["uscc"], "commitments": commitments(1)},
        headers=bearer(ANN, key=f"amended-{is_in_time}-0001") | {"If-Match": returned.headers["ETag"]},
    )

    again = (await registration.post(f"{path}/submission", None, ANN)).json()

    told = await registration.events(f"{PREFIX}notice.published.v1", waiting["uscc"])
    lapsed = await registration.events(f"{PREFIX}notice.lapsed.v1", waiting["uscc"])
    assert (again["status"], len(told), len(lapsed)) == (
        ("approved", 1, 0) if is_in_time else ("under_review", 2, 1)
    )


async def test_whoever_withdraws_is_heard_no_more(
    registration: ServiceUnderTest, clock: SettableClock, waiting: dict[str, Any]
) -> None:
    withdrawn = await registration.post(f"{FILINGS}/{waiting['id']}/withdrawal", None, ANN)
    clock.set(HEARD)
    await hear(registration)

    assert withdrawn.json()["status"] == "withdrawn"
    assert await state_of(registration, waiting["uscc"]) == "active"
    assert len(await registration.events(f"{PREFIX}notice.withdrawn.v1", waiting["uscc"])) == 1


async def test_a_check_tells_nobody_and_the_operator_signs(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(GIVEN)
    code = await enterprise(registration, individual_business())
    body = {"kind": "simple_deregistration", "uscc": code}
    draft = (await registration.post(f"{FILINGS}/drafts", body, ANN)).json()

    missing = (await registration.get(f"{FILINGS}/{draft['id']}/check", ANN)).json()["missing"]
    public = await give_notice(registration, code)
    foreign = await registration.post(FILINGS, body, BOB)

    assert [f["pointer"] for f in missing] == ["/commitments/1"]
    assert (public.status_code, public.json()["type"]) == (409, "/problems/exit-notice-not-needed")
    assert foreign.status_code == 403
    assert await registration.events(f"{PREFIX}notice.published.v1", code) == []


async def test_by_the_ordinary_way_it_needs_no_liquidation_but_its_taxes_cleared(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(GIVEN)
    code = await enterprise(registration, individual_business())
    body = {"kind": "deregistration", "uscc": code, "reason": "resolution", "decided_on": "2026-03-01"}
    clearance = {"outcome": "cleared_on_commitment", "reference": "永税清〔2026〕31号"}
    path = f"/registration/v1/enterprises/{code}/tax-clearance"

    returned = (await registration.post(FILINGS, body, ANN)).json()
    foreign = await registration.post(path, clearance, POLICE)
    told = await registration.post(path, clearance, TAX_AGENCY)
    left = (await registration.post(FILINGS, body, ANN)).json()

    assert [f["rule"] for f in returned["findings"]] == ["exit.tax_clearance"]
    assert (foreign.status_code, told.status_code) == (403, 201)
    assert left["status"] == "approved"
    assert [(f["rule"], f["outcome"]) for f in left["findings"]] == [("exit.tax_clearance", "noted")]
    event = await registration.event(f"{PREFIX}enterprise.deregistered.v1", code)
    assert event["data"]["details"] == {"method": "ordinary", "joint": "false"}


async def test_the_worker_does_all_of_it_by_itself(
    registration: ServiceUnderTest, clock: SettableClock, waiting: dict[str, Any]
) -> None:
    public = await enterprise(registration)
    await give_notice(registration, public)
    clock.set(china(2026, 4, 14, 0, 0, 1))

    await registration.stop_worker()
    await registration.start_worker()

    left = await registration.event(f"{PREFIX}enterprise.deregistered.v1", waiting["uscc"])
    assert left["data"]["details"]["method"] == "simple"
    assert (await registration.event(f"{PREFIX}notice.lapsed.v1", public))["data"]["state"] == "lapsed"
    assert await registration.event(f"{PREFIX}notice.ended.v1", public)

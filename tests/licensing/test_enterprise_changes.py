"""What the register does with an enterprise, and what becomes of its permits and of what it may apply for."""

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from services.licensing.consumers import CHANGED, CONSUMERS
from services.licensing.domain.permit import covering
from shared.calendar import local_date
from shared.certificates import certificate_from_json, open_jws
from shared.messaging.replay import rebuild, remaining
from tests.licensing.restaurant import (
    FIRE,
    FORM,
    MARKET,
    PREPACKED_ONLY,
    SIGNS,
    Restaurants,
    registration,
)
from tests.support.broker import client_of
from tests.support.service import ServiceUnderTest
from tests.support.waiting import eventually

ENTERPRISE = "cn.tongban.registration.enterprise"
APPROVED = "cn.tongban.licensing.application.approved.v1"
CANCELLED = "cn.tongban.licensing.permit.cancelled.v1"
ALTERED = "cn.tongban.licensing.permit.altered.v1"
PREMISES_CHANGED = "cn.tongban.licensing.permit.premises_changed.v1"
OLD_ADDRESS = "山西省运城市永济市城东街道舜都大道1号"
NEW_ADDRESS = "山西省运城市永济市城西街道河东大道9号"
MOVED = {"division_code": "140881001", "text": NEW_ADDRESS}
SHOP: dict[str, Any] = {
    "industry_code": "convenience_store",
    "answers": PREPACKED_ONLY,
    "form": {name: value for name, value in FORM.items() if name != "permits"} | {"permits": {}},
}


async def granted(licensing: ServiceUnderTest, restaurants: Restaurants) -> dict[str, Any]:
    uscc = await restaurants.registered(grade="A")
    application = (await restaurants.apply(uscc, commitments=["fire_check"])).json()
    for item, by in (("food_operation", MARKET), ("signboard", SIGNS)):
        assert (await restaurants.decide(application["id"], item, by)).status_code == 200
    approved = await licensing.event(APPROVED, application["id"])
    return await read(licensing, approved["data"]["permit_number"])


async def read(licensing: ServiceUnderTest, number: str) -> dict[str, Any]:
    answer = await licensing.get(f"/licensing/v1/permits/{number}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def told(licensing: ServiceUnderTest, uscc: str, act: str, **changes: Any) -> None:
    """Registration tells of an act, and licensing has heard it."""
    behind = {"act": act, "version": 2, "effective_on": "2026-06-01", "filing_id": "filing-of-the-act"}
    event = await licensing.hear(f"{ENTERPRISE}.{act}.v1", uscc, registration(uscc) | behind | changes)

    async def heard() -> bool:
        rows = await licensing.rows("SELECT event_id FROM enterprise WHERE uscc = :u", u=uscc)
        return rows == [{"event_id": event["id"]}]

    await eventually(heard)


async def filed(licensing: ServiceUnderTest, restaurants: Restaurants) -> dict[str, Any]:
    """A permit of a shop that only files: nothing in it is bound to its premises."""
    uscc = await restaurants.registered(scope="F5213-01")
    application = (await restaurants.apply(uscc, **SHOP)).json()
    return await read(licensing, application["permit_number"])


async def test_after_a_move_a_permit_keeps_its_number_and_validity_and_shows_the_new_address(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    before = await filed(licensing, restaurants)

    await told(
        licensing, before["uscc"], "relocated", domicile=MOVED, scope=[{"code": "F5213-01", "text": "零售"}]
    )

    event = await licensing.event(ALTERED, before["permit_number"])
    after = await read(licensing, before["permit_number"])
    assert after["holder"]["address"] == after["premises"] == NEW_ADDRESS
    assert (after["certificate_version"], after["premises_changed"]) == (2, None)
    assert event["data"]["changed"] == ["premises"]
    for kept in ("permit_number", "valid_from", "valid_to", "issued_at", "holder_name", "certificate_state"):
        assert after[kept] == before[kept]
    again = await restaurants.apply(before["uscc"], **SHOP)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/permit-held")
    assert again.json()["permit_number"] == before["permit_number"]


async def test_a_new_name_is_signed_into_the_next_version_and_the_one_before_verifies_as_superseded(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    before = await granted(licensing, restaurants)

    for name in ("永济市鹳雀餐饮服务有限公司", "永济市舜都餐饮服务有限公司"):
        await told(licensing, before["uscc"], "altered", name=name)
    for permit in (before, *before["components"]):
        await eventually(partial(two_altered, licensing, permit["permit_number"]))

    chain = [e["data"] for e in await licensing.events(ALTERED, before["permit_number"])]
    after = await read(licensing, before["permit_number"])
    assert chain[0]["associated_identifier"] == before["certificate_identifier"]
    assert chain[1]["associated_identifier"] == chain[0]["certificate_identifier"]
    assert after["certificate_identifier"] == chain[1]["certificate_identifier"]
    assert after["associated_identifier"] == chain[1]["associated_identifier"]
    signed = certificate_from_json(open_jws(after["jws"]).payload)
    assert (signed.version, signed.holders[0].name, signed.face["operator"]) == (3, name, name)
    assert (signed.valid_to, signed.face["premises"]) == (date.fromisoformat(before["valid_to"]), OLD_ADDRESS)
    found = [(await licensing.get(f"/licensing/v1/verify/{i}")).json() for i in identifiers(before, chain)]
    assert [each["is_valid"] for each in found] == [False, False, True]
    assert [failed(each) for each in found] == [{"state", "version"}, {"state", "version"}, set()]
    assert found[0]["superseded_by"] == chain[0]["certificate_identifier"]
    assert found[0]["holder_name"] == before["holder_name"]
    page = await licensing.client.get(before["verify_path"], headers={"Accept": "text/html"})
    assert "本版本已由新版本替代" in page.text


async def two_altered(licensing: ServiceUnderTest, number: str) -> bool:
    return len(await licensing.events(ALTERED, number)) == 2


def identifiers(before: dict[str, Any], chain: list[dict[str, Any]]) -> list[str]:
    return [before["certificate_identifier"], *(each["certificate_identifier"] for each in chain)]


def failed(verified: dict[str, Any]) -> set[str]:
    return {check["check"] for check in verified["checks"] if not check["passed"]}


async def test_a_permit_for_its_premises_does_not_move_and_says_so_until_its_holder_is_back(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    before = await granted(licensing, restaurants)
    food = before["components"][0]

    await told(licensing, before["uscc"], "altered", domicile=MOVED)
    event = (await licensing.event(PREMISES_CHANGED, food["permit_number"]))["data"]
    left = await read(licensing, food["permit_number"])
    page = await licensing.client.get(food["verify_path"], headers={"Accept": "text/html"})
    again = await restaurants.apply(before["uscc"], commitments=["fire_check"])

    assert (event["permitted_premises"], event["premises_changed_on"]) == (OLD_ADDRESS, "2026-06-01")
    assert (event["issuer_uscc"], event["supervising_uscc"]) == (MARKET, MARKET)
    assert left["premises_changed"]["apply_by"] == event["apply_by"] is not None
    assert "重新申请" in left["premises_changed"]["statement"]["zh"]
    assert (left["premises"], left["holder"]["address"]) == (OLD_ADDRESS, NEW_ADDRESS)
    assert (left["certificate_identifier"], left["jws"]) == (food["certificate_identifier"], left["jws"])
    assert (await licensing.get(food["verify_path"])).json()["is_valid"] is True
    assert "不随住所变更" in page.text
    fire = await read(licensing, before["components"][2]["permit_number"])
    assert fire["premises_changed"]["apply_by"] is None  # no law names a day
    assert again.status_code == 201  # what is bound to other premises bars no application

    await told(licensing, before["uscc"], "altered")

    await eventually(lambda: is_back(licensing, food["permit_number"]))
    assert await licensing.events(ALTERED, food["permit_number"]) == []
    assert (await read(licensing, food["permit_number"]))["premises_changed"] is None


async def is_back(licensing: ServiceUnderTest, number: str) -> bool:
    events = await licensing.events(PREMISES_CHANGED, number)
    return [event["data"]["premises_changed_on"] for event in events] == ["2026-06-01", None]


async def test_what_was_reviewed_for_one_place_is_permitted_for_that_place(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    uscc = await restaurants.registered()
    application = (await restaurants.apply(uscc)).json()
    await told(licensing, uscc, "relocated", domicile=MOVED, name="永济市鹳雀餐饮服务有限公司")

    for item, by in (("food_operation", MARKET), ("signboard", SIGNS), ("fire_check", FIRE)):
        assert (await restaurants.decide(application["id"], item, by)).status_code == 200

    number = (await licensing.event(APPROVED, application["id"]))["data"]["permit_number"]
    permit = await read(licensing, number)
    assert (permit["holder_name"], permit["premises"]) == ("永济市鹳雀餐饮服务有限公司", OLD_ADDRESS)
    assert permit["premises_changed"] is not None
    await licensing.event(PREMISES_CHANGED, permit["components"][0]["permit_number"])


async def test_with_the_licence_all_permits_end_and_verify_as_cancelled(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    permit = await granted(licensing, restaurants)
    numbers = [permit["permit_number"], *(part["permit_number"] for part in permit["components"])]

    details = {"method": "simple", "joint": "true"}
    await told(licensing, permit["uscc"], "deregistered", state="deregistered", details=details)

    for number in numbers:
        event = await licensing.event(CANCELLED, number)
        assert event["data"]["ended_on"] == "2026-06-01"
        found = await read(licensing, number)
        assert (found["certificate_state"], found["certificate_state_name"]) == ("04", "注销")
        assert found["holder"]["state"] == "deregistered"
        verified = (await licensing.get(found["verify_path"])).json()
        failed = [check["check"] for check in verified["checks"] if not check["passed"]]
        assert (verified["is_valid"], len(failed)) == (False, 1)
    page = await licensing.client.get(permit["verify_path"], headers={"Accept": "text/html"})
    assert "(注销)" in page.text


async def test_permits_stay_where_a_joint_cancellation_was_not_asked_for(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    permit = await granted(licensing, restaurants)
    apart = {"state": "deregistered", "details": {"method": "simple", "joint": "false"}}
    other = await granted(licensing, restaurants)

    await told(licensing, permit["uscc"], "deregistered", **apart)
    joint = {"state": "deregistered", "details": {"method": "simple", "joint": "true"}}
    await told(licensing, other["uscc"], "deregistered", **joint)
    await licensing.event(CANCELLED, other["permit_number"])

    assert (await read(licensing, permit["permit_number"]))["certificate_state"] == "01"


@pytest.mark.parametrize(
    ("act", "state"),
    [
        ("suspended", "suspended"),
        ("licence_revoked", "revoked"),
        ("closed_by_order", "closed"),
        ("registration_revoked", "annulled"),
        ("forcibly_deregistered", "deregistered"),
        ("court_ruled", "in_liquidation"),
    ],
)
async def test_an_enterprise_that_does_no_business_applies_for_nothing_until_it_is_restored(
    licensing: ServiceUnderTest, restaurants: Restaurants, act: str, state: str
) -> None:
    uscc = await restaurants.registered()

    await told(licensing, uscc, act, state=state)
    refused = await restaurants.apply(uscc)
    await told(licensing, uscc, "restored", state="active")
    accepted = await restaurants.apply(uscc)

    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/enterprise-not-active")
    assert accepted.status_code == 201, accepted.text


async def test_the_filing_of_a_later_act_is_not_taken_for_the_one_that_established_an_enterprise(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    imported = await restaurants.registered(holder=None)

    await told(licensing, imported, "altered", filing_id="filing-of-the-act")
    answer = await restaurants.apply(imported)

    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/enterprise-not-found")


async def test_a_permit_says_that_its_holder_is_to_leave_as_long_as_that_is_so(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    permit = await granted(licensing, restaurants)
    uscc, seen = permit["uscc"], []

    for step, expected in (("noticed", "2026-06-01"), ("objected", None), ("resumed", "2026-06-01")):
        notice = {"uscc": uscc, "ends_on": "2026-06-01"}
        await licensing.hear(f"cn.tongban.registration.forced_exit.{step}.v1", uscc, notice)

        async def says(expected: str | None = expected) -> bool:
            found = await read(licensing, permit["permit_number"])
            return bool(found["holder"]["forced_exit_on"] == expected)

        await eventually(says)
        seen.append(step)

    await told(licensing, uscc, "altered")
    assert (await read(licensing, permit["permit_number"]))["holder"]["forced_exit_on"] == "2026-06-01"
    assert len(seen) == 3


async def test_a_replay_of_all_acts_rebuilds_the_same_enterprises_and_cancels_nothing_again(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    uscc = await restaurants.registered()
    for type_name in CHANGED:
        act = type_name.split(".")[-2]
        await told(licensing, uscc, act, name=f"永济市{act}有限公司")
    everything = "SELECT * FROM enterprise ORDER BY uscc"
    before = await licensing.rows(everything)
    announced = len(await licensing.rows("SELECT 1 FROM outbox"))

    async with client_of(licensing.broker) as provisioner:
        await rebuild(CONSUMERS, licensing.engine, provisioner)

        async def drained() -> bool:
            left = [await remaining(c, licensing.engine, provisioner) for c in CONSUMERS if c.rebuilds]
            return not any(left) and await licensing.rows(everything) == before

        await eventually(drained, within=30)
    assert len(await licensing.rows("SELECT 1 FROM outbox")) == announced


async def test_a_permit_is_renewed_in_the_last_ninety_days(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    permit = await granted(licensing, restaurants)
    today = local_date(licensing.clock())
    ends = "UPDATE permit SET valid_to = :d WHERE uscc = :u"

    answers = []
    for days in (91, 90):
        await licensing.rows_changed(ends, d=today + timedelta(days=days), u=permit["uscc"])
        answers.append((await restaurants.apply(permit["uscc"])).status_code)

    assert answers == [409, 201]


def test_nothing_that_is_asked_for_is_held_already() -> None:
    assert covering((), (), date(2026, 6, 1)) is None
    assert covering((), ("food_operation",), date(2026, 6, 1)) is None

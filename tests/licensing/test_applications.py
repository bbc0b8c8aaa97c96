"""One application for all permits: what is accepted, what is refused, and who may see it."""

import asyncio
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.licensing.store.retention import APPLICATIONS as DECIDED_APPLICATIONS
from shared.calendar import CHINA
from shared.region import RegionPack
from shared.region.retention import RecordKind
from shared.retention import purge_due
from tests.licensing.restaurant import (
    ANSWERS,
    APPLICATIONS,
    FIRE,
    FORM,
    MARKET,
    OWNER,
    POLICE,
    SIGNS,
    STRANGER,
    Restaurants,
    agency,
    component,
)
from tests.support.service import ServiceUnderTest

SUBMITTED = "cn.tongban.licensing.application.submitted.v1"
ACCESS = "cn.tongban.licensing.access.recorded.v1"


async def test_the_one_form_comes_prefilled_with_what_registration_told(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    uscc = await restaurants.registered()

    answer = await licensing.get("/licensing/v1/industries/restaurant/form", OWNER, uscc=uscc)

    form = answer.json()
    assert answer.status_code == 200
    assert form["prefilled"]["enterprise_name"] == "永济市蒲津餐饮服务有限公司"
    assert form["prefilled"]["address"] == "山西省运城市永济市城东街道舜都大道1号"
    assert form["prefilled"]["scope_codes"] == ["H6210-01"]
    assert form["sources"]["address"] == "registration.address"
    assert "/premises_area_m2" in form["remaining"]
    assert "/permits/fire_check/capacity_people" in form["remaining"]
    assert not {"/uscc", "/address", "/enterprise_name"} & set(form["remaining"])


async def test_every_agency_gets_its_task_at_the_same_instant_with_its_own_deadline(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    uscc = await restaurants.registered()

    answer = await restaurants.apply(uscc, matter_id="m-1")

    application = answer.json()
    assert answer.status_code == 201, answer.text
    assert application["status"] == "under_review"
    assert [c["item"] for c in application["components"]] == ["food_operation", "signboard", "fire_check"]
    assert {c["accepted_at"] for c in application["components"]} == {application["submitted_at"]}
    assert len({c["due_at"] for c in application["components"]}) == 3
    assert all(
        datetime.fromisoformat(c["due_at"]).hour == 10 for c in application["components"]
    )  # close of office, 18:00 in China
    event = await licensing.event(SUBMITTED, application["id"])
    assert event["data"]["components"] == ["food_operation", "signboard", "fire_check"]
    assert event["data"]["matter_id"] == "m-1"


def _without(*path: str) -> dict[str, Any]:
    form = deepcopy(FORM)
    part = form
    for name in path[:-1]:
        part = part[name]
    del part[path[-1]]
    return form


def _with(value: Any, *path: str) -> dict[str, Any]:
    form = deepcopy(FORM)
    part = form
    for name in path[:-1]:
        part = part[name]
    part[path[-1]] = value
    return form


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"form": _without("contact_phone")}, "/form/contact_phone", "missing"),
        ({"form": _without("permits", "fire_check")}, "/form/permits/fire_check", "missing"),
        (
            {"form": _without("permits", "food_operation", "kitchen_area_m2")},
            "/form/permits/food_operation/kitchen_area_m2",
            "missing",
        ),
        ({"form": _with("x", "moon")}, "/form/moon", "extra_forbidden"),
        ({"form": _with({}, "permits", "tobacco")}, "/form/permits/tobacco", "extra_forbidden"),
        ({"form": _with("12", "premises_area_m2")}, "/form/premises_area_m2", "type"),
        ({"form": _with(1.5, "premises_area_m2")}, "/form/premises_area_m2", "type"),
        ({"form": _with("abc", "contact_phone")}, "/form/contact_phone", "pattern"),
        ({"form": _with("另一家公司", "enterprise_name")}, "/form/enterprise_name", "differs_from_register"),
        ({"form": _with([], "permits")}, "/form/permits", "type"),
        ({"answers": {**ANSWERS, "floor_area_m2": 0}}, "/answers/floor_area_m2", "minimum"),
        ({"commitments": ["food_operation"]}, "/commitments/0", "commitment_not_offered"),
        ({"commitments": ["tobacco"]}, "/commitments/0", "not_required"),
        ({"commitments": ["fire_check", "fire_check"]}, "/commitments/1", "duplicate"),
        ({"commitments": ["moon_walk"]}, "/commitments/0", "not_required"),
    ],
)
async def test_a_fault_is_told_with_its_pointer_and_nothing_stays_behind(
    licensing: ServiceUnderTest,
    restaurants: Restaurants,
    changes: dict[str, Any],
    pointer: str,
    code: str,
) -> None:
    uscc = await restaurants.registered(grade="A")

    refused = await restaurants.apply(uscc, **changes)

    assert refused.status_code == 400, refused.text
    assert (pointer, code) in {(e["pointer"], e["code"]) for e in refused.json()["errors"]}
    assert await licensing.rows("SELECT 1 FROM application WHERE uscc = :u", u=uscc) == []


async def test_faults_are_told_in_the_callers_language(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    uscc = await restaurants.registered()
    body = {
        "industry_code": "restaurant",
        "uscc": uscc,
        "answers": ANSWERS,
        "form": _without("contact_phone"),
    }

    english = await licensing.post(APPLICATIONS, body, OWNER, accept_language="en")
    chinese = await licensing.post(APPLICATIONS, body, OWNER)

    assert english.json()["errors"][0]["detail"] == "this field is required"
    assert chinese.json()["errors"][0]["detail"] == "此项必填"


async def test_what_the_register_knows_may_be_sent_back_unchanged(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    uscc = await restaurants.registered()
    prefilled = (await licensing.get("/licensing/v1/industries/restaurant/form", OWNER, uscc=uscc)).json()

    accepted = await restaurants.apply(uscc, form={**FORM, **prefilled["prefilled"]})

    assert accepted.status_code == 201, accepted.text


async def test_an_enterprise_not_heard_of_yet_is_told_to_come_back(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    uscc = restaurants.new_uscc()

    refused = await restaurants.apply(uscc)

    assert refused.status_code == 409
    assert refused.json()["type"] == "/problems/enterprise-unknown"
    assert int(refused.headers["retry-after"]) > 0


async def test_a_dissolved_enterprise_or_a_foreign_trade_cannot_apply(restaurants: Restaurants) -> None:
    dissolved = await restaurants.registered(state="deregistered")
    grocer = await restaurants.registered(scope="F5213-01")

    assert (await restaurants.apply(dissolved)).json()["type"] == "/problems/enterprise-not-active"
    assert (await restaurants.apply(grocer)).json()["type"] == "/problems/industry-does-not-fit"


async def test_an_industry_class_fits_with_or_without_its_section_letter(restaurants: Restaurants) -> None:
    for written in ("H6210", "6210"):
        uscc = await restaurants.registered(scope="F5213-01", industry_code=written)

        assert (await restaurants.apply(uscc)).status_code == 201


async def test_one_application_runs_per_enterprise_and_industry(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    uscc = await restaurants.registered()

    answers = await asyncio.gather(*(restaurants.apply(uscc) for _ in range(8)))

    assert sorted(a.status_code for a in answers) == [201] + [409] * 7
    refused = next(a for a in answers if a.status_code == 409)
    assert refused.json()["type"] == "/problems/application-running"
    assert len(await licensing.rows("SELECT 1 FROM application WHERE uscc = :u", u=uscc)) == 1


async def test_a_notice_that_is_no_longer_in_force_is_refused(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    uscc = await restaurants.registered()
    told = await licensing.client.post(
        "/licensing/v1/industries/restaurant/notice", json={"answers": ANSWERS}
    )
    current = told.json()["notice_version"]

    stale = await restaurants.apply(uscc, notice_version="0123456789abcdef")
    good = await restaurants.apply(uscc, notice_version=current)

    assert stale.json()["type"] == "/problems/notice-changed"
    assert stale.json()["notice_version"] == current
    assert good.status_code == 201
    assert good.json()["notice_version"] == current


async def test_only_applicant_and_agencies_with_a_component_see_an_application(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    application = (await restaurants.apply(await restaurants.registered())).json()
    path = f"{APPLICATIONS}/{application['id']}"

    seen = {
        who: (await licensing.get(path, token)).status_code
        for who, token in {
            "owner": OWNER,
            "fire": agency(FIRE),
            "stranger": STRANGER,
            "police": agency(POLICE),
        }.items()
    }

    assert seen == {"owner": 200, "fire": 200, "stranger": 404, "police": 404}
    absent = await licensing.get(f"{APPLICATIONS}/00000000-0000-7000-8000-000000000000", STRANGER)
    hidden = await licensing.get(path, STRANGER)
    assert absent.json() | {"instance": ""} == hidden.json() | {"instance": ""}


async def test_an_agency_sees_its_own_sections_and_its_reading_is_recorded(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    application = (await restaurants.apply(await restaurants.registered())).json()

    seen = await restaurants.read(application["id"], agency(FIRE))

    assert set(seen["form"]["permits"]) == {"fire_check"}
    assert "food_safety_manager" not in str(seen["form"])
    event = await licensing.event(ACCESS, application["id"])
    assert event["data"]["agency_uscc"] == FIRE
    assert event["data"]["owner_subject"] == "owner-1"
    assert "legal_representative_id_number" in event["data"]["fields"]
    assert "110105194912310021" not in str(event)


async def test_reading_ones_own_application_leaves_no_access_record(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    application = (await restaurants.apply(await restaurants.registered())).json()

    seen = await restaurants.read(application["id"])

    assert seen["form"]["legal_representative_name"] == "测试甲"
    assert await licensing.events(ACCESS, application["id"]) == []


async def test_an_agency_lists_its_own_tasks_only(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    application = (await restaurants.apply(await restaurants.registered())).json()

    async def listed(token: str) -> set[tuple[str, str]]:
        found, cursor = set(), None
        while True:
            more: dict[str, str] = {"cursor": cursor} if cursor else {}
            answer = await licensing.get(
                "/licensing/v1/components", token, status="under_review", limit=5, **more
            )
            page = answer.json()
            found |= {(t["application_id"], t["item"]) for t in page["entries"]}
            cursor = page["next_cursor"]
            if cursor is None:
                return found

    signs, market = await listed(agency(SIGNS)), await listed(agency(MARKET))

    assert (application["id"], "signboard") in signs
    assert {item for _, item in signs} == {"signboard"}
    assert (application["id"], "food_operation") in market
    nobody = await licensing.get("/licensing/v1/components", OWNER)
    assert nobody.status_code == 403


async def test_a_person_lists_own_applications(licensing: ServiceUnderTest, restaurants: Restaurants) -> None:
    application = (await restaurants.apply(await restaurants.registered())).json()

    own = await licensing.get(APPLICATIONS, OWNER, limit=200)
    foreign = await licensing.get(APPLICATIONS, STRANGER)

    assert application["id"] in {entry["id"] for entry in own.json()["entries"]}
    assert foreign.json()["entries"] == []


async def test_a_component_overdue_is_told_once(
    licensing: ServiceUnderTest, restaurants: Restaurants, pack: RegionPack
) -> None:
    application = (await restaurants.apply(await restaurants.registered())).json()
    await licensing.rows_changed(
        "UPDATE component SET due_at = now() - interval '1 hour'"
        " WHERE application_id = :i AND item = 'signboard'",
        i=application["id"],
    )
    await licensing.stop_worker()
    await licensing.start_worker()

    overdue = "cn.tongban.licensing.application.component_overdue.v1"
    event = await licensing.event(overdue, application["id"])

    assert event["data"]["agency_uscc"] == SIGNS
    await licensing.stop_worker()
    await licensing.start_worker()
    await restaurants.registered()  # the restarted worker has gone round
    assert len(await licensing.events(overdue, application["id"])) == 1
    assert component(await restaurants.read(application["id"]), "signboard")["status"] == "under_review"


async def test_the_form_of_a_decided_application_is_purged_when_its_years_are_over(
    licensing: ServiceUnderTest, restaurants: Restaurants, pack: RegionPack
) -> None:
    decided = (await restaurants.apply(await restaurants.registered())).json()["id"]
    running = (await restaurants.apply(await restaurants.registered())).json()["id"]
    await licensing.rows_changed(
        "UPDATE application SET status = 'refused', decided_at = '2026-03-02T01:00Z' WHERE id::text = :i",
        i=decided,
    )
    years = pack.retention_of(RecordKind.PERMIT_APPLICATION).years
    midnight = datetime(2026 + years, 3, 3, tzinfo=CHINA)

    async def purge_at(at: datetime) -> int:
        transactions = licensing.app.state.backend.transactions
        return int(await transactions.run(lambda uow: purge_due(DECIDED_APPLICATIONS, pack, uow, at)))

    early, purged = await purge_at(midnight - timedelta(microseconds=1)), await purge_at(midnight)

    forms = {
        row["id"]: row["form"] for row in await licensing.rows("SELECT id::text AS id, form FROM application")
    }
    assert (early, purged, forms[decided]) == (0, 1, {})
    assert forms[running]["contact_phone"] == FORM["contact_phone"]
    seen = await licensing.get(f"{APPLICATIONS}/{decided}", OWNER)
    assert (seen.status_code, seen.json()["status"]) == (200, "refused")

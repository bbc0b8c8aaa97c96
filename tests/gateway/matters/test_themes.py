"""A journey for each theme: opened by who may, split over departments as separate clients, closed as one."""

from typing import Any

import pytest

from shared.security.office import WINDOW, Office
from tests.gateway.matters.changing import RENAMED, altered, change_form, change_opened
from tests.gateway.matters.conftest import Front
from tests.gateway.matters.enterprises import (
    MATTERS,
    enterprise_of,
    new_uscc,
    posted,
    read_as,
    registered,
    until_seen,
)
from tests.gateway.matters.forms import restaurant_form
from tests.support.identities import bearer, officer_token

JSON = dict[str, Any]
EVENT = "cn.tongban.gateway.{}.v1"
START = ("seal", "invoice", "social_insurance", "housing_fund", "bank_account")
LEAVE_FORM = {
    "leave_method": "general",
    "leave_reason": "resolution",
    "leave_decided_on": "2026-09-01",
    "joint_cancellation": False,
    "contact_phone": "13900000001",
}
UTILITIES_FORM = {
    "water_m3_a_day": 3,
    "gas_m3_a_day": 2,
    "heated_area_m2": 180,
    "contact_phone": "13900000001",
}
RETIRE_FORM = {
    "person_name": "张三",
    "person_id_number": "140881199001010010",
    "contact_phone": "13900000001",
    "retires_on": "2026-12-01",
    "pension_account": "6222000000000000001",
}
# Waves: what one department after the other does; the parts of a wave run in parallel.
OF_REGISTERED = {
    "connect_utilities": (UTILITIES_FORM, (("water", "gas", "heat"),)),
}


def _window(front: Front, region: str) -> str:
    bureau = front.pack.agency("administrative_approval").uscc
    scopes = ("matters.matter.submit", "matters.matter.read", "matters.task.handle")
    return officer_token("wanda", bureau, *scopes, office=Office(region, frozenset({WINDOW})))


@pytest.mark.parametrize("theme", OF_REGISTERED)
async def test_a_registered_enterprise_does_a_theme_once_wave_by_wave(front: Front, theme: str) -> None:
    uscc, (form, waves) = new_uscc(), OF_REGISTERED[theme]
    token = enterprise_of(uscc)
    await registered(front, uscc)

    matter = await posted(front, {"theme": theme, "form": form, "uscc": uscc}, token)
    seen = []
    for wave in waves:
        states = {
            task["kind"]: task["state"] for task in (await read_as(front, matter["id"], token))["tasks"]
        }
        seen.append(tuple(kind for kind, state in states.items() if state == "assigned"))
        await front.done(matter, *wave)

    ended = await read_as(front, matter["id"], token)
    assert seen == list(waves)
    assert (ended["state"], ended["applicant"], ended["uscc"]) == ("completed", uscc, uscc)
    assert ended["handled_at"]["region"] == "140881001"
    [event] = await front.gateway.events(EVENT.format("matter.completed"), matter["id"])
    assert (event["data"]["case_no"], event["data"]["applicant"]) == (matter["case_no"], uscc)


async def test_a_person_retires_once_for_all_departments(front: Front) -> None:
    matter = await front.opened(theme="retire", form=RETIRE_FORM)

    await front.done(matter, "pension")
    await front.done(matter, "housing_fund_payout")

    ended = await front.read(matter["id"])
    assert (ended["state"], ended["uscc"]) == ("completed", None)


@pytest.mark.parametrize(
    ("theme", "scope", "trade", "answers", "permits"),
    [
        ("open_enterprise", "H6210-03", "餐饮", None, {}),
        (
            "open_convenience_store",
            "F5213-02",
            "便利店",
            {
                "floor_area_m2": 60,
                "prepacked_food_only": True,
                "sells_tobacco": False,
                "puts_up_signboard": False,
                "sells_otc_drugs": False,
                "sells_class2_devices": False,
            },
            {},
        ),
        (
            "open_hotel",
            "H6121-01",
            "宾馆",
            {
                "floor_area_m2": 900,
                "guest_rooms": 30,
                "serves_food": False,
                "has_swimming_pool": False,
                "puts_up_signboard": False,
            },
            {
                "fire_check": {
                    "assembly_floor": 1,
                    "capacity_people": 80,
                    "safety_exit_count": 2,
                    "has_automatic_fire_facilities": True,
                },
                "special_trade_hotel": {
                    "guest_room_count": 30,
                    "bed_count": 50,
                    "guest_register_system": "示例系统",
                },
                "hygiene": {"has_central_air_conditioning": False},
            },
        ),
    ],
    ids=["enterprise", "convenience_store", "hotel"],
)
async def test_a_new_business_is_opened_once_for_all_departments(
    front: Front, theme: str, scope: str, trade: str, answers: JSON | None, permits: JSON
) -> None:
    form = restaurant_form(scope_codes=[scope])
    form["enterprise_name"] = form["enterprise_name"].replace("餐饮", trade)
    form |= {"answers": answers, "permits": permits} if answers else {}
    for name in () if answers else ("answers", "permits", "premises_area_m2"):
        del form[name]

    matter = await front.opened(theme=theme, form=form)
    waiting = {"registration": "completed"} | ({"licensing": "submitted"} if answers else {})
    matter = await front.until(matter["id"], **waiting, **dict.fromkeys(START, "assigned"))
    await front.done(matter, *START)
    if answers:
        application = front.services.application_of(matter["id"])
        told = {"application_id": application["id"], "matter_id": matter["id"], "permit_number": "P1"}
        await front.gateway.hear("cn.tongban.licensing.application.approved.v1", application["id"], told)

    await front.until(matter["id"], state="completed")
    if answers:
        content = front.services.application_of(matter["id"])["content"]
        assert content["industry_code"] == front.pack.matter(theme).scheme
        assert content["form"]["permits"] == permits


async def test_nobody_opens_a_theme_for_an_enterprise_but_in_its_name(front: Front) -> None:
    uscc = new_uscc()
    filed = {"filing_id": f"f-{uscc}", "uscc": uscc, "applicant": "ann", "licence_identifier": "L1"}
    await front.gateway.hear("cn.tongban.registration.filing.approved.v1", f"f-{uscc}", filed)
    await registered(front, uscc)
    body = {"theme": "leave", "form": LEAVE_FORM, "uscc": uscc}

    in_its_name = await front.gateway.post(MATTERS, body, enterprise_of(uscc))
    by_filer = await front.gateway.post(MATTERS, body, front.person("ann"))
    by_stranger = await front.gateway.post(MATTERS, body, front.person("bob"))
    by_other = await front.gateway.post(MATTERS, body, enterprise_of(new_uscc()))
    of_nobody = await front.gateway.post(MATTERS, body | {"uscc": new_uscc()}, front.person("bob"))
    without = await front.gateway.post(MATTERS, {"theme": "leave", "form": LEAVE_FORM}, front.person("ann"))
    person_theme = await front.gateway.post(
        MATTERS, {"theme": "retire", "form": RETIRE_FORM}, enterprise_of(uscc)
    )

    answers = (in_its_name, by_filer, by_stranger, by_other, of_nobody, without, person_theme)
    assert [each.status_code for each in answers] == [201, 404, 404, 404, 404, 400, 403]
    assert by_stranger.json()["type"] == of_nobody.json()["type"]
    assert [fault["pointer"] for fault in without.json()["errors"]] == ["/uscc"]


async def test_a_refused_part_leaves_three_ways_on(front: Front) -> None:
    matter, token = await change_opened(front, change_form("name", new_name=RENAMED["after"]))
    await until_seen(front, matter, token, alteration="completed")
    await altered(front, matter, RENAMED)
    await until_seen(front, matter, token, seal_change="assigned", bank_change="assigned")
    refusal = {"reason": "印章已被质押", "legal_basis": "（示例）某办法第八条"}
    choices = f"{MATTERS}/{matter['id']}/choices"

    for kind in ("seal_change", "tax_change"):
        await front.act(matter, kind, "taking")
        refused = await front.act(matter, kind, "refusal", refusal)
        assert refused.status_code == 200, refused.text
    await front.done(matter, "social_insurance_change", "housing_fund_change", "bank_change")
    waiting = await read_as(front, matter["id"], token)
    must = await front.gateway.post(choices, {"choice": "go_on_without", "part": "tax_change"}, token)
    none = await front.gateway.post(choices, {"choice": "try_again", "part": "bank_change"}, token)
    again = await front.gateway.post(choices, {"choice": "try_again", "part": "tax_change"}, token)
    await front.done(matter, "tax_change")
    without = await front.gateway.post(choices, {"choice": "go_on_without", "part": "seal_change"}, token)

    seal = next(task for task in waiting["tasks"] if task["kind"] == "seal_change")
    assert (waiting["state"], waiting["clock"]["due_at"]) == ("awaiting_choice", None)
    assert (seal["refusal"], seal["choices"]) == (refusal, ["try_again", "go_on_without", "withdraw_rest"])
    assert (must.status_code, none.status_code) == (409, 409)
    assert (again.status_code, again.json()["state"]) == (200, "in_progress")
    assert (without.status_code, without.json()["state"]) == (200, "partly_completed")
    [event] = await front.gateway.events(EVENT.format("matter.partly_completed"), matter["id"])
    assert event["data"]["open_parts"] == ["seal_change"]
    assert len(await front.gateway.events(EVENT.format("task.refused"), seal["id"])) == 1


async def test_a_refused_filing_is_tried_again_with_the_corrected_form(front: Front) -> None:
    why = {"zh": "名称不予登记", "en": "the name is refused"}
    front.services.next_time(
        "/filings", lambda call: front.services.done(call, status="refused", reason=why, uscc=None)
    )
    matter = await front.opened()
    matter = await front.until(matter["id"], state="awaiting_choice", registration="refused")
    form = restaurant_form()

    body = {"choice": "try_again", "part": "registration", "form": form}
    again = await front.gateway.post(f"{MATTERS}/{matter['id']}/choices", body, front.person())
    after = await front.until(matter["id"], state="in_progress", registration="completed", seal="assigned")

    assert [finding["text_en"] for finding in matter["findings"]] == ["the name is refused"]
    assert again.status_code == 200, again.text
    assert after["form"]["enterprise_name"] == form["enterprise_name"]
    assert len(front.services.calls_of(matter["id"], path_end="/filings")) == 2


async def test_a_draft_is_saved_as_far_as_it_is_checked_at_once_and_handed_in(front: Front) -> None:
    token, drafts = front.person("dora"), "/matters/v1/drafts"
    form = restaurant_form(enterprise_name="好味道")
    del form["people"]

    saved = await front.gateway.post(drafts, {"theme": "open_restaurant", "form": form}, token)
    url = f"{drafts}/{saved.json()['id']}"
    missing = (await front.gateway.get(f"{url}/check", token)).json()
    too_early = await front.gateway.post(f"{url}/submission", None, token)
    headers = bearer(token) | {"If-Match": saved.headers["etag"]}
    whole = {"theme": "open_restaurant", "form": restaurant_form()}
    changed = await front.gateway.client.put(url, json=whole, headers=headers)
    stale = await front.gateway.client.put(url, json=whole, headers=headers)
    complete = (await front.gateway.get(f"{url}/check", token)).json()
    strange = await front.gateway.get(url, front.person("bob"))
    opened = await front.gateway.post(f"{url}/submission", None, token)
    gone = await front.gateway.get(url, token)

    assert saved.status_code == 201, saved.text
    assert [each["pointer"] for each in missing["missing"]] == ["/form/people"]
    assert (too_early.status_code, changed.status_code, stale.status_code) == (400, 200, 412)
    assert complete == {"is_complete": True, "missing": []}
    assert (strange.status_code, opened.status_code, gone.status_code) == (404, 201, 404)
    assert (await front.gateway.get(drafts, token)).json()["entries"] == []


async def test_what_a_draft_says_of_secrecy_place_and_delivery_holds_for_its_matter(front: Front) -> None:
    token, drafts = front.person("dora"), "/matters/v1/drafts"
    address = {"name": "张三", "phone": "13900000001", "address": "永济市城西街道1号"}
    wished: dict[str, Any] = {
        "filing_region": "140802",
        "confidential_fields": ["contact_phone"],
        "delivery": {"method": "ems", "address": address},
    }
    body = {"theme": "open_restaurant", "form": restaurant_form(), **wished}

    saved = await front.gateway.post(drafts, body, token)
    assert saved.status_code == 201, saved.text
    url = f"{drafts}/{saved.json()['id']}"
    headers = bearer(token) | {"If-Match": saved.headers["etag"]}
    without = body | {"confidential_fields": ["nothing"]}
    changed = await front.gateway.client.put(url, json=without, headers=headers)
    missing = (await front.gateway.get(f"{url}/check", token)).json()
    headers |= {"If-Match": changed.headers["etag"]}
    await front.gateway.client.put(url, json=body, headers=headers)
    opened = await front.gateway.post(f"{url}/submission", None, token)

    assert {name: saved.json()[name] for name in wished} == wished
    assert [each["pointer"] for each in missing["missing"]] == ["/confidential_fields/0"]
    assert opened.status_code == 201, opened.text
    assert opened.json()["accepted_at"]["region"] == "140802"
    [kept] = await front.gateway.rows(
        "SELECT m.confidential_fields, d.method FROM matter AS m JOIN delivery_choice AS d"
        " ON d.case_id = m.matter_id::text WHERE m.matter_id::text = :id",
        id=opened.json()["id"],
    )
    assert kept == {"confidential_fields": ["contact_phone"], "method": "ems"}


async def test_an_officer_who_deletes_a_draft_is_on_the_record(front: Front) -> None:
    window = _window(front, "140881101")
    started = {"theme": "open_restaurant", "form": {}, "on_behalf_of": "wilma"}
    saved = await front.gateway.post("/matters/v1/drafts", started, window)
    url = f"/matters/v1/drafts/{saved.json()['id']}?on_behalf_of=wilma"

    gone = await front.gateway.client.delete(
        url, headers=bearer(window) | {"If-Match": saved.headers["etag"]}
    )

    recorded = await front.gateway.events(EVENT.format("access.recorded"), saved.json()["id"])
    assert gone.status_code == 204, gone.text
    assert [each["data"]["purpose"] for each in recorded] == ["window_draft", "window_deletion"]


async def test_a_case_begun_at_the_window_of_another_town_goes_on_online(front: Front) -> None:
    window = _window(front, "140881101")  # 卿头镇; the business is in 城西街道 (140881001)
    form = restaurant_form()
    del form["people"]
    started = {"theme": "open_restaurant", "form": form, "on_behalf_of": "wilma"}

    draft = (await front.gateway.post("/matters/v1/drafts", started, window)).json()
    online = front.person("wilma")
    own = await front.gateway.get(f"/matters/v1/drafts/{draft['id']}", online)
    headers = bearer(online) | {"If-Match": own.headers["etag"]}
    whole = {"theme": "open_restaurant", "form": restaurant_form(), "channel": "app"}
    await front.gateway.client.put(f"/matters/v1/drafts/{draft['id']}", json=whole, headers=headers)
    url = f"/matters/v1/drafts/{draft['id']}/submission?on_behalf_of=wilma"
    opened = await front.gateway.post(url, None, window)
    at_home = await front.opened(person="wilma")

    assert (draft["channel"], own.status_code) == ("hall", 200)
    assert opened.status_code == 201, opened.text
    matter = opened.json()
    assert matter["applicant"] == "wilma"
    assert matter["accepted_at"]["region"] == "140881101"
    handed = next(entry for entry in matter["history"] if entry["verb"] == "handed_over")
    assert handed["details"] | {"from_region": "140881101", "to_region": "140881001"} == handed["details"]
    assert next(e for e in matter["history"] if e["verb"] == "opened")["channel"] == "app"
    [event] = await front.gateway.events(EVENT.format("matter.handed_over"), matter["id"])
    assert event["data"]["mode"] == "full_online"
    assert matter["handled_at"] == at_home["handled_at"]  # the same unit, whichever office accepted it
    assert [task["agency_uscc"] for task in matter["tasks"]] == [t["agency_uscc"] for t in at_home["tasks"]]
    seen = await front.gateway.get(f"{MATTERS}/{matter['id']}", window, on_behalf_of="wilma")
    withheld = await front.gateway.get(f"{MATTERS}/{matter['id']}", window)
    posing = await front.gateway.get(f"{MATTERS}/{matter['id']}", front.person("bob"), on_behalf_of="wilma")
    assert (seen.status_code, withheld.status_code, posing.status_code) == (200, 404, 403)
    counted = (await front.gateway.get("/matters/v1/stats/cross-region", window)).json()
    assert {"accepted_region": "140881101", "handled_region": "140881001", "mode": "full_online"}.items() <= (
        counted["pairs"][0].items()
    )


async def test_an_enterprise_sees_what_may_come_next(front: Front) -> None:
    uscc = new_uscc()
    await registered(front, uscc)
    url = "/matters/v1/suggestions"

    before = (await front.gateway.get(url, enterprise_of(uscc), uscc=uscc)).json()
    await posted(
        front, {"theme": "connect_utilities", "form": UTILITIES_FORM, "uscc": uscc}, enterprise_of(uscc)
    )
    after = (await front.gateway.get(url, enterprise_of(uscc), uscc=uscc)).json()
    strange = await front.gateway.get(url, front.person("bob"), uscc=uscc)

    assert [theme["key"] for theme in before["themes"]] == ["connect_utilities"]
    assert [permit["industry_code"] for permit in before["permits"]] == ["restaurant"]
    assert after["themes"] == []
    assert strange.status_code == 404


async def test_themes_are_found_by_subject_stage_and_words(front: Front) -> None:
    async def found(**asked: str) -> list[str]:
        entries = (await front.gateway.get("/matters/v1/themes", **asked)).json()["entries"]
        return [entry["key"] for entry in entries]

    assert await found(subject="person") == ["retire"]
    assert await found(subject="project") == []
    assert await found(stage="change") == ["change_enterprise", "move_across_districts"]
    assert await found(q="便利店") == ["open_convenience_store"]
    assert await found(q="RESTAURANT", stage="start") == ["open_restaurant"]

"""Opening an enterprise as one matter (企业开办一件事): counters, signing, options, limits, cost, what it brings."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.security.office import WINDOW, Office
from tests.gateway.matters.conftest import Front
from tests.gateway.matters.forms import restaurant_form
from tests.support.clock import SettableClock
from tests.support.identities import agency_token, bearer, officer_token, person_token
from tests.support.waiting import eventually

JSON = dict[str, Any]
MATTERS = "/matters/v1/matters"
THEME = "open_enterprise"
PARTS = ("seal", "invoice", "social_insurance", "housing_fund", "bank_account")
MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # 09:00 in China, a working day
CUSTOMS = {
    "customs_filing": True,
    "customs_english_name": "Yongji Sample Catering Co., Ltd.",
    "customs_business_kind": "consignee_consignor",
    "customs_contact_name": "李四",
    "customs_contact_phone": "13900000002",
}


@pytest.fixture(scope="module")
def clock() -> SettableClock:
    return SettableClock(MONDAY)


def enterprise_form(**changes: Any) -> JSON:
    form = restaurant_form()
    for name in ("answers", "permits", "premises_area_m2"):
        del form[name]
    return form | changes


def _window(front: Front) -> str:
    bureau = front.pack.agency("administrative_approval").uscc
    scopes = ("matters.matter.submit", "matters.matter.read", "deliveries.delivery.handle")
    return officer_token("wanda", bureau, *scopes, office=Office("140881", frozenset({WINDOW})))


def _bank(front: Front, key: str = "bank") -> str:
    scopes = ("matters.matter.submit", "matters.matter.read")
    return agency_token(key, front.pack.agency(key).uscc, *scopes)


def _receiver(person: str) -> str:
    return person_token(person, "deliveries.delivery.read")


def _seconds(later: str, earlier: str) -> float:
    return (datetime.fromisoformat(later) - datetime.fromisoformat(earlier)).total_seconds()


async def _delivery(front: Front, matter_id: str, token: str) -> JSON | None:
    entries = (await front.gateway.get("/deliveries/v1/deliveries", token)).json()["entries"]
    return next((each for each in entries if each["case_id"] == matter_id), None)


async def _handed_out(front: Front, matter_id: str, person: str) -> JSON | None:
    matter = await front.read(matter_id, person)
    return matter if any(entry["verb"] == "handed_out" for entry in matter["history"]) else None


async def test_registration_and_the_parts_after_it_have_half_a_day_each_and_begin_at_one_instant(
    front: Front, clock: SettableClock
) -> None:
    clock.set(MONDAY)
    front.services.next_time("/filings", lambda call: front.services.done(call, status="under_review"))

    matter = await front.opened(theme=THEME, form=enterprise_form())
    filed = await front.until(matter["id"], registration="submitted")
    clock.set(MONDAY + timedelta(hours=6))  # 15:00
    filing = front.services.filing_of(matter["id"])
    told = {"filing_id": filing["id"], "matter_id": matter["id"], "established_on": "2026-11-23"}
    uscc = "91140881MAE0000099"
    await front.gateway.hear(
        "cn.tongban.registration.enterprise.registered.v1",
        uscc,
        {"uscc": uscc, "name": "某店", **told},
        at=clock(),
    )
    begun = await front.until(matter["id"], registration="completed", **dict.fromkeys(PARTS, "assigned"))

    step = next(each for each in filed["steps"] if each["key"] == "registration")
    # half of seven and a half hours from 09:00, less the break: 15:15
    assert _seconds(step["clock"]["due_at"], matter["opened_at"]) == 6.25 * 3600
    dues = {task["clock"]["due_at"] for task in begun["tasks"]}
    # three hours are left of Monday at 15:00, the other 45 minutes are Tuesday's: 08:45
    assert len(dues) == 1
    late = datetime.fromisoformat(dues.pop()) - datetime(2026, 11, 24, 0, 45, tzinfo=UTC)
    assert timedelta(0) <= late < timedelta(minutes=1)
    assert {task["kind"] for task in begun["tasks"]} == set(PARTS)


async def test_nothing_is_paid_and_the_result_says_what_is_needed_next(
    front: Front, clock: SettableClock
) -> None:
    clock.set(MONDAY)
    matter = await front.opened(theme=THEME, form=enterprise_form(scope_codes=["H6210-01", "H6210-03"]))
    before = matter["result"]
    matter = await front.until(matter["id"], seal="assigned")
    await front.done(matter, *PARTS)
    ended = await front.until(matter["id"], state="completed")

    result = ended["result"]
    package = result["start_up_package"]
    seals = next(item for item in result["items"] if item["key"] == "seal")
    assert (before["permits_needed"], before["start_up_package"]) == (None, None)
    assert (result["cost_fen"], len(seals["free"])) == (0, 4)
    assert [(p["item"], p["scope_codes"]) for p in result["permits_needed"]] == [
        ("food_operation", ["H6210-01"])
    ]
    sections = {part["section"]: [item["key"] for item in part["items"]] for part in package["parts"]}
    assert sections == {
        "licence": ["registration"],
        "industry_permits": [],
        "tax_invoices": ["invoice"],
        "seals": ["seal"],
    }
    policies = [each["key"] for each in package["policy_documents"]]
    assert policies == ["business_environment_plan", "catering_permit"]
    merged = await front.gateway.events("cn.tongban.gateway.matter.filing_merged.v1", matter["id"])
    police = front.pack.agency("police").uscc
    assert [each["key"] for each in result["merged_filings"]] == [each["data"]["filing"] for each in merged]
    assert ("seal_record", police, ended["uscc"]) in [
        (e["data"]["filing"], e["data"]["agency_uscc"], e["data"]["uscc"]) for e in merged
    ]


async def test_a_scope_without_permits_is_told_to_be_free_to_operate(
    front: Front, clock: SettableClock
) -> None:
    clock.set(MONDAY)
    matter = await front.opened(theme=THEME, form=enterprise_form(scope_codes=["H6210-03"]))

    matter = await front.until(matter["id"], registration="completed")

    assert matter["result"]["permits_needed"] == []


async def test_what_came_in_at_the_hall_is_consolidated_by_the_last_department_and_handed_out_at_once(
    front: Front, clock: SettableClock
) -> None:
    clock.set(MONDAY)
    window = _window(front)
    body = {"theme": THEME, "form": enterprise_form(), "on_behalf_of": "wilma"}

    opened = await front.gateway.post(MATTERS, body, window)
    matter = await front.until(opened.json()["id"], person="wilma", seal="assigned", consolidation="waiting")
    for minute, kind in enumerate(("seal", "bank_account", "invoice", "housing_fund", "social_insurance")):
        clock.set(MONDAY + timedelta(hours=1, minutes=minute))
        await front.done(matter, kind)
    gathered = await front.read(matter["id"], "wilma")
    too_early = await front.gateway.get("/deliveries/v1/deliveries", _receiver("wilma"))
    task_id = front.task_id(matter, "consolidation")
    seen = (await front.gateway.get(f"/matters/v1/tasks/{task_id}", front.agency("human_resources"))).json()
    by_others = await front.gateway.get(f"/matters/v1/tasks/{task_id}", front.agency("police"))
    await front.done(gathered, "consolidation")
    ended = await front.until(matter["id"], person="wilma", state="completed")
    delivery = await eventually(lambda: _delivery(front, matter["id"], _receiver("wilma")))
    assert delivery is not None
    code = {"case_no": ended["case_no"], "pickup_code": delivery["pickup_code"]}
    handed = await front.gateway.post("/deliveries/v1/hand-overs", code, window)
    given = await eventually(lambda: _handed_out(front, matter["id"], "wilma"))
    assert given is not None

    assert (opened.status_code, ended["channel"]) == (201, "hall")
    assert (gathered["state"], too_early.json()["entries"]) == ("in_progress", [])
    last = next(task for task in gathered["tasks"] if task["kind"] == "consolidation")
    assert (last["state"], last["agency_uscc"]) == (*("assigned", front.pack.agency("human_resources").uscc),)
    assert {each["key"] for each in seen["results"]} == {"registration", *PARTS}
    assert by_others.status_code == 404
    assert (handed.status_code, delivery["method"]) == (200, "window")
    moments = {item["handed_out_at"] for item in given["result"]["items"]}
    assert len(moments) == 1 and None not in moments


async def test_an_online_case_needs_no_consolidation(front: Front, clock: SettableClock) -> None:
    clock.set(MONDAY)

    matter = await front.opened(theme=THEME, form=enterprise_form())

    assert "consolidation" not in {task["kind"] for task in matter["tasks"]}


async def test_who_cannot_sign_online_signs_at_the_window_and_all_else_stays_online(
    front: Front, clock: SettableClock
) -> None:
    clock.set(MONDAY)
    form = enterprise_form()
    form["people"][1]["sign_mode"] = "offline"

    matter = await front.opened(theme=THEME, form=form)
    other = await front.opened(theme=THEME, form=enterprise_form())
    await front.until(other["id"], registration="completed")
    waiting = await front.read(matter["id"])
    await front.done(matter, "signing")
    signed = await front.until(matter["id"], registration="completed", seal="assigned")
    form["people"][1]["sign_mode"] = "online"

    states = {task["kind"]: task["state"] for task in waiting["tasks"]}
    assert states == {"signing": "assigned"} | dict.fromkeys(PARTS, "waiting")
    assert [step["state"] for step in waiting["steps"]] == ["waiting"]
    assert signed["channel"] == "portal"
    assert "signing" not in {task["kind"] for task in other["tasks"]}
    filed = front.services.filing_of(matter["id"])["content"]
    assert all("sign_mode" not in person for person in filed["people"])


async def test_customs_filing_asks_for_more_and_is_done_when_customs_says_so(
    front: Front, clock: SettableClock
) -> None:
    clock.set(MONDAY)
    body = {"theme": THEME, "form": enterprise_form(customs_filing=True)}

    bare = await front.gateway.post(MATTERS, body, front.person())
    matter = await front.opened(theme=THEME, form=enterprise_form(**CUSTOMS))
    matter = await front.until(matter["id"], customs_filing="assigned")
    await front.done(matter, *PARTS)
    unconfirmed = await front.read(matter["id"])
    file = await front.gateway.get(
        f"/matters/v1/tasks/{front.task_id(matter, 'customs_filing')}", front.agency("customs")
    )
    await front.done(matter, "customs_filing")
    confirmed = await front.until(matter["id"], state="completed", customs_filing="completed")

    pointers = {fault["pointer"] for fault in bare.json()["errors"]}
    assert (bare.status_code, pointers) == (
        400,
        {f"/form/{name}" for name in CUSTOMS if "_filing" not in name},
    )
    assert unconfirmed["state"] == "in_progress"
    facts = {fact["key"]: fact["value"] for fact in file.json()["facts"]}
    assert facts["customs_english_name"] == CUSTOMS["customs_english_name"]
    assert confirmed["result"]["items"][-1]["key"] == "customs_filing"


async def test_an_option_stands_once_the_matter_is_open(front: Front, clock: SettableClock) -> None:
    clock.set(MONDAY)
    finding = {"rule": "r", "pointer": "/name", "text_zh": "重名", "text_en": "taken"}
    front.services.next_time(
        "/filings", lambda call: front.services.done(call, status="returned", findings=[finding], uscc=None)
    )
    matter = await front.opened(theme=THEME, form=enterprise_form())
    await front.until(matter["id"], state="returned")
    matter = await front.read(matter["id"])

    answer = await front.gateway.client.put(
        f"{MATTERS}/{matter['id']}/form",
        json={"form": enterprise_form(**CUSTOMS)},
        headers=bearer(front.person()) | {"If-Match": matter["etag"]},
    )

    assert (answer.status_code, [e["code"] for e in answer.json()["errors"]]) == (400, ["parts-fixed"])


async def test_a_bank_files_for_a_founder_free_of_charge_and_the_case_names_it(
    front: Front, clock: SettableClock
) -> None:
    clock.set(MONDAY)
    bank = _bank(front)
    body = {"theme": THEME, "form": enterprise_form(), "on_behalf_of": "fiona"}

    opened = await front.gateway.post(MATTERS, body, bank)
    matter = opened.json()
    own = await front.opened(person="fiona", theme=THEME, form=enterprise_form())
    seen = await front.gateway.get(f"{MATTERS}/{matter['id']}", bank, on_behalf_of="fiona")
    foreign = await front.gateway.get(f"{MATTERS}/{own['id']}", bank, on_behalf_of="fiona")
    another = await front.gateway.post(MATTERS, body | {"theme": "retire", "form": {}}, bank)
    without_duty = await front.gateway.post(MATTERS, body, _bank(front, "tax"))

    assert opened.status_code == 201, opened.text
    assert matter["agent"] == {"client_id": "bank", "agency_uscc": front.pack.agency("bank").uscc}
    assert (matter["applicant"], matter["channel"], matter["result"]["cost_fen"]) == ("fiona", "agent", 0)
    assert (await front.read(matter["id"], "fiona"))["agent"] == matter["agent"]
    assert own["agent"] is None
    assert (seen.status_code, foreign.status_code) == (200, 404)
    assert (another.status_code, another.json()["type"]) == (409, "/problems/not-for-agents")
    assert without_duty.status_code == 403

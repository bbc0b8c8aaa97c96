"""A matter from its form to its end."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from shared.identifiers import is_case_number
from tests.gateway.matters.conftest import Front
from tests.gateway.matters.forms import THEME, restaurant_form
from tests.gateway.matters.services import Answer, Call, problem
from tests.support.identities import agency_token, bearer
from tests.support.waiting import eventually

TASKS = ("seal", "invoice", "social_insurance", "housing_fund", "bank_account")
OPENED = "cn.tongban.gateway.matter.opened.v1"
RETURNED = "cn.tongban.gateway.matter.returned.v1"
COMPLETED = "cn.tongban.gateway.matter.completed.v1"
ASSIGNED = "cn.tongban.gateway.task.assigned.v1"


async def test_one_form_becomes_a_filing_tasks_and_an_application(front: Front) -> None:
    form = restaurant_form()

    matter = await front.opened(form=form, commitments=["fire_check"])
    matter = await front.until(matter["id"], registration="completed", licensing="submitted", seal="assigned")

    filed = front.services.filing_of(matter["id"])["content"]
    assert filed["enterprise_kind"] == "limited_company"
    assert filed["name"]["division"] == "永济市"
    assert filed["name"]["trade"] == "餐饮"
    assert filed["name"]["form"] == "有限公司"
    assert filed["domicile"] == {"division_code": "140881001", "street": "河东大道18号", "commitment": True}
    assert filed["people"][0]["roles"] == ["legal_representative", "shareholder"]
    assert filed["people"][0]["subscribed_fen"] == form["capital_fen"]
    applied = front.services.application_of(matter["id"])["content"]
    assert applied["uscc"] == matter["uscc"]
    assert applied["industry_code"] == "restaurant"
    assert applied["answers"] == form["answers"]
    assert applied["form"]["permits"] == form["permits"]
    assert applied["form"]["contact_phone"] == form["contact_phone"]
    assert "enterprise_name" not in applied["form"]
    assert applied["commitments"] == ["fire_check"]
    [event] = await front.gateway.events(OPENED, matter["id"])
    told = {"matter_id": matter["id"], "case_no": matter["case_no"], "theme": THEME, "applicant": "ann"}
    assert event["data"] == event["data"] | told
    assert is_case_number(matter["case_no"])


async def test_departments_work_in_parallel_and_the_matter_closes_as_one(front: Front) -> None:
    matter = await front.opened()
    matter = await front.until(matter["id"], licensing="submitted", **dict.fromkeys(TASKS, "assigned"))

    taken = await asyncio.gather(*(front.act(matter, kind, "taking") for kind in TASKS))
    done = await asyncio.gather(
        *(front.act(matter, kind, "completion", {"result": {"number": kind}}) for kind in TASKS)
    )
    before = await front.gateway.events(COMPLETED, matter["id"])
    application = front.services.application_of(matter["id"])
    await front.gateway.hear(
        "cn.tongban.licensing.application.approved.v1",
        application["id"],
        {
            "application_id": application["id"],
            "matter_id": matter["id"],
            "uscc": matter["uscc"],
            "permit_number": "P1",
        },
    )
    finished = await front.until(matter["id"], state="completed", licensing="completed")

    assert {answer.status_code for answer in (*taken, *done)} == {200}
    assert before == []
    [event] = await front.gateway.events(COMPLETED, matter["id"])
    assert event["data"]["uscc"] == matter["uscc"]
    assert event["data"]["working_minutes"] >= 0
    assert [entry["verb"] for entry in finished["history"]][-1] == "completed"
    assert finished["ended_at"] is not None


async def test_the_enterprise_may_be_heard_of_before_the_filing_is_answered(front: Front) -> None:
    front.services.next_time("/filings", lambda call: front.services.done(call, status="under_review"))
    matter = await front.opened()
    matter = await front.until(matter["id"], registration="submitted")
    filing = front.services.filing_of(matter["id"])
    heard = {"filing_id": filing["id"], "matter_id": matter["id"], "established_on": "2026-11-20"}

    await front.gateway.hear(
        "cn.tongban.registration.enterprise.registered.v1",
        "91140881MAE0000011",
        {"uscc": "91140881MAE0000011", "name": "某店", **heard},
    )
    matter = await front.until(matter["id"], registration="completed", bank_account="assigned")

    assert matter["uscc"] == "91140881MAE0000011"
    assert matter["established_on"] == "2026-11-20"
    assert len(await front.gateway.events(ASSIGNED, matter["tasks"][0]["id"])) == 1


async def test_an_enterprise_of_anothers_filing_does_not_move_the_matter(front: Front) -> None:
    front.services.next_time("/filings", lambda call: front.services.done(call, status="under_review"))
    matter = await front.opened()
    await front.until(matter["id"], registration="submitted")
    heard = {"filing_id": "somebody-elses", "matter_id": matter["id"], "established_on": "2026-11-20"}

    told = await front.gateway.hear(
        "cn.tongban.registration.enterprise.registered.v1",
        "91140881MAE0000022",
        {"uscc": "91140881MAE0000022", "name": "某店", **heard},
    )

    async def applied() -> bool:
        rows = await front.gateway.rows(
            "SELECT 1 FROM inbox WHERE event_id = :id AND applied_at IS NOT NULL", id=told["id"]
        )
        return bool(rows)

    await eventually(applied)
    matter = await front.read(matter["id"])
    assert matter["uscc"] is None
    assert {task["state"] for task in matter["tasks"]} == {"waiting"}


async def test_a_service_that_is_down_is_asked_again_under_the_same_key(front: Front) -> None:
    for code in (500, 503, 502):
        front.services.next_time("/filings", problem(code, "internal-error"))

    matter = await front.opened()
    await front.until(matter["id"], registration="completed", licensing="submitted")

    keys = [call.key for call in front.services.calls_of(matter["id"], path_end="/filings")]
    assert len(keys) == 4
    assert len(set(keys)) == 1


async def test_an_answer_that_is_lost_after_the_commit_repeats_nothing(front: Front) -> None:
    def cut_off(call: Call) -> Answer:
        made = front.services.done(call)
        return Answer(made.code, made.body, is_cut_off=True)

    front.services.next_time("/filings", cut_off)

    matter = await front.opened()
    await front.until(matter["id"], registration="completed", licensing="submitted")

    calls = front.services.calls_of(matter["id"], path_end="/filings")
    assert len(calls) == 2
    assert calls[0].key == calls[1].key
    assert calls[0].body == calls[1].body
    assert [f["matter_id"] for f in front.services.filings.values()].count(matter["id"]) == 1


async def test_a_decision_that_comes_before_the_answer_is_taken_in(front: Front) -> None:
    def lost_on_the_way(call: Call) -> Answer:
        front.services.done(call, status="under_review")
        return problem(503, "service-unavailable", retry_after=5)(call)

    front.services.next_time("/filings", lost_on_the_way)
    matter = await front.opened()

    async def filed() -> dict[str, Any]:
        return front.services.filing_of(matter["id"]) if front.services.calls_of(matter["id"]) else {}

    filing = await eventually(filed)
    told = {"filing_id": filing["id"], "matter_id": matter["id"], "applicant": "ann", "kind": "establishment"}
    another = told | {"filing_id": "somebody-elses", "applicant": "bob"}
    decided = {"uscc": "91140881MAE0000033", "licence_identifier": "L1"}
    await front.gateway.hear("cn.tongban.registration.filing.submitted.v1", "somebody-elses", another)
    await front.gateway.hear("cn.tongban.registration.filing.submitted.v1", filing["id"], told)
    await front.gateway.hear("cn.tongban.registration.filing.approved.v1", filing["id"], told | decided)
    matter = await front.until(matter["id"], registration="completed", licensing="submitted")

    assert matter["uscc"] == "91140881MAE0000033"
    assert [f["matter_id"] for f in front.services.filings.values()].count(matter["id"]) == 1


async def test_a_step_that_cannot_be_settled_waits_and_keeps_no_other_from_its_service(front: Front) -> None:
    front.services.next_time("/filings", problem(503, "internal-error", retry_after=300))
    broken = await front.opened()
    await eventually(lambda: _tried(front, broken["id"], "internal-error"))
    front.services.next_time("/filings", problem(503, "internal-error"))
    await front.gateway.rows_changed(
        "UPDATE matter_step SET tries = 2147483647, not_before = now() - interval '1 day'"
        " WHERE matter_id::text = :id AND state = 'ready'",
        id=broken["id"],
    )

    waiting = await eventually(lambda: _tried(front, broken["id"], "DBAPIError"))
    other = await front.opened()
    await front.until(other["id"], registration="completed", licensing="submitted")

    assert waiting["not_before"] > datetime.now(UTC)


async def _tried(front: Front, matter_id: str, fault: str) -> dict[str, Any]:
    query = "SELECT not_before, last_fault FROM matter_step WHERE matter_id::text = :id AND state = 'ready'"
    [step] = await front.gateway.rows(query, id=matter_id)
    assert step["last_fault"] == fault, step
    return step


async def test_a_service_that_says_when_is_asked_then(front: Front) -> None:
    front.services.next_time("/applications", problem(409, "enterprise-unknown", retry_after=1))

    matter = await front.opened()
    matter = await front.until(matter["id"], licensing="submitted")

    assert len(front.services.calls_of(matter["id"], path_end="/applications")) == 2
    assert matter["state"] == "in_progress"


async def test_a_worker_that_is_killed_between_call_and_answer_goes_on(front: Front) -> None:
    arrived = asyncio.Event()

    def cut_off(call: Call) -> Answer:
        arrived.set()
        made = front.services.done(call)
        return Answer(made.code, made.body, is_cut_off=True)

    front.services.next_time("/filings", cut_off)
    matter = await front.opened()
    await asyncio.wait_for(arrived.wait(), 15)

    await front.gateway.stop_worker()
    await front.gateway.start_worker()
    await front.until(matter["id"], registration="completed", licensing="submitted", seal="assigned")

    assert [f["matter_id"] for f in front.services.filings.values()].count(matter["id"]) == 1
    assert len(await front.gateway.events(ASSIGNED)) >= 5
    for task in (await front.read(matter["id"]))["tasks"]:
        assert len(await front.gateway.events(ASSIGNED, task["id"])) == 1


async def test_what_a_service_refuses_is_told_at_its_place_in_the_form(front: Front) -> None:
    front.services.next_time(
        "/filings",
        problem(400, "invalid-input", ("/name/distinctive", "taken"), ("/people/1/phone", "pattern")),
    )

    matter = await front.opened()
    matter = await front.until(matter["id"], state="returned", registration="returned")

    assert {finding["pointer"] for finding in matter["findings"]} == {
        "/form/enterprise_name",
        "/form/people/2/phone",
    }
    assert matter["clock"]["due_at"] is None
    [event] = await front.gateway.events(RETURNED, matter["id"])
    assert len(event["data"]["findings"]) == 2


async def test_a_returned_filing_is_corrected_once_and_goes_on(front: Front) -> None:
    finding = {"rule": "name.conflict", "pointer": "/name", "text_zh": "重名", "text_en": "taken"}
    front.services.next_time(
        "/filings", lambda call: front.services.done(call, status="returned", findings=[finding], uscc=None)
    )
    matter = await front.opened()
    await front.until(matter["id"], state="returned")
    matter = await front.read(matter["id"])
    url = f"/matters/v1/matters/{matter['id']}/form"
    form = restaurant_form()
    corrected: dict[str, Any] = {"form": form, "commitments": []}
    headers = bearer(front.person()) | {"If-Match": matter["etag"]}

    blind = await front.gateway.client.put(url, json=corrected, headers=bearer(front.person()))
    answer = await front.gateway.client.put(url, json=corrected, headers=headers)
    again = await front.gateway.client.put(url, json=corrected, headers=headers)
    finished = await front.until(
        matter["id"], state="in_progress", registration="completed", licensing="submitted", seal="assigned"
    )

    assert [finding["text_en"] for finding in matter["findings"]] == ["taken"]
    assert (blind.status_code, answer.status_code, again.status_code) == (428, 200, 412)
    assert finished["findings"] == []
    assert len(front.services.calls_of(matter["id"], "PUT")) == 1
    assert len(front.services.calls_of(matter["id"], "POST", "/submission")) == 1
    assert (
        front.services.filing_of(matter["id"])["content"]["name"]["distinctive"]
        in (corrected["form"]["enterprise_name"])
    )


async def test_a_filing_that_is_reopened_goes_on_and_nobody_has_to_choose(front: Front) -> None:
    front.services.next_time("/filings", lambda call: front.services.done(call, status="refused", uscc=None))
    matter = await front.opened()
    await front.until(matter["id"], state="awaiting_choice", registration="refused")
    filing = front.services.filing_of(matter["id"])["id"]
    told = {"filing_id": filing, "matter_id": matter["id"], "reason_zh": "有先例", "applicant": "ann"}
    decided = {"uscc": "91140881MAE0000044", "licence_identifier": "L1"}

    await front.gateway.hear("cn.tongban.registration.filing.reopened.v1", filing, told)
    reopened = await front.until(matter["id"], state="in_progress", registration="submitted")
    await front.gateway.hear("cn.tongban.registration.filing.approved.v1", filing, told | decided)
    after = await front.until(matter["id"], registration="completed", licensing="submitted")

    assert reopened["clock"]["due_at"] is not None
    assert after["uscc"] == "91140881MAE0000044"
    assert len(front.services.calls_of(matter["id"], path_end="/filings")) == 1


async def test_a_long_history_shows_what_was_last_and_all_of_it_page_by_page(front: Front) -> None:
    matter = await front.opened()
    await front.until(matter["id"], licensing="submitted")
    await front.gateway.rows_changed(
        "INSERT INTO matter_history (matter_id, at, verb, details)"
        " SELECT :id, now(), 'warned', jsonb_build_object('n', n::text) FROM generate_series(1, 230) AS n",
        id=UUID(matter["id"]),
    )
    url, token = f"/matters/v1/matters/{matter['id']}/history", front.person()

    shown = (await front.read(matter["id"]))["history"]
    first = await front.gateway.get(url, token, limit=200)
    cursor = first.json()["next_cursor"]
    second = await front.gateway.get(url, token, limit=200, cursor=cursor)
    strange = await front.gateway.get(url, front.person("bob"))

    whole = [*first.json()["entries"], *second.json()["entries"]]
    assert (len(shown), shown[-1]["details"]) == (200, {"n": "230"})
    assert (whole[0]["details"], whole[-1]["verb"]) == ({"n": "230"}, "opened")
    assert len([each for each in whole if each["verb"] == "warned"]) == 230
    assert strange.status_code == 404


async def test_a_matter_that_is_not_returned_cannot_be_corrected(front: Front) -> None:
    matter = await front.opened()
    matter = await front.until(matter["id"], licensing="submitted")
    matter = await front.read(matter["id"])

    answer = await front.gateway.client.put(
        f"/matters/v1/matters/{matter['id']}/form",
        json={"form": matter["form"]},
        headers=bearer(front.person()) | {"If-Match": matter["etag"]},
    )

    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/matter-action-not-allowed"


async def test_what_is_registered_is_not_changed_by_the_form(front: Front) -> None:
    matter = await front.opened()
    await front.until(matter["id"], licensing="submitted", seal="assigned")
    await front.act(await front.read(matter["id"]), "seal", "return", {"reason": "印章种类不符"})
    matter = await front.until(matter["id"], state="returned", seal="returned")
    matter = await front.read(matter["id"])
    url = f"/matters/v1/matters/{matter['id']}/form"
    headers = bearer(front.person()) | {"If-Match": matter["etag"]}

    moved = await front.gateway.client.put(
        url, json={"form": matter["form"] | {"address": "永济市城东街道1号"}}, headers=headers
    )
    corrected = await front.gateway.client.put(
        url, json={"form": matter["form"] | {"seal_kinds": ["财务章"]}}, headers=headers
    )
    after = await front.until(matter["id"], state="in_progress", seal="assigned")

    assert moved.status_code == 400
    assert [fault["pointer"] for fault in moved.json()["errors"]] == ["/form/address"]
    assert corrected.status_code == 200, corrected.text
    assert [move["en"] for move in after["clock"]["moves"]] == [
        "the time starts",
        "the clock stands still",
        "the clock goes on",
    ]


async def test_a_matter_under_review_can_be_withdrawn_and_its_filing_with_it(front: Front) -> None:
    front.services.next_time("/filings", lambda call: front.services.done(call, status="under_review"))
    matter = await front.opened()
    await front.until(matter["id"], registration="submitted")

    answer = await front.gateway.post(f"/matters/v1/matters/{matter['id']}/withdrawal", None, front.person())
    matter = await front.until(matter["id"], state="withdrawn", registration="withdrawn", seal="cancelled")
    again = await front.gateway.post(f"/matters/v1/matters/{matter['id']}/withdrawal", None, front.person())

    assert answer.status_code == 200
    assert again.status_code == 409
    assert front.services.filing_of(matter["id"])["status"] == "withdrawn"


async def test_what_is_registered_stays_when_the_rest_is_withdrawn(front: Front) -> None:
    matter = await front.opened()
    matter = await front.until(matter["id"], registration="completed", licensing="submitted", seal="assigned")
    seal = front.task_id(matter, "seal")

    answer = await front.gateway.post(f"/matters/v1/matters/{matter['id']}/withdrawal", None, front.person())
    application = front.services.application_of(matter["id"])
    await front.gateway.hear(
        "cn.tongban.licensing.application.approved.v1",
        application["id"],
        {"application_id": application["id"], "matter_id": matter["id"], "permit_number": "P1"},
    )
    ended = await front.until(matter["id"], state="partly_completed", seal="cancelled")

    assert (answer.status_code, answer.json()["state"]) == (200, "in_progress")
    assert ended["uscc"] == matter["uscc"]
    assert len(await front.gateway.events("cn.tongban.gateway.task.cancelled.v1", seal)) == 1
    [event] = await front.gateway.events("cn.tongban.gateway.matter.partly_completed.v1", matter["id"])
    assert event["data"]["completed_parts"] == ["registration", "licensing"]
    assert event["data"]["open_parts"] == list(TASKS)


async def test_every_fault_of_a_form_is_told_at_once_in_the_callers_language(front: Front) -> None:
    form = restaurant_form(capital_fen=True, seal_kinds=[], enterprise_kind="farmers_cooperative", extra=1)
    del form["people"]
    body = {"theme": THEME, "form": form}

    english = await front.gateway.post("/matters/v1/matters", body, front.person(), accept_language="en")
    chinese = await front.gateway.post("/matters/v1/matters", body, front.person())

    assert english.status_code == 400
    faults = {fault["pointer"]: fault["detail"] for fault in english.json()["errors"]}
    assert faults == {
        "/form/capital_fen": "an integer is expected",
        "/form/extra": "this field is not known",
        "/form/people": "this field is required",
        "/form/seal_kinds": "at least 1 entries",
    }
    assert chinese.json()["errors"][2]["detail"] == "此项必填"


async def test_a_name_or_an_address_that_cannot_be_read_is_told_before_anything_is_filed(
    front: Front,
) -> None:
    form = restaurant_form(enterprise_name="好味道", address="永济市河东大道18号")
    answer = await front.gateway.post("/matters/v1/matters", {"theme": THEME, "form": form}, front.person())

    assert answer.status_code == 400
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [
        "/form/enterprise_name",
        "/form/address",
    ]


async def test_only_permits_that_the_answers_call_for_are_asked(front: Front) -> None:
    form = restaurant_form()
    del form["permits"]["fire_check"]
    form["permits"]["tobacco"] = {"nearest_school_m": 300}

    answer = await front.gateway.post(
        "/matters/v1/matters", {"theme": THEME, "form": form, "commitments": ["tobacco"]}, front.person()
    )

    assert {fault["pointer"]: fault["code"] for fault in answer.json()["errors"]} == {
        "/commitments/0": "no-commitment",
        "/form/permits/fire_check": "missing",
        "/form/permits/tobacco": "not-called-for",
    }


async def test_a_stranger_sees_no_difference_between_anothers_matter_and_none(front: Front) -> None:
    matter = await front.opened()

    foreign = await front.gateway.get(f"/matters/v1/matters/{matter['id']}", front.person("bob"))
    absent = await front.gateway.get(
        "/matters/v1/matters/01938f0e-7c1a-7a52-9a53-000000000000", front.person("bob")
    )

    assert foreign.status_code == absent.status_code == 404
    assert foreign.json()["type"] == absent.json()["type"]


async def test_a_system_in_its_own_name_opens_no_matter(front: Front) -> None:
    token = agency_token("tax", front.pack.agency("tax").uscc, "matters.matter.submit")

    answer = await front.gateway.post(
        "/matters/v1/matters", {"theme": THEME, "form": restaurant_form()}, token
    )

    assert answer.status_code == 403


async def test_ones_own_matters_are_listed_in_pages(front: Front) -> None:
    made = [(await front.opened(person="carol"))["id"] for _ in range(3)]
    token = front.person("carol")

    async def all_there() -> bool:
        return len((await front.gateway.get("/matters/v1/mine", token)).json()["entries"]) == 3

    await eventually(all_there)
    first = await front.gateway.get("/matters/v1/mine", token, limit=2)
    second = await front.gateway.get("/matters/v1/mine", token, limit=2, cursor=first.json()["next_cursor"])

    listed = [each["id"] for page in (first, second) for each in page.json()["entries"]]
    assert listed == made[::-1]
    assert second.json()["next_cursor"] is None


async def test_a_theme_is_public_with_its_form_and_what_departments_asked_before(front: Front) -> None:
    themes = await front.gateway.get("/matters/v1/themes")
    theme = (await front.gateway.get(f"/matters/v1/themes/{THEME}")).json()
    unknown = await front.gateway.get("/matters/v1/themes/fly_to_the_moon")

    assert THEME in {each["key"] for each in themes.json()["entries"]}
    assert "/enterprise_name" in theme["typed_fields"]
    assert [task["key"] for task in theme["tasks"]] == ["signing", *TASKS]
    asked = sum(len(part["form_fields"]) for part in (*theme["steps"], *theme["tasks"], *theme["permits"]))
    assert asked > len(theme["typed_fields"])
    assert unknown.status_code == 404


async def test_the_answer_is_written_when_the_clock_of_the_matter_says(front: Front) -> None:
    matter = await front.opened()

    due_at = datetime.fromisoformat(matter["clock"]["due_at"])

    assert due_at > datetime.now(UTC)
    assert matter["clock"]["limit"] == "0.5 working_day"
    assert matter["clock"]["moves"][0]["en"] == "the time starts"

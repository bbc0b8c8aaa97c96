"""Department tasks: own ones only, each move once, shared facts as far as granted."""

import asyncio
from typing import Any

from shared.security.office import Office
from tests.gateway.matters.conftest import Front
from tests.support.identities import agency_token, officer_token, person_token

TAKEN = "cn.tongban.gateway.task.taken.v1"
COMPLETED = "cn.tongban.gateway.task.completed.v1"
ACCESS = "cn.tongban.gateway.access.recorded.v1"


async def _assigned(front: Front) -> dict[str, Any]:
    matter = await front.opened()
    return await front.until(matter["id"], seal="assigned", invoice="assigned")


def _task(matter: dict[str, Any], kind: str) -> str:
    return str(next(task["id"] for task in matter["tasks"] if task["kind"] == kind))


async def test_all_tasks_are_assigned_at_the_same_instant_each_with_its_own_clock(front: Front) -> None:
    matter = await _assigned(front)

    starts = {task["clock"]["moves"][0]["at"] for task in matter["tasks"]}

    assert len(matter["tasks"]) == 5
    assert len(starts) == 1
    assert {task["state"] for task in matter["tasks"]} == {"assigned"}


async def test_an_agency_sees_its_own_tasks_only(front: Front) -> None:
    matter = await _assigned(front)
    seal = _task(matter, "seal")

    listed = await front.gateway.get("/matters/v1/tasks", front.agency("police"), limit=200)
    foreign_list = await front.gateway.get("/matters/v1/tasks", front.agency("tax"), limit=200)
    foreign = await front.gateway.get(f"/matters/v1/tasks/{seal}", front.agency("tax"))
    foreign_taking = await front.gateway.post(f"/matters/v1/tasks/{seal}/taking", None, front.agency("tax"))
    person = await front.gateway.get(f"/matters/v1/tasks/{seal}", person_token("ann", "matters.task.handle"))
    absent = await front.gateway.get(f"/matters/v1/tasks/{matter['id']}", front.agency("police"))

    assert seal in {each["id"] for each in listed.json()["entries"]}
    assert {each["kind"] for each in foreign_list.json()["entries"]} == {"invoice"}
    assert [a.status_code for a in (foreign, foreign_taking, person, absent)] == [404] * 4


async def test_an_officer_handles_the_tasks_of_the_offices_region_only(front: Front) -> None:
    matter = await _assigned(front)  # in the town 城西街道 (140881001)
    seal, police = _task(matter, "seal"), front.pack.agency("police").uscc
    tokens = {
        region: officer_token("olga", police, "matters.task.handle", office=Office(region))
        for region in ("140881", "140881001", "140882", "140881002", "140881001001")
    }

    read = {
        region: (await front.gateway.get(f"/matters/v1/tasks/{seal}", token)).status_code
        for region, token in tokens.items()
    }
    listed = {
        region: seal in {each["id"] for each in (await _list(front, token))["entries"]}
        for region, token in tokens.items()
    }
    counted = await front.gateway.get("/matters/v1/stats/channels", tokens["140881001"])
    taken = await front.gateway.post(f"/matters/v1/tasks/{seal}/taking", None, tokens["140882"])

    theirs = {"140881", "140881001"}
    assert read == {region: 200 if region in theirs else 404 for region in tokens}
    assert {region for region, is_there in listed.items() if is_there} == theirs
    assert counted.json()["total"] > 0
    assert taken.status_code == 404


async def _list(front: Front, token: str) -> dict[str, Any]:
    found: dict[str, Any] = (await front.gateway.get("/matters/v1/tasks", token, limit=200)).json()
    return found


async def test_tasks_that_wait_for_the_enterprise_are_nobodys_yet(front: Front) -> None:
    front.services.next_time("/filings", lambda call: front.services.done(call, status="under_review"))
    matter = await front.opened()
    matter = await front.until(matter["id"], registration="submitted")

    early = await front.gateway.get(f"/matters/v1/tasks/{_task(matter, 'seal')}", front.agency("police"))

    assert early.status_code == 404


async def test_a_token_without_the_scope_handles_nothing(front: Front) -> None:
    token = agency_token("police", front.pack.agency("police").uscc, "matters.matter.read")

    assert (await front.gateway.get("/matters/v1/tasks", token)).status_code == 403


async def test_a_list_can_be_narrowed_and_paged(front: Front) -> None:
    matter = await _assigned(front)
    await front.act(matter, "seal", "taking")
    token = front.agency("police")

    taken = await front.gateway.get("/matters/v1/tasks", token, status="taken", kind="seal", limit=200)
    none = await front.gateway.get("/matters/v1/tasks", token, kind="invoice")
    first = await front.gateway.get("/matters/v1/tasks", token, limit=1)
    wrong = await front.gateway.get("/matters/v1/tasks", token, status="lost")

    assert _task(matter, "seal") in {each["id"] for each in taken.json()["entries"]}
    assert none.json()["entries"] == []
    assert first.json()["next_cursor"]
    assert wrong.status_code == 400


async def test_a_task_holds_exactly_the_facts_that_the_region_lets_it_receive(front: Front) -> None:
    matter = await _assigned(front)
    receives = next(task.receives for task in front.pack.matter(matter["theme"]).tasks if task.key == "seal")

    answer = await front.gateway.get(f"/matters/v1/tasks/{_task(matter, 'seal')}", front.agency("police"))

    facts = {fact["key"]: fact for fact in answer.json()["facts"]}
    assert tuple(facts) == receives
    assert facts["uscc"]["value"] == matter["uscc"]
    assert facts["enterprise_name"]["value"] == matter["form"]["enterprise_name"]
    assert facts["legal_representative_id_number"]["value"] == "140881199001010010"
    assert facts["contact_phone"] == facts["contact_phone"] | {"value": None, "is_withheld": True}
    assert "capital_fen" not in facts
    assert answer.headers["cache-control"] == "no-store"


async def test_reading_personal_facts_is_recorded_by_name_and_without_values(front: Front) -> None:
    matter = await _assigned(front)

    await front.gateway.get(f"/matters/v1/tasks/{_task(matter, 'seal')}", front.agency("police"))

    [event] = await front.gateway.events(ACCESS, matter["uscc"])
    assert event["data"]["owner_subject"] == "ann"
    assert event["data"]["client_id"] == "police"
    assert event["data"]["purpose"] == "seal_filing"
    assert event["data"]["fields"] == ["legal_representative_name", "legal_representative_id_number"]
    assert "140881199001010010" not in str(event)


async def test_a_read_under_two_grants_is_recorded_under_each(front: Front) -> None:
    police = front.pack.agency("police").uscc
    await front.gateway.rows_changed(
        "INSERT INTO catalogue_grant SELECT (jsonb_populate_record(g, jsonb_build_object("
        "'grant_id', gen_random_uuid(), 'fields', ARRAY['contact_phone'], 'purpose', 'patrol', 'seed_key', NULL,"
        " 'seed_digest', NULL))).* FROM catalogue_grant AS g"
        " WHERE agency_uscc = :police AND purpose = 'seal_filing' AND status = 'issued'",
        police=police,
    )
    matter = await _assigned(front)

    task = await front.gateway.get(f"/matters/v1/tasks/{_task(matter, 'seal')}", front.agency("police"))
    await front.gateway.rows_changed("DELETE FROM catalogue_grant WHERE purpose = 'patrol'")

    events = await front.gateway.events(ACCESS, matter["uscc"])
    recorded = {each["data"]["purpose"]: each["data"]["fields"] for each in events}
    assert recorded == {
        "seal_filing": ["legal_representative_name", "legal_representative_id_number"],
        "patrol": ["contact_phone"],
    }
    assert len({each["data"]["grant_id"] for each in events}) == 2
    phone = next(each for each in task.json()["facts"] if each["key"] == "contact_phone")
    assert phone["value"] == matter["form"]["contact_phone"]


async def test_of_ten_that_take_a_task_at_once_one_does(front: Front) -> None:
    matter = await _assigned(front)

    answers = await asyncio.gather(*(front.act(matter, "seal", "taking") for _ in range(10)))

    codes = [answer.status_code for answer in answers]
    assert codes.count(200) == 1
    assert set(codes) <= {200, 409, 503}  # who waits too long for the lock may come again
    assert len(await front.gateway.events(TAKEN, _task(matter, "seal"))) == 1


async def test_a_task_is_completed_once_and_only_after_it_was_taken(front: Front) -> None:
    matter = await _assigned(front)
    result = {"result": {"seal_number": "1408810012345"}}

    untaken = await front.act(matter, "seal", "completion", result)
    await front.act(matter, "seal", "taking")
    done = await front.act(matter, "seal", "completion", result)
    again = await front.act(matter, "seal", "completion", result)
    too_late = await front.act(matter, "seal", "return", {"reason": "再看一遍"})

    assert [a.status_code for a in (untaken, done, again, too_late)] == [409, 200, 409, 409]
    assert done.json()["result"] == result["result"]
    [event] = await front.gateway.events(COMPLETED, _task(matter, "seal"))
    assert event["data"]["uscc"] == matter["uscc"]
    assert event["data"]["working_minutes"] >= 0


async def test_results_have_limits(front: Front) -> None:
    matter = await _assigned(front)
    await front.act(matter, "seal", "taking")

    for bad in ({"result": {"A b": "x"}}, {"result": {"a": 1}}, {"result": {"a": "x" * 201}}, {}):
        answer = await front.act(matter, "seal", "completion", bad)
        assert answer.status_code == 400, bad


async def test_a_grant_that_is_withdrawn_opens_nothing_in_a_task_any_more(front: Front) -> None:
    bureau = agency_token(
        "data_bureau",
        front.pack.agency("data_bureau").uscc,
        "catalogue.grant.read",
        "catalogue.grant.manage",
    )
    matter = await front.until((await front.opened())["id"], bank_account="assigned")
    url = f"/matters/v1/tasks/{front.task_id(matter, 'bank_account')}"
    before = (await front.gateway.get(url, front.agency("bank"))).json()

    held = await front.gateway.get(
        "/catalogue/v1/grants", bureau, agency=front.pack.agency("bank").uscc, status="issued"
    )
    for grant in held.json()["entries"]:
        ended = await front.gateway.post(f"/catalogue/v1/grants/{grant['grant_id']}/withdrawal", None, bureau)
        assert ended.status_code == 200, ended.text
    after = (await front.gateway.get(url, front.agency("bank"))).json()

    def withheld(task: dict[str, Any]) -> set[str]:
        return {fact["key"] for fact in task["facts"] if fact["is_withheld"]}

    assert "legal_representative_name" not in withheld(before)
    assert withheld(after) >= {"legal_representative_name", "legal_representative_id_number"}

"""The desk by API: who has a task, what it shows, what may be demanded of an applicant, results as files."""

import asyncio

import pytest

from shared.security.office import Office
from shared.security.strength import Strength
from tests.gateway.acting import acting, helper_of, owner_token, subject_of
from tests.gateway.desk.tasks import TASKS, a_material, act, assigned, keep_result, officer, task_id
from tests.gateway.materials.handing_in import FILES, hand
from tests.gateway.matters.conftest import Front
from tests.gateway.matters.forms import restaurant_form
from tests.support.files import PDF, PROGRAM, pdf
from tests.support.identities import bearer, officer_token, person_token
from tests.support.waiting import eventually

ACCESS = "cn.tongban.gateway.access.recorded.v1"
VISIT = "cn.tongban.gateway.task.visit_requested.v1"
RELEASED = "cn.tongban.gateway.task.released.v1"


async def test_of_two_officers_one_has_the_task_and_who_it_is_shows(front: Front) -> None:
    seal = task_id(await assigned(front))

    answers = await asyncio.gather(
        *(act(front, seal, "taking", token=officer(front, who)) for who in ("olga", "otto"))
    )
    shown = await front.gateway.get(f"{TASKS}/{seal}", officer(front, "olga"))

    assert sorted(answer.status_code for answer in answers) == [200, 409]
    [winner] = [answer.json()["taken_by"] for answer in answers if answer.status_code == 200]
    assert shown.json()["taken_by"] == winner


async def test_a_task_that_is_put_back_is_taken_by_another_and_its_clock_ran_on(front: Front) -> None:
    seal = task_id(await assigned(front))
    first = (await act(front, seal, "taking", token=officer(front, "olga"))).json()

    put_back = await act(front, seal, "release", token=officer(front, "olga"))
    twice = await act(front, seal, "release", token=officer(front, "olga"))
    taken = await act(front, seal, "taking", token=officer(front, "otto"))
    history = await front.gateway.get(f"{TASKS}/{seal}/history", officer(front, "otto"))

    assert (put_back.json()["state"], put_back.json()["taken_by"]) == ("assigned", None)
    assert twice.status_code == 409
    assert taken.json()["taken_by"] == "otto"
    assert taken.json()["due_at"] == first["due_at"]
    verbs = [entry["verb"] for entry in history.json()]
    assert verbs == ["task_assigned", "task_taken", "task_released", "task_taken"]
    assert len(await front.gateway.events(RELEASED, seal)) == 1


async def test_the_queue_is_filtered_and_counted(front: Front) -> None:
    before = (await front.gateway.get(f"{TASKS}/counts", front.agency("housing_fund"))).json()
    matter = await assigned(front)
    await assigned(front)
    mine = task_id(matter, "housing_fund")
    token = front.agency("housing_fund")
    await front.gateway.post(f"{TASKS}/{mine}/taking", None, token)

    counts = (await front.gateway.get(f"{TASKS}/counts", token)).json()
    due_at = (await front.gateway.get(f"{TASKS}/{mine}", token)).json()["due_at"]
    due = await front.gateway.get(TASKS, token, due_before="2099-01-01T00:00:00Z", status="taken")
    none_due = await front.gateway.get(TASKS, token, due_before="2020-01-01T00:00:00Z")
    late = await front.gateway.get(TASKS, token, overdue="true")
    in_time = await front.gateway.get(TASKS, token, overdue="false", limit=200)

    assert due_at is not None
    assert counts["taken"] == before["taken"] + 1
    assert counts["waiting_to_be_taken"] == before["waiting_to_be_taken"] + 1
    assert mine in {each["id"] for each in due.json()["entries"]}
    assert none_due.json()["entries"] == late.json()["entries"] == []
    assert mine in {each["id"] for each in in_time.json()["entries"]}


async def test_one_file_serves_every_department_under_one_id(front: Front) -> None:
    material = await a_material(front, "for all")
    matter = await assigned(front, materials=[material])
    agencies = {"seal": "police", "invoice": "tax", "bank_account": "bank"}

    seen = {
        kind: (await front.gateway.get(f"{TASKS}/{task_id(matter, kind)}", front.agency(key))).json()[
            "materials"
        ]
        for kind, key in agencies.items()
    }
    file = await front.gateway.get(f"{TASKS}/{task_id(matter)}/materials/{material}", front.agency("police"))
    foreign = await front.gateway.get(f"{TASKS}/{task_id(matter)}/materials/{material}", front.agency("tax"))
    deleted = await front.gateway.client.delete(f"{FILES}/{material}", headers=bearer(hand()))

    assert {kind: [each["material_id"] for each in found] for kind, found in seen.items()} == {
        kind: [material] for kind in agencies
    }
    assert file.content == pdf("for all")
    assert foreign.status_code == 404
    assert deleted.status_code == 409
    [read] = await front.gateway.events(ACCESS, material)
    assert read["data"]["owner_subject"] == "ann"
    assert (read["data"]["purpose"], read["data"]["resource"]) == ("seal", "gateway.material")


async def test_a_matter_refers_to_the_applicants_own_files_only(front: Front) -> None:
    material = await a_material(front, "of ann")
    body = {
        "theme": "open_restaurant",
        "form": restaurant_form(),
        "channel": "portal",
        "materials": [material],
    }

    refused = await front.gateway.post("/matters/v1/matters", body, front.person("bob"))

    assert refused.status_code == 404
    assert refused.json()["type"] == "/problems/material-not-found"


async def test_a_material_on_file_is_not_demanded_again_but_a_defective_one_is(front: Front) -> None:
    material = await a_material(front, "lease on file")
    matter = await assigned(front, materials=[material])
    seal = task_id(matter)
    await act(front, seal, "taking")
    again = {"material": "lease_contract", "text_zh": "请提交租赁合同"}

    repeated = await act(front, seal, "return", {"reason": "材料不全", "findings": [again]})
    sent_back = await act(
        front, seal, "return", {"reason": "材料模糊", "findings": [again | {"defect": "第二页无法辨认"}]}
    )
    returned = await front.until(matter["id"], state="returned")

    assert repeated.status_code == 422
    assert repeated.json()["type"] == "/problems/material-on-file"
    assert repeated.json()["material_ids"] == [material]
    assert [each["pointer"] for each in repeated.json()["errors"]] == ["/findings/0/material"]
    assert sent_back.status_code == 200
    assert [(each["rule"], each["pointer"]) for each in returned["findings"]] == [
        ("material-defective", "/materials/lease_contract")
    ]


async def test_the_corrected_file_reaches_the_department_and_what_was_missing_may_be_asked_for(
    front: Front,
) -> None:
    matter = await assigned(front)
    seal = task_id(matter)
    await act(front, seal, "taking")
    findings = [
        {"material": "site_plan", "text_zh": "请补交平面图", "text_en": "Please add the site plan"},
        {"form_field": "seal_kinds", "text_zh": "请增加财务章"},
    ]

    await act(front, seal, "return", {"reason": "需补正", "findings": findings})
    returned = await front.until(matter["id"], state="returned")
    plan = await a_material(front, "site plan", kind="site_plan")
    corrected = await front.gateway.client.put(
        f"/matters/v1/matters/{matter['id']}/form",
        json={"form": returned["form"], "materials": [plan]},
        headers=bearer(front.person()) | {"If-Match": returned["etag"]},
    )
    seen = await front.gateway.get(f"{TASKS}/{seal}", front.agency("police"))

    assert [each["pointer"] for each in returned["findings"]] == ["/materials/site_plan", "/form/seal_kinds"]
    assert corrected.status_code == 200, corrected.text
    assert seen.json()["state"] == "assigned"
    assert [each["material_id"] for each in seen.json()["materials"]] == [plan]


@pytest.mark.parametrize(
    "finding",
    [
        {"form_field": "capital_fen", "text_zh": "资本不符"},
        {"material": "site_plan", "text_zh": "平面图不清", "defect": "模糊"},
        {"text_zh": "不清楚"},
        {"form_field": "seal_kinds", "material": "site_plan", "text_zh": "两者"},
        {"form_field": "seal_kinds", "text_zh": "字段", "defect": "无"},
    ],
    ids=["not received", "not on file", "nothing named", "two named", "a field has no defect"],
)
async def test_a_finding_names_one_thing_that_the_department_has(
    front: Front, finding: dict[str, str]
) -> None:
    seal = task_id(await assigned(front))
    await act(front, seal, "taking")

    answer = await act(front, seal, "return", {"reason": "需补正", "findings": [finding]})

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"].startswith("/findings/0")


async def test_nobody_is_made_to_come_without_a_legal_basis_and_trying_is_recorded(front: Front) -> None:
    seal = task_id(await assigned(front))
    await act(front, seal, "taking")

    refused = await act(front, seal, "visit-requests", {"reason": "请到现场核对"}, officer(front, "olga"))

    assert refused.status_code == 422
    assert refused.json()["type"] == "/problems/visit-without-basis"
    [entry] = await front.gateway.events(ACCESS, seal)
    assert entry["data"]["result"] == "denied"
    assert entry["data"]["fields"] == ["on_site_visit"]
    assert entry["data"]["reader"] == "person:olga"
    assert entry["data"]["owner_subject"] == "ann"


async def test_where_a_law_asks_for_it_the_applicant_is_asked_with_its_name(front: Front) -> None:
    matter = await assigned(front)
    account, bank = task_id(matter, "bank_account"), front.agency("bank")
    await _item_seeded(front, "bank.account")

    too_early = await act(front, account, "visit-requests", {"reason": "核实开户意愿"}, bank)
    await act(front, account, "taking", token=bank)
    asked = await act(front, account, "visit-requests", {"reason": "核实开户意愿"}, bank)
    read = await front.read(matter["id"])

    assert (too_early.status_code, asked.status_code) == (409, 200), asked.text
    shown = next(task["visit"] for task in read["tasks"] if task["id"] == account)
    assert shown["reason"] == "核实开户意愿"
    assert "企业银行结算账户管理办法" in shown["basis"]
    [event] = await front.gateway.events(VISIT, account)
    assert event["data"]["basis"] == shown["basis"]
    assert next(task["state"] for task in read["tasks"] if task["id"] == account) == "taken"


async def test_without_papers_for_a_face_that_was_checked_and_for_nobody_else(front: Front) -> None:
    await _item_seeded(front, "matters.open_restaurant")
    await _flag_zero_material(front, is_flagged=True)
    scopes = ("matters.matter.submit", "matters.matter.read")
    body = {"theme": "open_restaurant", "form": restaurant_form(), "channel": "portal"}
    material = await a_material(front, "instead of the face")

    by_password = await front.gateway.post("/matters/v1/matters", body, person_token("ann", *scopes))
    by_face = await front.gateway.post(
        "/matters/v1/matters", body, person_token("ann", *scopes, strength=Strength.FACE)
    )
    with_papers = await front.gateway.post(
        "/matters/v1/matters",
        body | {"form": restaurant_form(), "materials": [material]},
        person_token("ann", *scopes),
    )
    await _flag_zero_material(front, is_flagged=False)

    assert by_password.status_code == 422
    assert by_password.json()["type"] == "/problems/face-or-materials-needed"
    assert (by_face.status_code, with_papers.status_code) == (201, 201)


async def test_a_result_is_the_applicants_when_the_task_is_complete(front: Front) -> None:
    matter = await assigned(front)
    seal, content = task_id(matter), pdf("seal certificate")
    own = f"/matters/v1/matters/{matter['id']}/materials"

    too_early = await keep_result(front, seal, content)
    await act(front, seal, "taking")
    pretending = await keep_result(front, seal, PROGRAM)
    kept = await keep_result(front, seal, content)
    before = await front.gateway.get(own, front.person())
    await act(front, seal, "completion", {"result": {"seal_number": "1408810012345"}})
    after = await front.gateway.get(own, front.person())
    file = await front.gateway.get(f"{own}/{kept.json()['material_id']}", front.person())
    stranger = await front.gateway.get(f"{own}/{kept.json()['material_id']}", front.person("bob"))
    of_tax = await front.gateway.get(f"{TASKS}/{task_id(matter, 'invoice')}", front.agency("tax"))
    too_late = await keep_result(front, seal, PDF)

    assert (too_early.status_code, pretending.status_code, kept.status_code) == (409, 400, 201)
    assert (kept.json()["role"], kept.json()["part"]) == ("result", "seal")
    assert before.json() == []
    assert [each["name"] for each in after.json()] == ["印章备案凭证.pdf"]
    assert file.content == content
    assert stranger.status_code == 404
    assert of_tax.json()["materials"] == []
    assert too_late.status_code == 409


async def test_what_is_confidential_is_for_the_applicant_and_the_unit_that_handles_it(front: Front) -> None:
    secret = await a_material(front, "recipe", kind="process_description", is_confidential="true")
    matter = await assigned(front, materials=[secret], confidential_fields=["seal_kinds"])
    seal = task_id(matter)
    download = f"{TASKS}/{seal}/materials/{secret}"

    before = (await front.gateway.get(f"{TASKS}/{seal}", front.agency("police"))).json()
    too_early = await front.gateway.get(download, front.agency("police"))
    await act(front, seal, "taking")
    handling = (await front.gateway.get(f"{TASKS}/{seal}", front.agency("police"))).json()
    file = await front.gateway.get(download, front.agency("police"))
    own = await front.read(matter["id"])

    assert _fact(before, "seal_kinds") == (None, True)
    assert before["materials"] == []
    assert too_early.status_code == 404
    assert _fact(handling, "seal_kinds") == (["企业名称印章"], False)
    assert [each["material_id"] for each in handling["materials"]] == [secret]
    assert file.content == pdf("recipe")
    assert own["form"]["seal_kinds"] == ["企业名称印章"]
    assert own["confidential_fields"] == ["seal_kinds"]


async def test_a_helper_corrects_a_matter_without_seeing_what_is_confidential(front: Front) -> None:
    ann, bob = await subject_of(front.gateway, "zhangsan"), await subject_of(front.gateway, "lisi")
    mandate = await helper_of(front.gateway, ann, bob)
    token = await acting(front.gateway, bob, ann, mandate_id=mandate["mandate_id"])
    body = {"theme": "open_restaurant", "form": restaurant_form(), "confidential_fields": ["seal_kinds"]}
    matter = (await front.gateway.post("/matters/v1/matters", body | {"channel": "hall"}, token)).json()
    path = f"/matters/v1/matters/{matter['id']}"

    async def seal() -> str | None:
        read = (await front.gateway.get(path, owner_token(ann))).json()
        return next((t["id"] for t in read["tasks"] if (t["kind"], t["state"]) == ("seal", "assigned")), None)

    task = await eventually(seal)
    assert task is not None
    finding = {"form_field": "contact_phone", "text_zh": "请核对电话"}
    await act(front, task, "return", {"reason": "请核对", "findings": [finding]})
    shown = await front.gateway.get(path, token)
    headers = bearer(token) | {"If-Match": shown.headers["etag"]}
    corrected = await front.gateway.client.put(
        f"{path}/form", json={"form": shown.json()["form"]}, headers=headers
    )
    own = (await front.gateway.get(path, owner_token(ann))).json()

    assert "seal_kinds" not in matter["form"]
    assert "seal_kinds" not in shown.json()["form"]
    assert corrected.status_code == 200, corrected.text
    assert "seal_kinds" not in corrected.json()["form"]
    assert own["form"]["seal_kinds"] == ["企业名称印章"]


async def test_a_counter_and_the_portal_show_the_same_files_but_the_confidential_ones(front: Front) -> None:
    plain = await a_material(front, "at both")
    secret = await a_material(front, "at the portal", is_confidential="true")
    matter = await front.opened(materials=[plain, secret], confidential_fields=["seal_kinds"])
    window = officer_token(
        "olga",
        front.pack.agency("administrative_approval").uscc,
        "matters.matter.read",
        office=Office("140881001001", frozenset({"comprehensive_window"})),
    )
    path = f"/matters/v1/matters/{matter['id']}"

    here = await front.gateway.get(f"{path}/materials", front.person())
    there = await front.gateway.get(f"{path}/materials", window, on_behalf_of="ann")
    shown = await front.gateway.get(path, window, on_behalf_of="ann")

    assert [each["material_id"] for each in here.json()] == [plain, secret]
    assert [each["material_id"] for each in there.json()] == [plain]
    assert shown.json()["case_no"] == matter["case_no"]
    assert "seal_kinds" not in shown.json()["form"]


async def test_a_field_that_is_not_there_cannot_be_kept(front: Front) -> None:
    body = {
        "theme": "open_restaurant",
        "form": restaurant_form(),
        "channel": "portal",
        "confidential_fields": ["no_such_field"],
    }

    answer = await front.gateway.post("/matters/v1/matters", body, front.person())

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/confidential_fields/0"


async def _item_seeded(front: Front, code: str) -> None:
    async def seeded() -> bool:
        return bool(await front.gateway.rows("SELECT 1 FROM catalogue_item_version WHERE code = :c", c=code))

    assert await eventually(seeded, within=60)


async def _flag_zero_material(front: Front, *, is_flagged: bool) -> None:
    await front.gateway.rows_changed(
        "UPDATE catalogue_item_version"
        " SET standard = jsonb_set(standard, '{zero_material}', to_jsonb(CAST(:f AS boolean)))"
        " WHERE code = 'matters.open_restaurant'",
        f=is_flagged,
    )


def _fact(task: dict[str, object], key: str) -> tuple[object, bool]:
    facts = task["facts"]
    assert isinstance(facts, list)
    found = next(each for each in facts if each["key"] == key)
    return found["value"], found["is_withheld"]

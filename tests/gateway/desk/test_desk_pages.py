"""The desk's pages over HTTP: who gets in, what an officer sees and does, and what is recorded."""

from collections.abc import AsyncIterator

import httpx
import pytest_asyncio

from tests.gateway.browser import browser, hidden_fields
from tests.gateway.desk.tasks import TASKS, a_material, act, assigned, officer, task_id
from tests.gateway.identity.authenticator import log_in
from tests.gateway.matters.conftest import Front
from tests.gateway.matters.forms import restaurant_form
from tests.support.files import PROGRAM, pdf

ACCESS = "cn.tongban.gateway.access.recorded.v1"
OFFICER = "zhouqi"


@pytest_asyncio.fixture(loop_scope="session")
async def desk(front: Front) -> AsyncIterator[httpx.AsyncClient]:
    """An officer of the police who is signed in."""
    async with browser(front.gateway.app) as client:
        page = await log_in(client, OFFICER, then="desk")
        assert page.status_code == 200, page.text
        yield client


async def do(
    desk: httpx.AsyncClient, task: str, action: str, token_of: httpx.Response | None = None, **fields: str
) -> httpx.Response:
    """Send the form of a task's page, and go where it leads."""
    page = token_of or await desk.get(f"/desk/tasks/{task}")
    sent = {"form_token": hidden_fields(page)["form_token"], **fields}
    answer = await desk.post(f"/desk/tasks/{task}/{action}", data=sent)
    return await desk.get(answer.headers["location"]) if answer.status_code == 303 else answer


async def test_who_is_not_signed_in_signs_in_first_and_who_handles_no_tasks_stays_out(front: Front) -> None:
    async with browser(front.gateway.app) as client:
        away = await client.get("/desk")
        not_read = await client.post(
            "/desk/tasks/01900000-0000-7000-8000-00000000dead/results", files={"file": ("a.pdf", pdf("x"))}
        )
        citizen = await log_in(client, "zhangsan", then="desk")
        queue = await client.get("/desk")

    assert away.headers["location"] == not_read.headers["location"] == "/login?then=desk"
    assert (citizen.status_code, queue.status_code) == (403, 403)
    assert "工作台仅供办理部门任务的工作人员使用" in queue.text


async def test_the_queue_shows_ones_departments_tasks_by_urgency_in_words(
    front: Front, desk: httpx.AsyncClient
) -> None:
    matter = await assigned(front)
    seal, invoice = task_id(matter), task_id(matter, "invoice")
    late = task_id(await assigned(front))
    await front.gateway.rows_changed(
        "UPDATE matter_task SET due_at = '2026-01-05T01:00:00Z', overdue_at = now() WHERE task_id = CAST(:t AS uuid)",
        t=late,
    )

    page = await desk.get("/desk")
    only_late = await desk.get("/desk", params={"show": "late", "kind": "seal"})
    in_english = await desk.get("/desk", params={"lang": "en"})

    assert f"/desk/tasks/{seal}" in page.text
    assert invoice not in page.text
    assert page.text.index(late) < page.text.index(seal)
    assert late in only_late.text
    assert seal not in only_late.text
    assert "已超期" in only_late.text
    assert "2026-01-05 09:00" in only_late.text
    assert "Department tasks" in in_english.text
    await desk.get("/desk", params={"lang": "zh"})


async def test_a_task_is_handled_from_taking_to_its_result(front: Front, desk: httpx.AsyncClient) -> None:
    material = await a_material(front, "for the page", name="租赁合同.pdf")
    matter = await assigned(front, materials=[material])
    seal = task_id(matter)

    before = await desk.get(f"/desk/tasks/{seal}")
    taken = await do(desk, seal, "taking")
    file = await desk.get(f"/desk/tasks/{seal}/materials/{material}")
    form = {"form_token": hidden_fields(taken)["form_token"], "kind": "seal_certificate"}
    sent = {"file": ("印章备案凭证.pdf", pdf("certificate"), "application/pdf")}
    kept = await desk.post(f"/desk/tasks/{seal}/results", data=form, files=sent)
    done = await do(desk, seal, "completion", number="1408810012345", note="市政务服务大厅领取")
    own = await front.gateway.get(f"/matters/v1/matters/{matter['id']}/materials", front.person())

    assert matter["form"]["enterprise_name"] in before.text
    assert "140881199001010010" in before.text
    assert "未获授权" in before.text
    assert "租赁合同.pdf" in before.text
    assert "已受理。" in taken.text
    assert "由我办理" in taken.text
    assert file.content == pdf("for the page")
    assert kept.headers["location"].endswith("?done=kept")
    assert "已办结。" in done.text
    assert "1408810012345" in done.text
    assert "印章备案凭证.pdf" in done.text
    assert {each["role"] for each in own.json()} == {"submitted", "result"}
    read = await front.read(matter["id"])
    assert next(t for t in read["tasks"] if t["id"] == seal)["result"]["number"] == "1408810012345"
    reader = (await front.gateway.events(ACCESS, matter["uscc"]))[0]["data"]
    assert (reader["client_id"], reader["owner_subject"]) == ("suite-pages", "ann")
    assert (await front.gateway.events(ACCESS, material))[0]["data"]["result"] == "allowed"


async def test_what_a_colleague_took_meanwhile_is_told_and_nothing_changes(
    front: Front, desk: httpx.AsyncClient
) -> None:
    seal = task_id(await assigned(front))
    page = await desk.get(f"/desk/tasks/{seal}")
    await act(front, seal, "taking", token=officer(front, "olga"))

    late = await do(desk, seal, "taking", token_of=page)

    assert late.status_code == 409
    assert "任务状态已变化" in late.text
    assert "由同事办理" in late.text


async def test_a_task_is_sent_back_with_what_is_wrong_and_nothing_is_asked_for_twice(
    front: Front, desk: httpx.AsyncClient
) -> None:
    material = await a_material(front, "on file for the page")
    matter = await assigned(front, materials=[material])
    seal = task_id(matter)
    await do(desk, seal, "taking")

    twice = await do(
        desk, seal, "return", reason="材料不全", what_1="missing", code_1="lease_contract", why_1="请提交"
    )
    empty = await do(desk, seal, "return", reason="材料不全", what_1="missing")
    sent_back = await do(
        desk,
        seal,
        "return",
        reason="需补正",
        what_1="field:seal_kinds",
        why_1="请增加财务章",
        what_2="defect:lease_contract",
        why_2="第二页无法辨认",
    )
    findings = (await front.until(matter["id"], state="returned"))["findings"]

    assert (twice.status_code, empty.status_code) == (422, 400)
    assert "不得要求重复提交" in twice.text
    assert "已退回申请人补正。" in sent_back.text
    assert [each["pointer"] for each in findings] == ["/form/seal_kinds", "/materials/lease_contract"]
    assert [each["text_zh"] for each in findings] == ["请增加财务章", "第二页无法辨认"]


async def test_a_task_is_put_back_and_nobody_is_asked_to_come_without_a_law(
    front: Front, desk: httpx.AsyncClient
) -> None:
    seal = task_id(await assigned(front))
    taken = await do(desk, seal, "taking")

    refused = await do(desk, seal, "visit", reason="请到现场")
    put_back = await do(desk, seal, "release")

    assert "没有要求到现场的法定依据" in taken.text
    assert refused.status_code == 422
    assert "此次操作已记录" in refused.text
    [entry] = await front.gateway.events(ACCESS, seal)
    assert (entry["data"]["result"], entry["data"]["fields"]) == ("denied", ["on_site_visit"])
    assert "已放回待受理。" in put_back.text


async def test_a_task_is_refused_for_good_with_its_law(front: Front, desk: httpx.AsyncClient) -> None:
    matter = await assigned(front)
    seal = task_id(matter)
    await do(desk, seal, "taking")

    without = await do(desk, seal, "refusal", reason="不符合备案条件")
    refused = await do(desk, seal, "refusal", reason="不符合备案条件", legal_basis="（示例）某办法第七条")

    assert without.status_code == 400
    assert "不予办理" in refused.text
    assert "（示例）某办法第七条" in refused.text
    assert matter["case_no"] in refused.text
    assert "required" not in refused.text  # nothing is left to fill in


async def test_another_departments_task_is_not_there_and_a_foreign_form_does_nothing(
    front: Front, desk: httpx.AsyncClient
) -> None:
    matter = await assigned(front)
    seal, invoice = task_id(matter), task_id(matter, "invoice")
    token = hidden_fields(await desk.get(f"/desk/tasks/{seal}"))["form_token"]

    absent = await desk.get(f"/desk/tasks/{invoice}")
    acted = await desk.post(f"/desk/tasks/{invoice}/taking", data={"form_token": token})
    forged = await desk.post(f"/desk/tasks/{seal}/taking", data={"form_token": "0" * 64})
    elsewhere = await desk.post(
        f"/desk/tasks/{seal}/taking", data={"form_token": token}, headers={"Origin": "https://evil.example"}
    )
    upload = await desk.post(
        f"/desk/tasks/{seal}/results", data={"form_token": "0" * 64}, files={"file": ("a.pdf", pdf("x"))}
    )

    assert (absent.status_code, acted.status_code) == (404, 404)
    assert (forged.status_code, elsewhere.status_code, upload.status_code) == (403, 403, 403)
    state = (await front.gateway.get(f"{TASKS}/{seal}", front.agency("police"))).json()["state"]
    assert state == "assigned"


async def test_a_program_is_no_result_and_markup_of_an_applicant_stays_text(
    front: Front, desk: httpx.AsyncClient
) -> None:
    form = restaurant_form() | {"address": '永济市城西街道18号<script src="//evil.example"></script>'}
    seal = task_id(await assigned(front, form=form))
    page = await do(desk, seal, "taking")
    fields = {"form_token": hidden_fields(page)["form_token"], "kind": "seal_certificate"}

    program = await desk.post(
        f"/desk/tasks/{seal}/results", data=fields, files={"file": ("a.pdf", PROGRAM, "application/pdf")}
    )
    nothing = await desk.post(f"/desk/tasks/{seal}/results", data=fields, files={"other": ("", b"")})

    assert "<script" not in page.text
    assert "&lt;script" in page.text
    assert "script-src" not in page.headers["content-security-policy"]
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert (program.status_code, nothing.status_code) == (400, 400)
    assert "文件为空、不完整" in program.text

"""Changing an enterprise as one matter (企业变更一件事): filed once; who is concerned is told what was and what is."""

from typing import Any

import pytest

from tests.gateway.matters.changing import (
    MOVED,
    NEW_ADDRESS,
    PERSON,
    THEME,
    altered,
    change_form,
    change_opened,
)
from tests.gateway.matters.conftest import Front
from tests.gateway.matters.enterprises import (
    MATTERS,
    enterprise_of,
    new_uscc,
    read_as,
    registered,
    until_seen,
)

JSON = dict[str, Any]
EVENT = "cn.tongban.gateway.{}.v1"


async def test_an_alteration_is_filed_and_only_who_is_concerned_is_told_what_was_and_what_is(
    front: Front,
) -> None:
    matter, token = await change_opened(front, change_form("address", new_address=NEW_ADDRESS))
    waiting = await until_seen(front, matter, token, alteration="completed", tax_change="waiting")

    await altered(front, matter, MOVED)
    told = await until_seen(front, matter, token, tax_change="assigned", seal_change="not_concerned")
    url = f"/matters/v1/tasks/{front.task_id(matter, 'tax_change')}"
    tax = (await front.gateway.get(url, front.agency("tax"))).json()
    hidden = await front.gateway.get("/matters/v1/tasks", front.agency("police"), kind="seal_change")
    await front.done(told, "tax_change", "social_insurance_change", "housing_fund_change", "bank_change")
    ended = await read_as(front, matter["id"], token)

    filed = front.services.filing_of(matter["id"])["content"]
    assert {task["state"] for task in waiting["tasks"]} == {"waiting"}
    assert (filed["kind"], filed["uscc"], filed["decided_on"]) == ("alteration", matter["uscc"], "2026-11-20")
    assert filed["domicile"] == {"division_code": "140881003", "street": "2号", "commitment": True}
    assert "name" not in filed and "scope" not in filed
    assert (tax["changes"], ended["changes"]) == ([MOVED], [MOVED])
    assert matter["id"] not in {each["matter_id"] for each in hidden.json()["entries"]}
    assert (ended["state"], ended["established_on"]) == ("completed", "2026-11-02")
    police = front.task_id(matter, "seal_change")
    assert await front.gateway.events(EVENT.format("task.assigned"), police) == []


async def test_everything_that_changes_is_one_filing_and_comes_back_to_its_place_in_the_form(
    front: Front,
) -> None:
    findings = [
        {"rule": "name.conflict", "pointer": "/name/distinctive", "text_zh": "重名", "text_en": "taken"},
        {"rule": "person.bar", "pointer": "/principal/id_number", "text_zh": "不得担任", "text_en": "barred"},
    ]
    front.services.next_time(
        "/filings", lambda call: front.services.done(call, status="returned", findings=findings, uscc=None)
    )
    form = change_form(
        *("name", "scope", "capital", "legal_representative"),
        new_name="永济市丙丁餐饮有限公司",
        new_scope_codes=["H6210-01", "H6210-02"],
        new_capital_fen=200,
        new_principal=[PERSON],
    )

    matter, token = await change_opened(front, form)
    returned = await until_seen(front, matter, token, state="returned", alteration="returned")

    filed = front.services.filing_of(matter["id"])["content"]
    assert (filed["scope"], filed["registered_capital_fen"]) == (["H6210-01", "H6210-02"], 200)
    assert filed["name"]["distinctive"] == "丙丁"
    assert filed["principal"] == PERSON | {"roles": ["legal_representative"]}
    assert [each["pointer"] for each in returned["findings"]] == [
        *("/form/new_name", "/form/new_principal/0/id_number"),
    ]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ("name", "new_name"),
        ("address", "new_address"),
        ("scope", "new_scope_codes"),
        ("capital", "new_capital_fen"),
        ("legal_representative", "new_principal"),
    ],
)
async def test_what_is_to_change_asks_for_its_new_content(front: Front, changed: str, field: str) -> None:
    uscc = new_uscc()
    await registered(front, uscc)
    body = {"theme": THEME, "form": change_form(changed), "uscc": uscc}

    answer = await front.gateway.post(MATTERS, body, enterprise_of(uscc))

    assert answer.status_code == 400
    assert [each["pointer"] for each in answer.json()["errors"]] == [f"/form/{field}"]

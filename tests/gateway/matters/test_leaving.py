"""Leaving (企业注销一件事) and moving (跨区迁移一件事): one application; the register comes after all others."""

from datetime import datetime, timedelta
from typing import Any

import pytest

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
from tests.gateway.matters.services import problem

JSON = dict[str, Any]
REGISTRATION = "cn.tongban.registration.{}.v1"
SIMPLE = {
    "leave_method": "simple",
    "leave_reason": "resolution",
    "joint_cancellation": True,
    "investor_commitments": [{"place": 1, "signed_on": "2026-11-20"}],
    "contact_phone": "13900000001",
}
GENERAL = {
    "leave_method": "general",
    "leave_reason": "resolution",
    "leave_decided_on": "2026-09-01",
    "joint_cancellation": False,
    "contact_phone": "13900000001",
}
OTHERS = (
    *("social_insurance_closing", "housing_fund_closing"),
    *("customs_closing", "seal_closing", "bank_closing"),
)
MOVE = {
    "destination_address": "永济市城东街道2号",
    "moves_on": "2026-12-01",
    "comes_from_elsewhere": False,
    "contact_phone": "13900000001",
}


async def _opened(front: Front, theme: str, form: JSON, **facts: Any) -> tuple[JSON, str]:
    uscc = new_uscc()
    await registered(front, uscc, **facts)
    token = enterprise_of(uscc)
    return await posted(front, {"theme": theme, "form": form, "uscc": uscc}, token), token


async def _cleared(front: Front, matter: JSON, status: str = "cleared") -> None:
    await front.act(matter, "tax_clearance", "taking")
    done = await front.act(matter, "tax_clearance", "completion", {"result": {"status": status}})
    assert done.status_code == 200, done.text


async def _notice(front: Front, matter: JSON, verb: str) -> None:
    notice = front.services.notice_of(matter["id"])
    days = {"ends_on": "2026-12-10", "apply_until": "2026-12-30"}
    told = {"notice_id": notice["id"], "uscc": matter["uscc"], "matter_id": matter["id"], **days}
    await front.gateway.hear(REGISTRATION.format(f"notice.{verb}"), matter["uscc"], told)


async def test_all_clear_their_part_while_the_notice_runs_and_the_licence_goes_last(front: Front) -> None:
    matter, token = await _opened(front, "leave", SIMPLE)
    noticed = await until_seen(front, matter, token, notice="submitted", simple_deregistration="waiting")

    await front.done(matter, *OTHERS)
    await _notice(front, matter, "ended")
    over = await until_seen(front, matter, token, notice="completed")
    before = [call.body for call in front.services.calls_of(matter["id"], path_end="/filings")]
    await _cleared(front, matter, "cleared_on_commitment")
    ended = await until_seen(front, matter, token, state="completed", simple_deregistration="completed")

    assert {task["state"] for task in noticed["tasks"]} == {"assigned"}
    assert "deregistration" not in {step["key"] for step in noticed["steps"]}
    assert front.services.notice_of(matter["id"])["content"]["commitments"] == SIMPLE["investor_commitments"]
    assert (noticed["due_at"], over["due_at"] is not None) == (None, True)  # its days do not count
    assert (over["steps"][1]["state"], before) == ("waiting", [])
    filed = front.services.filing_of(matter["id"])["content"]
    assert {"kind": "simple_deregistration", "uscc": matter["uscc"], "joint": True}.items() <= filed.items()
    assert "commitments" not in filed
    items = {item["key"]: item["result"] for item in ended["result"]["items"]}
    assert items["tax_clearance"] == {"status": "cleared_on_commitment"}
    assert ended["uscc"] == matter["uscc"]


async def test_an_individual_business_gives_no_notice_and_commits_in_its_filing(front: Front) -> None:
    matter, token = await _opened(front, "leave", SIMPLE, enterprise_kind="individual_business")
    await front.done(matter, *OTHERS)
    await _cleared(front, matter)

    await until_seen(front, matter, token, simple_deregistration="completed")

    assert [step["key"] for step in matter["steps"]] == ["simple_deregistration"]
    filed = front.services.filing_of(matter["id"])["content"]
    assert filed["commitments"] == SIMPLE["investor_commitments"]


async def test_ordinary_deregistration_waits_for_the_clearance_and_takes_no_proof(front: Front) -> None:
    matter, token = await _opened(front, "leave", GENERAL)
    await front.done(matter, *OTHERS)
    await front.act(matter, "tax_clearance", "taking")
    without = await front.act(matter, "tax_clearance", "completion", {"result": {"number": "1"}})
    told = {
        "uscc": matter["uscc"],
        "outcome": "cleared",
        "agency_uscc": front.pack.agency("tax").uscc,
        "reference": "清税〔2026〕1号",
        "told_at": "2026-11-21T00:00:00Z",
    }

    await front.gateway.hear(REGISTRATION.format("clearance.told"), matter["uscc"], told)
    ended = await until_seen(front, matter, token, deregistration="completed", state="completed")

    assert (without.status_code, without.json()["type"]) == (400, "/problems/outcome-needed")
    tax = next(task for task in ended["tasks"] if task["kind"] == "tax_clearance")
    assert tax["result"] == {"status": "cleared", "number": "清税〔2026〕1号"}
    filed = front.services.filing_of(matter["id"])["content"]
    assert (filed["kind"], filed["decided_on"], filed["joint"]) == ("deregistration", "2026-09-01", False)


async def test_an_objection_stops_the_simple_way_and_the_applicant_chooses(front: Front) -> None:
    matter, token = await _opened(front, "leave", SIMPLE)
    await until_seen(front, matter, token, notice="submitted")
    await front.done(matter, *OTHERS)
    await _cleared(front, matter)

    await _notice(front, matter, "objected")
    asked = await until_seen(front, matter, token, state="awaiting_choice", notice="refused")
    choice = {"choice": "try_again", "part": "notice"}
    again = await front.gateway.post(f"{MATTERS}/{matter['id']}/choices", choice, token)
    given = await until_seen(front, matter, token, notice="submitted")

    assert [finding["rule"] for finding in asked["findings"]] == ["notice-objected"]
    assert (again.status_code, given["state"]) == (200, "in_progress")
    assert len(front.services.calls_of(matter["id"], path_end="/notices")) == 2


async def test_what_bars_the_simple_way_comes_back_as_one_list(front: Front) -> None:
    faults = (("/commitments/1", "exit.commitment"), ("/uscc", "exit.taxes"))
    front.services.next_time("/notices", problem(409, "simple-exit-barred", *faults))

    matter, token = await _opened(front, "leave", SIMPLE)
    returned = await until_seen(front, matter, token, state="returned", notice="returned")

    assert [(each["pointer"], each["rule"]) for each in returned["findings"]] == [
        ("/form/investor_commitments/1", "exit.commitment"),
        ("/form/investor_commitments", "exit.taxes"),
    ]


async def test_who_gives_up_leaving_takes_the_notice_back(front: Front) -> None:
    matter, token = await _opened(front, "leave", SIMPLE)
    await until_seen(front, matter, token, notice="submitted")

    withdrawn = await front.gateway.post(f"{MATTERS}/{matter['id']}/withdrawal", None, token)
    await until_seen(front, matter, token, state="withdrawn", notice="withdrawn")

    assert withdrawn.status_code == 200, withdrawn.text
    assert front.services.notice_of(matter["id"])["status"] == "withdrawn"


async def test_an_enterprise_with_nothing_open_moves_at_once(front: Front) -> None:
    matter, token = await _opened(front, "move_across_districts", MOVE)

    ended = await until_seen(front, matter, token, state="completed", relocation="completed")

    assert (matter["unsettled"], matter["tasks"]) == ([], [])
    assert matter["clock"]["limit"] == "1 hour"
    filed = front.services.filing_of(matter["id"])["content"]
    assert filed["kind"] == "relocation"
    assert filed["domicile"] == {"division_code": "140881003", "street": "2号", "commitment": True}
    assert "coming_from" not in filed
    assert ended["uscc"] == matter["uscc"]


@pytest.mark.parametrize("state", ["active", "suspended"])
async def test_what_is_open_is_listed_and_settled_first_in_five_working_days(
    front: Front, state: str
) -> None:
    uscc = new_uscc()
    await registered(front, uscc, state=state)
    token = enterprise_of(uscc)
    utilities = {
        "water_m3_a_day": 3,
        "gas_m3_a_day": 2,
        "heated_area_m2": 180,
        "contact_phone": "13900000001",
    }
    open_matters = []
    if state == "active":
        body = {"theme": "connect_utilities", "form": utilities, "uscc": uscc}
        open_matters = [(await posted(front, body, token))["case_no"]]

    matter = await posted(front, {"theme": "move_across_districts", "form": MOVE, "uscc": uscc}, token)
    waiting = await read_as(front, matter["id"], token)
    await front.done(matter, "tax_settlement")
    moved = await until_seen(front, matter, token, relocation="completed", tax_move="assigned")
    await front.done(moved, "tax_move", "social_insurance_move")
    ended = await until_seen(front, matter, token, state="completed")

    assert matter["unsettled"] == open_matters
    assert matter["clock"]["limit"] == "5 working_day"
    assert [step["state"] for step in waiting["steps"]] == ["waiting"]
    due = datetime.fromisoformat(matter["due_at"]) - datetime.fromisoformat(matter["opened_at"])
    assert due >= timedelta(days=5)
    assert ended["state"] == "completed"


async def test_who_comes_from_another_registrar_says_from_where(front: Front) -> None:
    before = {
        "comes_from_elsewhere": True,
        "previous_registrar_uscc": front.pack.agency("administrative_approval").uscc,
        "previous_name": "盐湖区甲乙商贸有限公司",
        "previous_kind": "limited_company",
        "representative_name": "张三",
        "representative_id_number": "140881199001010010",
    }
    uscc = new_uscc()
    token = enterprise_of(uscc)

    bare = await front.gateway.post(
        MATTERS,
        {"theme": "move_across_districts", "form": MOVE | {"comes_from_elsewhere": True}, "uscc": uscc},
        token,
    )
    matter = await posted(
        front, {"theme": "move_across_districts", "form": MOVE | before, "uscc": uscc}, token
    )
    await front.done(matter, "tax_settlement")
    await until_seen(front, matter, token, relocation="completed")

    assert bare.status_code == 400
    assert len(bare.json()["errors"]) == 5
    coming = front.services.filing_of(matter["id"])["content"]["coming_from"]
    assert coming == {
        "registrar_uscc": before["previous_registrar_uscc"],
        "name": before["previous_name"],
        "enterprise_kind": "limited_company",
        "representative_name": "张三",
        "representative_id_number": "140881199001010010",
    }

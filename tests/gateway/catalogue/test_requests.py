"""Sharing requests: asked, answered in time or told to be late, narrowed, refused on a basis, disputed, provided."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.calendar import CHINA
from tests.gateway.catalogue.sharing import (
    APPROVAL,
    APPROVAL_CLIENT,
    BUREAU_CLIENT,
    HEALTH_CLIENT,
    POLICE_CLIENT,
    REQUESTS,
    TAX,
    TAX_CLIENT,
    ask,
    asked,
    done,
    published,
    step,
)
from tests.gateway.catalogue.test_entries import swept
from tests.support.identities import agency_token, person_token
from tests.support.service import ServiceUnderTest

CONDITION = "用于履行法定职责，并说明办理的事项"
REFUSAL = {"basis": "个人信息保护法第六条", "reason": "超出所需", "unmet_conditions": [CONDITION]}
REASON = {"text": "请说明理由"}


def told(verb: str) -> str:
    return f"cn.tongban.gateway.share_request.{verb}.v1"


async def test_an_agreed_request_is_a_grant_at_once_and_is_confirmed_by_who_asked(
    gateway: ServiceUnderTest,
) -> None:
    request = await asked(gateway, regions=["140881"], scenes=["open_restaurant"])
    narrowed = {"fields": ["contact_phone"], "valid_until": "2030-12-31T16:00:00Z", "conditions": [CONDITION]}

    wider = await step(gateway, request, "agreement", {"fields": ["name"]}, APPROVAL_CLIENT, 400)
    added = await step(gateway, request, "agreement", {"conditions": ["另付费用"]}, APPROVAL_CLIENT, 400)
    not_theirs = await step(gateway, request, "agreement", {}, TAX_CLIENT, 403)
    agreed = await step(gateway, request, "agreement", narrowed, APPROVAL_CLIENT)
    grant = await done(await gateway.get(f"/catalogue/v1/grants/{agreed['answer']['grant_id']}", TAX_CLIENT))
    by_owner = await step(gateway, request, "receipt", None, APPROVAL_CLIENT, 403)
    provided = await step(gateway, request, "receipt", None, TAX_CLIENT)
    again = await step(gateway, request, "receipt", None, TAX_CLIENT, 409)

    assert request["owner_uscc"] == APPROVAL
    assert wider["errors"][0]["code"] == "not_asked_for"
    assert added["errors"][0]["code"] == "added_condition"
    assert not_theirs["type"] == by_owner["type"] == "/problems/not-your-step"
    assert (agreed["status"], agreed["answer"]["is_late"]) == ("agreed", False)
    assert (grant["agency_uscc"], grant["fields"], grant["valid_until"]) == (
        TAX,
        ["contact_phone"],
        "2030-12-31T16:00:00Z",
    )
    assert (grant["regions"], grant["scenes"], grant["ways"]) == (["140881"], ["open_restaurant"], ["copy"])
    assert (provided["status"], provided["due_at"], again["stands_at"]) == ("provided", None, "provided")
    issued = await gateway.events("cn.tongban.gateway.grant.issued.v1", grant["grant_id"])
    assert [event["data"]["purpose"] for event in issued] == ["invoice_review"]
    answered = await gateway.events(told("answered"), request["request_id"])
    assert answered[0]["data"]["grant_id"] == grant["grant_id"]


@pytest.mark.parametrize(
    ("resource", "working_days"), [("licensing.permit", 1), ("registration.enterprise", 10)]
)
async def test_the_owner_has_one_working_day_or_ten_by_the_sharing_class(
    gateway: ServiceUnderTest, resource: str, working_days: int
) -> None:
    fields = ["status"] if resource == "licensing.permit" else ["name"]
    request = await asked(gateway, POLICE_CLIENT, resource=resource, fields=fields)

    begin, due = (
        datetime.fromisoformat(request[name]).astimezone(CHINA) for name in ("submitted_at", "due_at")
    )

    weekdays = [
        begin.date() + timedelta(days=ahead) for ahead in range(1, (due.date() - begin.date()).days + 1)
    ]
    assert sum(day.weekday() < 5 for day in weekdays) >= working_days
    assert len(weekdays) <= working_days * 2 + 10  # holidays and swapped days between


async def test_silence_is_told_before_and_after_and_is_no_consent_but_goes_to_the_bureau(
    gateway: ServiceUnderTest,
) -> None:
    request = await asked(gateway, POLICE_CLIENT)
    too_soon = await step(gateway, request, "dispute", REASON, POLICE_CLIENT, 409)
    due = datetime.fromisoformat(request["due_at"])

    gateway.clock.advance(due - gateway.clock() - timedelta(hours=2))
    await swept(gateway)
    await swept(gateway)
    warned = len(await gateway.events(told("due_soon"), request["request_id"]))
    gateway.clock.advance(timedelta(hours=3))
    await swept(gateway)
    await swept(gateway)
    overdue = len(await gateway.events(told("overdue"), request["request_id"]))
    listed = await done(await gateway.get(REQUESTS, BUREAU_CLIENT, overdue="true", limit=200))
    still = await done(await gateway.get(f"{REQUESTS}/{request['request_id']}", POLICE_CLIENT))
    disputed = await step(gateway, request, "dispute", REASON, POLICE_CLIENT)
    decision = {
        "shall_share": True,
        "reason": "办理事项所必需",
        "basis": "政务数据共享条例",
        "fields": ["uscc"],
    }
    by_owner = await step(gateway, request, "decision", decision, APPROVAL_CLIENT, 403)
    decided = await step(gateway, request, "decision", decision, BUREAU_CLIENT)
    gateway.clock.advance(-(due - datetime.fromisoformat(request["submitted_at"])) - timedelta(hours=1))

    assert (too_soon["type"], warned, overdue) == ("/problems/sharing-step-not-allowed", 1, 1)
    assert request["request_id"] in {each["request_id"] for each in listed["entries"]}
    assert (still["status"], still["answer"], still["is_overdue"]) == ("submitted", None, True)
    assert (disputed["status"], by_owner["type"]) == ("disputed", "/problems/data-bureau-decides")
    assert (decided["status"], decided["answer"]["is_late"]) == ("agreed", True)
    assert decided["answer"]["granted_fields"] == ["uscc"]
    assert decided["history"][-1]["action"] == "overrule"


async def test_a_refusal_names_its_basis_and_a_condition_of_the_catalogue_and_may_be_upheld(
    gateway: ServiceUnderTest,
) -> None:
    request = await asked(gateway)

    baseless = await step(gateway, request, "refusal", {"reason": "不方便"}, APPROVAL_CLIENT, 400)
    unfounded = await step(
        gateway, request, "refusal", REFUSAL | {"unmet_conditions": []}, APPROVAL_CLIENT, 400
    )
    invented = await step(
        gateway, request, "refusal", REFUSAL | {"unmet_conditions": ["须付费"]}, APPROVAL_CLIENT, 400
    )
    refused = await step(gateway, request, "refusal", REFUSAL, APPROVAL_CLIENT)
    disputed = await step(gateway, request, "dispute", REASON, TAX_CLIENT)
    upheld = {"shall_share": False, "reason": "确超出所需", "basis": "个人信息保护法第六条"}
    settled = await step(gateway, request, "decision", upheld, BUREAU_CLIENT)
    again = await step(gateway, request, "dispute", REASON, TAX_CLIENT, 409)

    assert baseless["errors"][0]["pointer"] == "/basis"
    assert unfounded["errors"][0]["code"] == "missing"
    assert invented["errors"][0]["code"] == "added_condition"
    assert (refused["status"], refused["answer"]["basis"]) == ("refused", "个人信息保护法第六条")
    assert (disputed["status"], settled["status"], again["stands_at"]) == ("disputed", "upheld", "upheld")
    [event] = await gateway.events(told("answered"), request["request_id"])
    assert event["data"]["refusal_basis"] == "个人信息保护法第六条"


async def test_what_is_not_shared_is_refused_at_once_naming_the_law(gateway: ServiceUnderTest) -> None:
    law = "治安管理处罚法第八十条"
    closed = {"sharing_class": "none", "conditions": [], "ways": [], "legal_basis": law}
    await published(gateway, "police.cases", POLICE_CLIENT, **closed)

    request = await asked(gateway, resource="police.cases", fields=["number"])
    await step(gateway, request, "dispute", REASON, TAX_CLIENT)
    share = {"shall_share": True, "reason": "必需", "basis": "政务数据共享条例"}
    forced = await step(gateway, request, "decision", share, BUREAU_CLIENT, 400)

    assert (request["status"], request["answer"]["basis"]) == ("refused", law)
    assert forced["errors"][0]["code"] == "not_shared"


async def test_completion_is_asked_for_once_and_the_clock_stands_still(gateway: ServiceUnderTest) -> None:
    request = await asked(gateway)

    paused = await step(gateway, request, "completion-request", REASON, APPROVAL_CLIENT)
    gateway.clock.advance(timedelta(days=30))
    await swept(gateway)
    early = await step(gateway, request, "agreement", {}, APPROVAL_CLIENT, 409)
    resumed = await step(gateway, request, "completion", {"text": "用于增值税发票核定"}, TAX_CLIENT)
    twice = await step(gateway, request, "completion-request", REASON, APPROVAL_CLIENT, 409)
    agreed = await step(gateway, request, "agreement", {}, APPROVAL_CLIENT)
    gateway.clock.advance(timedelta(days=-30))

    assert (paused["status"], paused["due_at"], early["stands_at"]) == ("incomplete", None, "incomplete")
    assert resumed["due_at"] > request["due_at"]
    assert (twice["stands_at"], agreed["answer"]["is_late"]) == ("submitted", False)
    assert await gateway.events(told("overdue"), request["request_id"]) == []


async def test_provision_has_twenty_working_days_and_is_told_when_late(gateway: ServiceUnderTest) -> None:
    request = await asked(gateway)
    agreed = await step(gateway, request, "agreement", {}, APPROVAL_CLIENT)
    ahead = datetime.fromisoformat(agreed["due_at"]) - gateway.clock() + timedelta(hours=1)

    gateway.clock.advance(ahead)
    await swept(gateway)
    late = await gateway.events(told("overdue"), request["request_id"])
    gateway.clock.advance(-ahead)

    assert ahead >= timedelta(days=26)
    assert [event["data"]["status"] for event in late] == ["agreed"]


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"resource": "no.such"}, "/resource"),
        ({"fields": ["shoe_size"]}, "/fields/0"),
        ({"fields": ["uscc", "uscc"]}, "/fields/1"),
        ({"fields": ["*"]}, "/fields/0"),
        ({"way": "file"}, "/way"),
        ({"basis": ""}, "/basis"),
        ({"matter": ""}, "/matter"),
        ({"regions": ["999999"]}, "/regions/0"),
        ({"valid_until": "2020-01-01T00:00:00Z"}, "/valid_until"),
    ],
)
async def test_a_request_states_everything_that_the_rules_ask_for(
    gateway: ServiceUnderTest, changed: dict[str, Any], pointer: str
) -> None:
    answer = await gateway.post(REQUESTS, ask(**changed), TAX_CLIENT)

    assert answer.status_code == 400, answer.text
    assert answer.json()["errors"][0]["pointer"] == pointer


async def test_a_request_is_between_its_parties_and_the_bureau(gateway: ServiceUnderTest) -> None:
    request = await asked(gateway)
    path = f"{REQUESTS}/{request['request_id']}"
    stranger = agency_token("ecology", "11140881MB9Y00163L", "catalogue.request.manage")
    person = person_token("ann", "catalogue.request.manage")

    seen = [
        (await gateway.get(path, token)).status_code
        for token in (TAX_CLIENT, APPROVAL_CLIENT, BUREAU_CLIENT, POLICE_CLIENT, stranger, person)
    ]
    of_others = await done(await gateway.get(REQUESTS, HEALTH_CLIENT, requester=TAX))
    own = await gateway.post(REQUESTS, ask(), APPROVAL_CLIENT)
    withdrawn = await step(gateway, request, "withdrawal", None, TAX_CLIENT)
    late = await step(gateway, request, "agreement", {}, APPROVAL_CLIENT, 409)

    assert seen == [200, 200, 200, 404, 404, 403]
    assert of_others["entries"] == []
    assert own.json()["errors"][0]["code"] == "own"
    assert (withdrawn["status"], late["stands_at"]) == ("withdrawn", "withdrawn")

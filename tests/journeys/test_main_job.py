"""The main job as its users do it: one restaurant from sign-in to open doors, through the gateway and by events."""

import asyncio
import json
import os
import random
import re
import secrets
import signal
import subprocess
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.local.layout import PARTS, Ports
from tests.journeys.agents import Agents
from tests.journeys.log_lines import of_trace, requests_of
from tests.journeys.raw_requests import HOSTILE, NO_REQUESTS, id_and_status, raw
from tests.journeys.register_life import RegisterLife
from tests.journeys.suite import TONGBAN, RunningSuite
from tests.registration.builders import FILINGS, filing
from tests.support.identities import bearer
from tests.support.waiting import eventually

OWN_RECORDS = (
    *("registration.enterprise.read", "licensing.application.read", "credit.subject.read"),
    "audit.record.read",
)


@pytest.fixture(scope="module")
def first(suite: RunningSuite) -> dict[str, Any]:
    """What the first demo told."""
    return suite.demo()


def test_the_demo_opens_a_restaurant_and_can_be_repeated(suite: RunningSuite, first: dict[str, Any]) -> None:
    second = suite.demo()

    assert first["uscc"] != second["uscc"]
    for told in (first, second):
        assert told["permit_number"]
        assert told["grade"] in "AB"
        assert told["saved"]["typed_fields"] < told["saved"]["department_fields"]
        assert told["subscriber"]["repeated"] == 0
    assert suite.status()["is_well"]


async def test_an_agent_acts_for_the_new_enterprise_everywhere_until_the_mandate_ends(
    suite: RunningSuite, first: dict[str, Any]
) -> None:
    uscc = first["uscc"]
    async with httpx.AsyncClient(base_url=suite.url, timeout=30) as http:
        agents = Agents(suite, http)
        owner, agent = await agents.subject_of("zhangsan"), await agents.subject_of("lisi")
        by_law = await eventually(lambda: _token(agents, owner, uscc))
        assert by_law is not None
        until = (datetime.now(UTC) + timedelta(days=30)).isoformat()
        terms = {"reach": "general", "scopes": list(OWN_RECORDS), "valid_until": until}
        mandates = "/identity/v1/mandates"
        offer = await agents.send(mandates, by_law, terms)
        assert (await agents.exchanged(agent, uscc)).json()["error"] == "invalid_grant"
        code = {"invitation_code": offer["invitation_code"]}
        await agents.send(f"{mandates}/acceptance", agents.own_token(agent), code)
        token = (await agents.exchanged(agent, uscc)).json()["access_token"]

        enterprise = await agents.get(f"/registration/v1/enterprises/{uscc}", token)
        stranger = await agents.get(f"/registration/v1/enterprises/{uscc}", agents.own_token(agent))
        applications = await agents.get("/licensing/v1/applications", token)
        evaluation = await agents.get(f"/credit/v1/subjects/{uscc}/evaluation", token)
        await agents.send(f"{mandates}/{offer['mandate_id']}/withdrawal", by_law, {"reason": "已离职"})

        async def refused_at_every_port() -> bool:
            paths = {
                "registration": f"/registration/v1/enterprises/{uscc}",
                "licensing": "/licensing/v1/applications",
                "credit": f"/credit/v1/subjects/{uscc}",
                "gateway": "/audit/v1/mine",
            }
            urls = [Ports(suite.port).url(part) + paths[part.name] for part in PARTS if part.name in paths]
            return all([(await agents.get(url, token)).status_code == 401 for url in urls])

        assert await eventually(refused_at_every_port, within=5)
        assert (await agents.exchanged(agent, uscc)).json()["error"] == "invalid_grant"
    assert len(enterprise.json()["legal_representative_id_number"].strip("*")) == 18
    assert stranger.json()["legal_representative_id_number"] == "***"
    assert [each["uscc"] for each in applications.json()["entries"]] == [uscc]
    assert evaluation.json()["is_full"]


async def test_an_agencys_reading_is_shown_to_the_enterprise_at_once_and_without_the_value(
    suite: RunningSuite, first: dict[str, Any]
) -> None:
    uscc, matter_id = first["uscc"], str(uuid4())
    tax = (await asyncio.to_thread(suite.tongban, "token", "--client", "tax")).stdout.strip()
    async with httpx.AsyncClient(base_url=suite.url, timeout=10) as http:
        agents = Agents(suite, http)
        owner = await eventually(lambda: _owners_token(agents, uscc))
        assert owner is not None
        path = f"/registration/v1/enterprises/{uscc}"
        stated = {"purpose": "tax_registration", "matter_id": matter_id, "fields": "contact_phone"}
        read = await agents.http.get(path, params=stated, headers={"Authorization": f"Bearer {tax}"})

        async def told() -> dict[str, Any] | None:
            entries = (await agents.get("/audit/v1/mine", owner)).json()["entries"]
            return next((each for each in entries if each["matter_id"] == matter_id), None)

        entry = await eventually(told, within=60)

    assert read.status_code == 200, read.text
    assert entry is not None
    assert (entry["reader"], entry["agency_name_zh"]) == ("client:tax", "国家税务总局永济市税务局")
    assert (entry["purpose"], entry["fields"], entry["record_key"]) == (
        *("tax_registration", ["contact_phone"], uscc),
    )
    assert read.json()["contact_phone"] not in str(entry)


async def test_the_new_enterprise_changes_moves_and_begins_to_leave_in_one_matter_each(
    suite: RunningSuite, first: dict[str, Any]
) -> None:
    uscc, today = first["uscc"], datetime.now(UTC).date().isoformat()
    async with httpx.AsyncClient(base_url=suite.url, timeout=30) as http:
        agents = Agents(suite, http)
        token = await eventually(lambda: _owners_token(agents, uscc))
        assert token is not None
        life = RegisterLife(agents, uscc, token)
        phone = {"contact_phone": "13900000001"}
        change = {"changed_facts": ["address"], "decided_on": today, "resolution_signed": True}

        changed = await life.opened(
            "change_enterprise", change | phone | {"new_address": "永济市城东街道示例路2号"}
        )
        changed = await life.until(changed, alteration="completed", tax_change="assigned")
        concerned = [task["kind"] for task in changed["tasks"] if task["state"] == "assigned"]
        await life.done(changed, *concerned)
        await life.until(changed, state="completed")
        move = {
            "destination_address": "永济市蒲州镇示例路3号",
            "moves_on": today,
            "comes_from_elsewhere": False,
        }
        moved = await life.opened("move_across_districts", move | phone)
        await life.until(moved, state="completed", relocation="completed")
        enterprise = await life.registered()
        leave = {"leave_method": "simple", "leave_reason": "resolution", "joint_cancellation": True}
        places = [{"place": place, "signed_on": today} for place in await _investors(life)]
        leaving = await life.opened("leave", leave | phone | {"investor_commitments": places})
        leaving = await life.until(leaving, notice="submitted", tax_clearance="assigned")

    assert "seal_change" not in concerned
    assert {"domicile_text", "domicile_division_code"} <= {each["field"] for each in changed["changes"]}
    assert moved["unsettled"] == []
    assert "蒲州镇" in str(enterprise)
    assert {task["state"] for task in leaving["tasks"]} == {"assigned"}
    assert (
        next(step["state"] for step in leaving["steps"] if step["key"] == "simple_deregistration")
        == "waiting"
    )


async def test_one_trace_runs_through_every_process_that_a_command_reaches(suite: RunningSuite) -> None:
    trace_id = secrets.token_hex(16)
    async with httpx.AsyncClient(base_url=suite.url, timeout=10) as http:
        agents = Agents(suite, http)
        token = agents.own_token(await agents.subject_of("zhangsan"))
        headers = bearer(token, key=trace_id) | {"traceparent": f"00-{trace_id}-{secrets.token_hex(8)}-01"}
        answer = await http.post(FILINGS, json=filing(), headers=headers)
        assert answer.json()["status"] == "approved", answer.text

    wanted = {
        *(("gateway.api", "request"), ("registration.api", "request")),
        *(("registration.worker", "events_published"), ("credit.worker", "events_applied")),
        *(("credit.worker", "events_published"), ("gateway.worker", "events_applied")),
    }

    async def everywhere() -> bool:
        found = of_trace(suite, trace_id)
        assert wanted <= found, wanted - found
        return True

    await eventually(everywhere, within=30)
    traced = {event["type"] for event in suite.events() if trace_id in event.get("traceparent", "")}
    assert traced >= {
        f"cn.tongban.{name}.v1" for name in ("registration.enterprise.registered", "credit.subject.opened")
    }


@pytest.mark.parametrize("part", ["gateway", "registration"])
async def test_every_request_leaves_one_line_whatever_it_says(suite: RunningSuite, part: str) -> None:
    port = next(suite.port + each.port_offset for each in PARTS if each.name == part)

    answers = [await raw(port, request) for request in HOSTILE]
    refused = [await raw(port, request) for request in NO_REQUESTS]

    async def written() -> bool:
        statuses = dict(id_and_status(answer) for answer in answers)
        lines = [line for line in requests_of(suite, f"{part}.api") if line["request_id"] in statuses]
        assert {line["request_id"]: line["status"] for line in lines} == statuses
        assert len(lines) == len(statuses) == len(HOSTILE)
        assert all(re.fullmatch("[0-9a-f]{32}", line["trace_id"]) for line in lines)
        assert not {line["trace_id"] for line in lines} & {"0" * 32, "f" * 32}
        return True

    await eventually(written)
    assert all(answer.startswith(b"HTTP/1.1 400 ") for answer in refused), refused


async def _investors(life: RegisterLife) -> list[int]:
    """The places of the investors in the register: those that the refusal of an empty list names."""
    body = {"uscc": life.uscc, "commitments": [{"place": 200, "signed_on": "2026-01-01"}]}
    headers = {"Authorization": f"Bearer {life.token}", "Idempotency-Key": secrets.token_hex(16)}
    refused = await life.agents.http.post("/registration/v1/notices", json=body, headers=headers)
    pointers = [fault["pointer"] for fault in refused.json()["errors"]]
    return sorted(
        {int(each.rsplit("/", 1)[1]) for each in pointers if re.fullmatch(r"/commitments/\d+", each)}
    )


async def _owners_token(agents: Agents, uscc: str) -> str | None:
    return await _token(agents, await agents.subject_of("zhangsan"), uscc)


async def _token(agents: Agents, person: str, uscc: str) -> str | None:
    answer = await agents.exchanged(person, uscc)
    return str(answer.json()["access_token"]) if answer.is_success else None


ONCE_A_DEMO = (
    "cn.tongban.gateway.matter.completed.v1",
    "cn.tongban.registration.enterprise.registered.v1",
    "cn.tongban.credit.subject.opened.v1",
    "cn.tongban.licensing.application.approved.v1",
    "cn.tongban.hotline.ticket.rated.v1",
)


def test_a_killed_process_during_the_demo_loses_and_doubles_nothing(suite: RunningSuite) -> None:
    before = {event: len(_subjects(suite, event)) for event in ONCE_A_DEMO}
    moments = random.Random(7)
    parts = [name for name in suite.pids() if name != "supervisor"]
    assert len(parts) == 12
    moments.shuffle(parts)
    for group in (parts[:4], parts[4:8], parts[8:]):
        demo = subprocess.Popen(
            [*TONGBAN, "demo", "--data", str(suite.data), "--port", str(suite.port), "--json"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        killer = threading.Thread(target=_kill_one_after_another, args=(suite, group, moments))
        killer.start()
        out, err = demo.communicate(timeout=240)
        killer.join()

        assert demo.returncode == 0, err[-3000:] + suite.logs()
        assert json.loads(out)["permit_number"]
    _well_again(suite)
    for event in ONCE_A_DEMO:
        subjects = _subjects(suite, event)
        assert len(subjects) == len(set(subjects)) == before[event] + 3, event


def _subjects(suite: RunningSuite, event: str) -> list[str]:
    """Of which records an event was told."""
    return [each["subject"] for each in suite.events() if each["type"] == event]


def _kill_one_after_another(suite: RunningSuite, parts: list[str], moments: random.Random) -> None:
    for name in parts:
        time.sleep(moments.uniform(0.5, 2.0))
        pid = suite.pids().get(name)
        if pid is not None:
            os.kill(pid, signal.SIGKILL)


def _well_again(suite: RunningSuite) -> None:
    deadline = time.monotonic() + 60
    status = suite.status()
    while not status["is_well"] and time.monotonic() < deadline:
        status = suite.status()
    assert status["is_well"], status

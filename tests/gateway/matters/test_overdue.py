"""Clocks in working time: overdue is told once, and not while the applicant has to act."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.gateway.matters.conftest import Front
from tests.support.clock import SettableClock
from tests.support.waiting import eventually

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # 09:00 in China, a working day
TASK_OVERDUE = "cn.tongban.gateway.task.overdue.v1"
MATTER_OVERDUE = "cn.tongban.gateway.matter.overdue.v1"


@pytest.fixture(scope="module")
def clock() -> SettableClock:
    return SettableClock(MONDAY)


async def test_overdue_is_told_once_per_task_and_matter(front: Front, clock: SettableClock) -> None:
    clock.set(MONDAY)
    matter = await front.opened()
    matter = await front.until(matter["id"], seal="assigned", licensing="submitted")
    seal = next(task["id"] for task in matter["tasks"] if task["kind"] == "seal")
    await front.act(matter, "seal", "taking")
    await front.act(matter, "seal", "completion", {"result": {"seal_number": "1"}})
    invoice = next(task["id"] for task in matter["tasks"] if task["kind"] == "invoice")

    clock.set(MONDAY + timedelta(hours=10))
    await front.gateway.event(MATTER_OVERDUE, matter["id"])
    clock.advance(timedelta(days=1))
    late = await front.read(matter["id"])
    await front.act(matter, "invoice", "taking")

    assert len(await front.gateway.events(TASK_OVERDUE, invoice)) == 1
    assert len(await front.gateway.events(MATTER_OVERDUE, matter["id"])) == 1
    assert await front.gateway.events(TASK_OVERDUE, seal) == []
    assert late["clock"]["is_overdue"] is True
    assert {entry["verb"] for entry in late["history"]} >= {"overdue", "task_overdue"}


async def test_what_stays_late_is_told_to_each_superior_once_and_listed_with_its_clock(
    front: Front, clock: SettableClock
) -> None:
    clock.set(MONDAY)
    matter = await front.opened()
    matter = await front.until(matter["id"], seal="assigned", licensing="submitted")
    seal = front.task_id(matter, "seal")
    event = "cn.tongban.gateway.task.{}.v1"

    clock.set(
        MONDAY + timedelta(hours=5, minutes=45)
    )  # 14:45: three hours of office time and a break have gone by
    await front.gateway.event(event.format("warned"), seal)
    early = await front.gateway.events(TASK_OVERDUE, seal)
    clock.set(MONDAY + timedelta(days=4))
    await front.gateway.event(event.format("escalated"), seal)
    await front.gateway.event("cn.tongban.gateway.matter.escalated.v1", matter["id"])
    listed = {
        who: [
            (late["part"], late["escalated_to"])
            for late in (await front.gateway.get("/matters/v1/overdue", front.agency(who), limit=200)).json()[
                "entries"
            ]
            if late["matter_id"] == matter["id"]
        ]
        for who in ("police", "tax", "administrative_approval", "data_bureau")
    }

    assert early == []
    assert len(await front.gateway.events(event.format("warned"), seal)) == 1
    escalations = await front.gateway.events(event.format("escalated"), seal)
    assert [each["data"]["to"] for each in escalations] == ["lead_agency", "supervisor"]
    told = ["lead_agency", "supervisor"]
    assert listed["police"] == [("seal", told)]
    assert listed["tax"] == [("invoice", told)]
    assert {part for part, _ in listed["administrative_approval"]} >= {None, "seal", "invoice"}
    assert sorted(map(str, listed["data_bureau"])) == sorted(map(str, listed["administrative_approval"]))


async def test_half_a_working_day_is_half_of_the_office_hours(front: Front, clock: SettableClock) -> None:
    clock.set(MONDAY)

    matter = await front.opened()
    await front.until(matter["id"], licensing="submitted")

    due_at = datetime.fromisoformat(matter["clock"]["due_at"])
    opened_at = datetime.fromisoformat(matter["opened_at"])
    # 09:00 to 12:00 and 14:30 to 15:15: half of seven and a half hours, less the break at noon
    assert due_at - opened_at == timedelta(hours=6, minutes=15)


async def test_a_returned_matter_is_not_overdue(front: Front, clock: SettableClock) -> None:
    clock.set(MONDAY)
    finding = {"rule": "r", "pointer": "/name", "text_zh": "重名", "text_en": "taken"}
    front.services.next_time(
        "/filings", lambda call: front.services.done(call, status="returned", findings=[finding], uscc=None)
    )
    waiting = await front.opened()
    await front.until(waiting["id"], state="returned")
    other = await front.opened()
    await front.until(other["id"], licensing="submitted")

    clock.set(MONDAY + timedelta(days=3))
    await front.gateway.event(MATTER_OVERDUE, other["id"])

    assert await front.gateway.events(MATTER_OVERDUE, waiting["id"]) == []
    assert (await front.read(waiting["id"]))["clock"]["working_minutes"] == 0


async def test_a_clock_that_a_later_calendar_lengthens_is_reckoned_anew_and_warns_nobody_early(
    front: Front, clock: SettableClock
) -> None:
    clock.set(MONDAY)
    matter = await front.opened()
    matter = await front.until(matter["id"], seal="assigned", licensing="submitted")
    before = await _times(front, matter["id"])
    for table in ("matter", "matter_step", "matter_task"):
        await front.gateway.rows_changed(
            f"UPDATE {table} SET alarm_at = alarm_at - interval '1 year', due_at = due_at - interval '1 year'"  # noqa: S608
            " WHERE matter_id::text = :id AND alarm_at IS NOT NULL",
            id=matter["id"],
        )

    async def reckoned() -> bool:
        assert await _times(front, matter["id"]) == before
        return True

    await eventually(reckoned)
    assert await front.gateway.events("cn.tongban.gateway.matter.warned.v1", matter["id"]) == []


async def _times(front: Front, matter_id: str) -> list[dict[str, Any]]:
    query = (
        "SELECT 'whole' AS part, alarm_at, due_at FROM matter WHERE matter_id::text = :id"
        " UNION ALL SELECT key, alarm_at, due_at FROM matter_step WHERE matter_id::text = :id"
        " UNION ALL SELECT kind, alarm_at, due_at FROM matter_task WHERE matter_id::text = :id ORDER BY 1"
    )
    return list(await front.gateway.rows(query, id=matter_id))

"""Needs become responsibilities, are fulfilled by the catalogue, and are told when overdue."""

from datetime import timedelta
from typing import Any

from tests.gateway.catalogue.sharing import (
    BUREAU_CLIENT,
    HEALTH,
    HEALTH_CLIENT,
    NEEDS,
    POLICE_CLIENT,
    TAX_CLIENT,
    done,
    field,
    need,
    published,
)
from tests.gateway.catalogue.test_entries import swept
from tests.support.service import ServiceUnderTest

LIST = "/catalogue/v1/responsibilities"


async def needed(gateway: ServiceUnderTest, *fields: str) -> dict[str, Any]:
    return await done(await gateway.post(NEEDS, need(*fields), TAX_CLIENT), 201)


async def test_a_need_is_assigned_and_fulfilled_when_the_resource_has_every_field(
    gateway: ServiceUnderTest,
) -> None:
    told = await needed(gateway, "number", "grade")
    path = f"{NEEDS}/{told['need_id']}"
    duty = {"provider": HEALTH, "resource": "health.permits", "due_on": "2039-06-30"}

    by_another = await gateway.post(f"{path}/assignment", duty, TAX_CLIENT)
    nobody = await gateway.post(
        f"{path}/assignment", duty | {"provider": "11110000MB9Y00010B"}, BUREAU_CLIENT
    )
    assigned = await done(await gateway.post(f"{path}/assignment", duty, BUREAU_CLIENT))
    await published(gateway, "health.permits", HEALTH_CLIENT)
    without_grade = (await gateway.get(path, TAX_CLIENT)).json()["status"]
    fields = [field(name, datum=f"health.permits.{name}") for name in ("number", "grade")]
    await published(gateway, "health.permits", HEALTH_CLIENT, fields=fields)
    fulfilled = await done(await gateway.get(path, HEALTH_CLIENT))
    listed = (await done(await gateway.get(LIST, provider=HEALTH)))["entries"]

    assert (by_another.status_code, nobody.status_code) == (403, 400)
    first = assigned["responsibility"]["list_version"]
    assert (assigned["status"], without_grade, fulfilled["status"]) == ("assigned", "assigned", "fulfilled")
    assert fulfilled["responsibility"]["list_version"] > first
    assert [(entry["need_id"], entry["is_overdue"]) for entry in listed] == [(told["need_id"], False)]
    assert (await gateway.get(path, POLICE_CLIENT)).status_code == 404
    [event] = await gateway.events("cn.tongban.gateway.need.fulfilled.v1", told["need_id"])
    assert event["data"]["provider_uscc"] == HEALTH


async def test_an_overdue_responsibility_is_listed_in_public_and_told_once(gateway: ServiceUnderTest) -> None:
    told = await needed(gateway, "number")
    path = f"{NEEDS}/{told['need_id']}"
    due_on = (gateway.clock() + timedelta(days=3)).date().isoformat()
    duty = {"provider": HEALTH, "resource": "health.overdue", "due_on": due_on}
    await done(await gateway.post(f"{path}/assignment", duty, BUREAU_CLIENT))

    gateway.clock.advance(timedelta(days=6))
    await swept(gateway)
    await swept(gateway)
    listed = (await done(await gateway.get(LIST, overdue="true")))["entries"]
    gateway.clock.advance(timedelta(days=-6))

    assert [(entry["need_id"], entry["is_overdue"]) for entry in listed] == [(told["need_id"], True)]
    assert len(await gateway.events("cn.tongban.gateway.need.overdue.v1", told["need_id"])) == 1


async def test_a_need_without_ground_is_declined_with_the_reason(gateway: ServiceUnderTest) -> None:
    told = await needed(gateway, "number")
    path = f"{NEEDS}/{told['need_id']}"

    declined = await done(await gateway.post(f"{path}/refusal", {"reason": "目录已有"}, BUREAU_CLIENT))
    again = await gateway.post(f"{path}/refusal", {"reason": "目录已有"}, BUREAU_CLIENT)

    assert (declined["status"], declined["history"][-1]["reason"]) == ("declined", "目录已有")
    assert again.status_code == 409

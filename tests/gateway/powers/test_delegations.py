"""Powers delegated to zones: given item by item, seen by both sides, told to the services, withdrawn again."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from shared.region import load_region_pack
from shared.security.office import Office
from tests.support.identities import agency_token, officer_token, person_token
from tests.support.service import REGION_PACK, ServiceUnderTest

DELEGATIONS = "/powers/v1/delegations"
SCOPES = ("powers.delegation.read", "powers.delegation.manage")
MARKET, FIRE, BUREAU = "11140881MB9Y00024F", "11140881MB9Y00083J", "11140881MB9Y00155B"
ZONE, TOWN = "11140881MB9Y001711", "140881102"
MARKET_CLIENT = agency_token("market_supervision", MARKET, *SCOPES)
FIRE_CLIENT = agency_token("fire_rescue", FIRE, *SCOPES)
BUREAU_CLIENT = agency_token("data_bureau", BUREAU, *SCOPES)
ZONE_CLIENT = agency_token("development_zone", ZONE, *SCOPES)
DELEGATED = "cn.tongban.gateway.power.delegated.v1"
WITHDRAWN = "cn.tongban.gateway.power.withdrawn.v1"


def terms(item: str = "licensing.food_operation", **changed: Any) -> dict[str, Any]:
    return {"item": item, "zone": ZONE, "regions": [TOWN], "legal_basis": "行政许可法第二十四条"} | changed


async def withdrawn(gateway: ServiceUnderTest, delegation_id: str, token: str = MARKET_CLIENT) -> Any:
    return await gateway.post(f"{DELEGATIONS}/{delegation_id}/withdrawal", {"reason": "评估不合格"}, token)


async def test_a_power_is_given_told_withdrawn_and_its_history_stays(gateway: ServiceUnderTest) -> None:
    given = await gateway.post(DELEGATIONS, terms(), MARKET_CLIENT)
    delegation = given.json()["delegation_id"]
    again = await gateway.post(DELEGATIONS, terms(), MARKET_CLIENT)
    ended = await withdrawn(gateway, delegation)
    twice = await withdrawn(gateway, delegation)
    anew = await gateway.post(DELEGATIONS, terms(), BUREAU_CLIENT)

    listed = (await gateway.get(DELEGATIONS, ZONE_CLIENT, item="licensing.food_operation")).json()["entries"]
    announced = await gateway.event(DELEGATED, delegation)
    told = await gateway.event(WITHDRAWN, delegation)
    assert (given.status_code, given.json()["status"]) == (201, "running")
    assert (given.json()["granting_uscc"], given.json()["regions"]) == (MARKET, [TOWN])
    assert (again.status_code, again.json()["type"]) == (409, "/problems/already-delegated")
    assert (ended.status_code, ended.json()["status"], twice.status_code) == (200, "withdrawn", 409)
    assert (anew.status_code, anew.json()["granting_uscc"]) == (201, MARKET)
    assert [each["status"] for each in listed] == ["running", "withdrawn"]
    assert [step["action"] for step in listed[1]["history"]] == ["delegated", "withdrawn"]
    assert listed[1]["history"][1]["reason"] == "评估不合格"
    assert announced["data"]["zone_uscc"] == told["data"]["zone_uscc"] == ZONE
    assert announced["data"]["item"] == "licensing.food_operation"


async def test_only_who_holds_the_power_or_the_bureau_gives_and_withdraws_it(
    gateway: ServiceUnderTest,
) -> None:
    item = "licensing.hygiene"
    health = "11140881MB9Y00112X"
    town_officer = officer_token("olga", health, *SCOPES, office=Office("140881001"))
    nobody = person_token("ann", *SCOPES)
    reader = agency_token("health", health, "powers.delegation.read")

    refused = [
        await gateway.post(DELEGATIONS, terms(item), token)
        for token in (FIRE_CLIENT, ZONE_CLIENT, town_officer, nobody)
    ]
    without_scope = await gateway.post(DELEGATIONS, terms(item), reader)
    given = await gateway.post(DELEGATIONS, terms(item), agency_token("health", health, *SCOPES))
    delegation = given.json()["delegation_id"]
    by_the_zone = await withdrawn(gateway, delegation, ZONE_CLIENT)
    by_a_stranger = await withdrawn(gateway, delegation, FIRE_CLIENT)
    seen = [
        (await gateway.get(f"{DELEGATIONS}/{delegation}", token)).status_code
        for token in (reader, ZONE_CLIENT, BUREAU_CLIENT, FIRE_CLIENT, nobody)
    ]
    of_others = await gateway.get(DELEGATIONS, FIRE_CLIENT, zone=ZONE)
    by_the_bureau = await withdrawn(gateway, delegation, BUREAU_CLIENT)

    assert [answer.status_code for answer in refused] == [403] * 4
    assert {answer.json()["type"] for answer in refused} == {"/problems/not-your-power"}
    assert without_scope.json()["type"] == "/problems/insufficient-scope"
    assert (by_the_zone.status_code, by_a_stranger.status_code) == (403, 404)
    assert seen == [200, 200, 200, 404, 404]
    assert of_others.json()["entries"] == []
    assert by_the_bureau.status_code == 200


@pytest.mark.parametrize(
    ("changed", "pointer", "code"),
    [
        ({"item": "licensing.moon_flight"}, "/item", "unknown_item"),
        ({"zone": MARKET}, "/zone", "not_a_zone"),
        ({"regions": ["140881001"]}, "/regions/0", "outside"),
        ({"regions": ["140881"]}, "/regions/0", "outside"),
        ({"regions": [TOWN, TOWN]}, "/regions/1", "repeated"),
        ({"valid_until": "2020-01-01T00:00:00Z"}, "/valid_until", "already_over"),
    ],
)
async def test_what_cannot_be_delegated_is_refused_with_its_place(
    gateway: ServiceUnderTest, changed: dict[str, Any], pointer: str, code: str
) -> None:
    answer = await gateway.post(
        DELEGATIONS, terms(**({"item": "licensing.drainage"} | changed)), BUREAU_CLIENT
    )

    found = {(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]}
    assert (answer.status_code, (pointer, code) in found) == (400, True), answer.text


async def test_a_delegation_begins_and_ends_by_the_clock_and_then_makes_room(
    gateway: ServiceUnderTest,
) -> None:
    item = "licensing.drug_retail"
    begins = datetime.now(UTC) + timedelta(hours=1)
    times = {"valid_from": begins.isoformat(), "valid_until": (begins + timedelta(hours=1)).isoformat()}
    given = await gateway.post(DELEGATIONS, terms(item, **times), BUREAU_CLIENT)
    path = f"{DELEGATIONS}/{given.json()['delegation_id']}"

    await gateway.rows_changed(
        "UPDATE power_delegation SET valid_from = now() - interval '2 h', valid_until = now() - interval '1 h'"
        " WHERE item = :item",
        item=item,
    )
    over = await gateway.get(path, BUREAU_CLIENT)
    listed = await gateway.get(DELEGATIONS, BUREAU_CLIENT, item=item, status="expired")
    late = await withdrawn(gateway, given.json()["delegation_id"], BUREAU_CLIENT)
    anew = await gateway.post(DELEGATIONS, terms(item), BUREAU_CLIENT)

    assert given.json()["status"] == "pending"
    assert over.json()["status"] == "expired"
    assert [each["delegation_id"] for each in listed.json()["entries"]] == [given.json()["delegation_id"]]
    assert (late.status_code, anew.status_code) == (409, 201)


async def test_one_power_is_delegated_once_however_many_try(gateway: ServiceUnderTest) -> None:
    item = "licensing.tobacco"

    answers = await asyncio.gather(
        *(gateway.post(DELEGATIONS, terms(item), BUREAU_CLIENT, key=uuid4().hex) for _ in range(8))
    )

    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 7]


async def test_the_list_of_powers_names_every_item_and_who_holds_it(gateway: ServiceUnderTest) -> None:
    pack = load_region_pack(REGION_PACK)

    listed = (await gateway.get("/powers/v1/items")).json()["items"]

    holders = {each["item"]: each["agency_uscc"] for each in listed}
    assert holders["licensing.food_operation"] == MARKET
    assert holders["registration.establishment"] == pack.agency(pack.registration.registrar).uscc
    assert len(holders) == len(pack.permit_items) + 1

"""A zone decides what is delegated to it, in its region, until it is withdrawn (GW-12, GW-13)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from shared.security.office import Office
from tests.licensing.restaurant import APPLICATIONS, SIGNS, Restaurants
from tests.support.identities import agency_token, officer_token
from tests.support.service import ServiceUnderTest
from tests.support.waiting import eventually

ZONE, TOWN = "11140881MB9Y001711", "140881102"
SCOPES = ("licensing.application.submit", "licensing.application.read", "licensing.component.decide")
ZONE_CLIENT = agency_token("development_zone", ZONE, *SCOPES)
DELEGATED = "cn.tongban.gateway.power.delegated.v1"
WITHDRAWN = "cn.tongban.gateway.power.withdrawn.v1"


async def delegated(licensing: ServiceUnderTest, delegation: str, item: str) -> None:
    """Let the gateway tell of a delegation, and wait until it is known."""
    told = {
        "delegation_id": delegation,
        "item": f"licensing.{item}",
        "granting_uscc": SIGNS,
        "zone_uscc": ZONE,
        "regions": [TOWN],
        "valid_from": (datetime.now(UTC) - timedelta(hours=1)).isoformat(),
        "valid_until": None,
        "legal_basis": "行政许可法第二十四条",
    }
    await licensing.hear(DELEGATED, delegation, told)
    await known(licensing, delegation, "withdrawn_at IS NULL")


async def withdrawn(licensing: ServiceUnderTest, delegation: str) -> None:
    """Let the gateway tell of its end, and wait until it is known."""
    at = datetime.now(UTC).isoformat()
    await licensing.hear(WITHDRAWN, delegation, {"delegation_id": delegation, "withdrawn_at": at})
    await known(licensing, delegation, "withdrawn_at IS NOT NULL")


async def known(licensing: ServiceUnderTest, delegation: str, how: str) -> None:
    async def there() -> bool:
        query = f"SELECT 1 FROM delegated_power WHERE delegation_id = :d AND {how}"  # noqa: S608 - constants
        return bool(await licensing.rows(query, d=delegation))

    await eventually(there)


async def an_application(restaurants: Restaurants, town: str = TOWN, **changes: Any) -> dict[str, Any]:
    domicile = {"division_code": town, "text": "山西省运城市永济市开张镇1号"}
    uscc = await restaurants.registered(domicile=domicile)
    answer = await restaurants.apply(uscc, **changes)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def decide(
    licensing: ServiceUnderTest, application: str, item: str, token: str = ZONE_CLIENT
) -> httpx.Response:
    path = f"{APPLICATIONS}/{application}/components/{item}/decision"
    return await licensing.post(path, {"decision": "granted"}, token, accept_language="en")


async def test_a_zone_decides_what_is_delegated_in_its_region_until_it_is_withdrawn(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    first, second, far = [
        (await an_application(restaurants, town))["id"] for town in (TOWN, TOWN, "140881001")
    ]
    before = await decide(licensing, first, "signboard")
    await delegated(licensing, "first", "signboard")

    listed = await licensing.get("/licensing/v1/components", ZONE_CLIENT, limit=200)
    read = await licensing.get(f"{APPLICATIONS}/{first}", ZONE_CLIENT)
    granted = await decide(licensing, first, "signboard")
    not_given = await decide(licensing, first, "fire_check")
    elsewhere = await decide(licensing, far, "signboard")
    other_town = officer_token("olga", ZONE, *SCOPES, office=Office("140881001"))
    by_other_town = await decide(licensing, second, "signboard", other_town)
    await withdrawn(licensing, "first")
    after = await decide(licensing, second, "signboard")
    gone = await licensing.get(f"{APPLICATIONS}/{second}", ZONE_CLIENT)

    assert before.status_code == 404
    assert {each["application_id"] for each in listed.json()["entries"]} == {first, second}
    assert read.json()["form"]["permits"].keys() == {"signboard"}
    assert (granted.json()["status"], granted.json()["agency_uscc"]) == ("granted", SIGNS)
    assert granted.json()["deciding_uscc"] == ZONE
    assert [each.status_code for each in (not_given, elsewhere, by_other_town)] == [404] * 3
    assert (after.status_code, after.json()["type"]) == (403, "/problems/not-empowered")
    assert "withdrawn" in after.json()["detail"]
    assert gone.status_code == 404


async def test_the_agency_that_gave_a_power_decides_too(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    application = (await an_application(restaurants))["id"]
    await delegated(licensing, "second", "signboard")

    granted = await restaurants.decide(application, "signboard", SIGNS)

    assert (granted.json()["status"], granted.json()["deciding_uscc"]) == ("granted", None)


async def test_a_zones_platform_takes_applications_in_for_enterprises_of_the_zone(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    counter = {"token": ZONE_CLIENT, "channel": "agent", "on_behalf_of": "owner-1"}
    taken = await an_application(restaurants, **counter)
    domicile = {"division_code": "140881001", "text": "山西省运城市永济市城西街道1号"}
    outside = await restaurants.apply(await restaurants.registered(domicile=domicile), **counter)
    read = await licensing.get(f"{APPLICATIONS}/{taken['id']}", ZONE_CLIENT)
    tax = agency_token("tax", "11140881MB9Y000405", *SCOPES)
    by_another = await licensing.get(f"{APPLICATIONS}/{taken['id']}", tax)

    assert (taken["accepted_at_counter"], taken["channel"]) == (ZONE, "agent")
    assert outside.status_code == 404
    assert (read.status_code, by_another.status_code) == (200, 404)

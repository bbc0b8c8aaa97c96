"""A zone decides establishment filings of its region while that power is delegated to it (GW-13)."""

from datetime import UTC, datetime, timedelta

import httpx

from tests.registration.builders import ANN, FILINGS, OFFICER, filing
from tests.support.identities import agency_token
from tests.support.service import ServiceUnderTest
from tests.support.waiting import eventually

ZONE, TOWN = "11140881MB9Y001711", "140881102"
ZONE_CLIENT = agency_token("development_zone", ZONE, "registration.filing.read", "registration.filing.decide")
QUEUE = "/registration/v1/review-queue"


async def test_a_zone_decides_filings_of_its_region_until_the_power_is_withdrawn(
    registration: ServiceUnderTest,
) -> None:
    first, second = [await waiting_in(registration, TOWN) for _ in range(2)]
    far = await waiting_in(registration, "140881001")
    before = await approve(registration, first)
    closed_queue = await registration.get(QUEUE, ZONE_CLIENT)
    await delegated(registration, "d1")

    queue = await registration.get(QUEUE, ZONE_CLIENT, limit=200)
    approved, elsewhere = await approve(registration, first), await approve(registration, far)
    ended = {"delegation_id": "d1", "withdrawn_at": datetime.now(UTC).isoformat()}
    await registration.hear("cn.tongban.gateway.power.withdrawn.v1", "d1", ended)
    await known(registration, "withdrawn_at IS NOT NULL")
    after = await approve(registration, second)
    by_the_registrar = await registration.post(f"{FILINGS}/{second}/approval", None, OFFICER)

    assert (before.status_code, closed_queue.status_code) == (404, 403)
    assert {each["id"] for each in queue.json()["entries"]} == {first, second}
    assert (approved.json()["status"], elsewhere.status_code) == ("approved", 404)
    assert (after.status_code, after.json()["type"]) == (403, "/problems/not-empowered")
    assert by_the_registrar.json()["status"] == "approved"


async def waiting_in(registration: ServiceUnderTest, town: str) -> str:
    body = filing(name__trade="曲艺", domicile__division_code=town)
    answer = await registration.post(FILINGS, body, ANN)
    assert answer.json()["status"] == "under_review", answer.text
    return str(answer.json()["id"])


async def approve(registration: ServiceUnderTest, filing_id: str) -> httpx.Response:
    return await registration.post(f"{FILINGS}/{filing_id}/approval", None, ZONE_CLIENT)


async def delegated(registration: ServiceUnderTest, delegation: str) -> None:
    told = {
        "delegation_id": delegation,
        "item": "registration.establishment",
        "granting_uscc": "11140881MB9Y00016L",
        "zone_uscc": ZONE,
        "regions": [TOWN],
        "valid_from": (datetime.now(UTC) - timedelta(hours=1)).isoformat(),
        "valid_until": None,
        "legal_basis": "行政许可法第二十四条",
    }
    await registration.hear("cn.tongban.gateway.power.delegated.v1", delegation, told)
    await known(registration, "withdrawn_at IS NULL")


async def known(registration: ServiceUnderTest, how: str) -> None:
    async def there() -> bool:
        return bool(await registration.rows(f"SELECT 1 FROM delegated_power WHERE {how}"))  # noqa: S608

    await eventually(there)

"""How much a caller may send follows the tier of its client, and its change is felt within a second."""

from typing import Any

import pytest

from shared.security.keys import SigningKey
from tests.gateway.identity.registering import ADMINISTRATOR, CLIENTS, registered, token_of
from tests.support.service import ServiceUnderTest
from tests.support.waiting import eventually

PATH = "/identity/v1/clients/self"


@pytest.fixture(scope="module")
def extra_settings() -> dict[str, Any]:
    """Rates that a test meets quickly, and that refill slowly enough to be seen."""
    return {"rate_per_second": 0.5, "rate_burst": 100, "rate_small": 0.03, "rate_large": 2.0}


async def limit_shown(gateway: ServiceUnderTest, token: str) -> str:
    """The burst that the answer's header tells; nothing where there is no limit."""
    answer = await gateway.get(PATH, token)
    policy: str = answer.headers.get("ratelimit-policy", "")
    return policy.partition("q=")[2].partition(";")[0]


async def test_a_callers_rate_is_that_of_its_clients_tier(gateway: ServiceUnderTest) -> None:
    key = SigningKey.generate()
    client_id = await registered(gateway, key)
    token = await token_of(gateway, client_id, key)

    async def shows(limit: str) -> bool:
        return await limit_shown(gateway, token) == limit

    assert await eventually(lambda: shows("3"), within=5)
    while (last := await gateway.get(PATH, token)).status_code == 200:
        pass
    released = await gateway.post(f"{CLIENTS}/{client_id}/release", {"tier": "large"}, ADMINISTRATOR)
    assert released.status_code == 200, released.text
    assert await eventually(lambda: shows("200"), within=5)
    assert (last.status_code, last.json()["type"]) == (429, "/problems/too-many-requests")


async def test_a_service_of_the_data_bureau_is_not_limited(gateway: ServiceUnderTest) -> None:
    key = SigningKey.generate()
    client_id = await registered(gateway, key, environment="live", tier="internal")
    token = await token_of(gateway, client_id, key)

    async def is_free() -> bool:
        return await limit_shown(gateway, token) == ""

    assert await eventually(is_free, within=5)

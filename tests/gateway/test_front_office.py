"""The gateway starts, is ready, and refuses what a production gateway must not have."""

from tests.support.service import ServiceUnderTest
from tests.support.waiting import eventually


async def test_the_gateway_becomes_ready(gateway: ServiceUnderTest) -> None:
    async def ready() -> bool:
        return (await gateway.client.get("/readyz")).status_code == 200

    assert await eventually(ready)

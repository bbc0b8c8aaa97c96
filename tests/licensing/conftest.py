"""The licensing service, once per module, with a restaurant whose registration it has heard of."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from deploy.local.postgres import Cluster
from shared.region import RegionPack, load_region_pack
from shared.security.keys import SigningKey
from tests.licensing.restaurant import Restaurants
from tests.support.service import REGION_PACK, ServiceUnderTest, service_under_test


@pytest.fixture(scope="session")
def pack() -> RegionPack:
    """The region's rules."""
    return load_region_pack(REGION_PACK)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def licensing(
    cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[ServiceUnderTest]:
    """The service's app and worker."""
    directory: Path = tmp_path_factory.mktemp("licensing")
    key_file = directory / "signing.pem"
    key_file.write_bytes(SigningKey.generate().to_pem())
    async with service_under_test(
        "licensing", cluster, directory, settings={"signing_key_file": key_file}
    ) as service:
        yield service


@pytest.fixture(scope="module")
def restaurants(licensing: ServiceUnderTest) -> Restaurants:
    """Makes enterprises and applications, each with its own credit code."""
    return Restaurants(licensing)

"""The registration service, once per module, with a signing key of its own."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import pytest
import pytest_asyncio

from deploy.local.postgres import Cluster
from shared.security.keys import SigningKey
from tests.support.clock import SettableClock
from tests.support.service import ServiceUnderTest, service_under_test


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def registration(
    cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[ServiceUnderTest]:
    """The app and the worker."""
    directory = tmp_path_factory.mktemp("registration")
    key = directory / "signing-key.pem"
    key.write_bytes(SigningKey.generate().to_pem())
    settings = {"signing_key_file": key}
    async with service_under_test("registration", cluster, directory, settings=settings) as service:
        yield service


@pytest.fixture
def clock(registration: ServiceUnderTest) -> Iterator[SettableClock]:
    """The service's clock, set back afterwards."""
    yield registration.clock
    registration.clock.set(datetime.now(UTC))

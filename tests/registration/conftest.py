"""The registration service, once per module, with a signing key of its own."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import pytest
import pytest_asyncio
import uvicorn

from deploy.local.postgres import Cluster
from shared.security.keys import SigningKey
from tests.registration.moving import TwoRegistrars, two_registrars
from tests.support.clock import SettableClock
from tests.support.service import ServiceUnderTest, service_under_test
from tests.support.waiting import eventually


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


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def base_url(registration: ServiceUnderTest) -> AsyncIterator[str]:
    """The service on a loopback port."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        config = uvicorn.Config(registration.app, lifespan="off", log_level="critical", ws="none")
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listening]))

        async def is_up() -> bool:
            return server.started

        await eventually(is_up)
        yield f"http://127.0.0.1:{port}"
        server.should_exit = True
        await serving


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def registrars(
    cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[TwoRegistrars]:
    """Yongji, where enterprises are; Hejin, where they go: started once for all who move between them."""
    async with two_registrars(cluster, tmp_path_factory.mktemp("registrars")) as both:
        yield both


@pytest.fixture
def clock(registration: ServiceUnderTest) -> Iterator[SettableClock]:
    """The service's clock, set back afterwards."""
    yield registration.clock
    registration.clock.set(datetime.now(UTC))

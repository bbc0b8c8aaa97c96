"""A gateway in front of a service that echoes (registration), one that misbehaves (credit), and two that are away."""

from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio

from tests.gateway.proxy.upstreams import Echo, Misbehaving, misbehaving
from tests.gateway.serving import served
from tests.support.service import ServiceUnderTest


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def echo() -> Echo:
    """The service that echoes."""
    return Echo()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def _bad() -> AsyncIterator[tuple[Misbehaving, int]]:
    async with misbehaving() as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def bad(_bad: tuple[Misbehaving, int]) -> Misbehaving:
    """The service that misbehaves."""
    return _bad[0]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def extra_settings(echo: Echo, _bad: tuple[Misbehaving, int]) -> AsyncIterator[dict[str, Any]]:
    """Where the services are; a short wait for their answers."""
    async with served(echo) as port:
        yield {
            "registration_url": f"http://127.0.0.1:{port}",
            "credit_url": f"http://127.0.0.1:{_bad[1]}",
            "answer_seconds": 0.7,
        }


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def port(gateway: ServiceUnderTest) -> AsyncIterator[int]:
    """The gateway's port, served by uvicorn."""
    async with served(gateway.app) as listening:
        yield listening

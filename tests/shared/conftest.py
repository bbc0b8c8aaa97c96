"""The probe service, once per module."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from deploy.local.postgres import Cluster
from tests.support.service import ServiceUnderTest, service_under_test


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def probe(cluster: Cluster, tmp_path_factory: "object") -> AsyncIterator[ServiceUnderTest]:
    """The probe's app and worker."""
    directory: Path = tmp_path_factory.mktemp("probe")  # type: ignore[attr-defined]
    async with service_under_test("hotline", cluster, directory, package="tests.probe") as service:
        yield service

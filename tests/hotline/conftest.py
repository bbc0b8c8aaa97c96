"""The hotline service, once per module, and its people."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from deploy.local.postgres import Cluster
from services.hotline.domain.desk import DeskRules
from services.hotline.use_cases.read_desk_rules import read_desk_rules
from shared.region import load_region_pack
from tests.support.service import REGION_PACK, ServiceUnderTest, service_under_test


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def hotline(
    cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[ServiceUnderTest]:
    """App and worker; the worker looks for what is due four times a second."""
    directory: Path = tmp_path_factory.mktemp("hotline")
    settings = {"sweep_seconds": 0.25}
    async with service_under_test("hotline", cluster, directory, settings=settings) as service:
        yield service


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def still_hotline(
    cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[ServiceUnderTest]:
    """Only the app: the test itself runs what comes due."""
    directory: Path = tmp_path_factory.mktemp("hotline-still")
    async with service_under_test("hotline", cluster, directory, worker=False) as service:
        yield service


@pytest.fixture(scope="session")
def rules() -> DeskRules:
    """Yongji's desk."""
    return read_desk_rules(load_region_pack(REGION_PACK))

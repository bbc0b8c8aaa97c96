"""The credit service, once per module, and builders of what it is told."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from deploy.local.postgres import Cluster
from services.credit.domain.rules import CreditRules
from services.credit.use_cases.read_rules import read_rules
from shared.region import load_region_pack
from tests.support.clock import SettableClock
from tests.support.service import REGION_PACK, ServiceUnderTest, service_under_test


@pytest.fixture(scope="session")
def rules() -> CreditRules:
    """The rules of the region pack."""
    return read_rules(load_region_pack(REGION_PACK))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def credit(
    cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[ServiceUnderTest]:
    """The credit service with its worker."""
    directory: Path = tmp_path_factory.mktemp("credit")
    async with service_under_test("credit", cluster, directory, clock=SettableClock()) as service:
        yield service

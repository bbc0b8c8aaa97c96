"""The gateway, once per module: its app and worker on a database and a broker of the module's own.

Tokens of `tests.support.identities` are good at the gateway too: it signs with the same key.
"""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from deploy.local.postgres import Cluster
from gateway.settings import PasswordHashing
from tests.gateway.seed import PASSWORD, seed_document
from tests.support.identities import SIGNING_KEY
from tests.support.service import ServiceUnderTest, service_under_test

__all__ = ["PASSWORD"]

NOWHERE = "http://127.0.0.1:9"


def gateway_settings(directory: Path) -> dict[str, Any]:
    """Settings of a gateway without services, with the seed of this run, no rate limit to meet, and quick passwords."""
    signing_key = directory / "gateway.pem"
    signing_key.write_bytes(SIGNING_KEY.to_pem())
    seed = directory / "seed.json"
    seed.write_text(json.dumps(seed_document(), ensure_ascii=False))
    return {
        "registration_url": NOWHERE,
        "credit_url": NOWHERE,
        "licensing_url": NOWHERE,
        "hotline_url": NOWHERE,
        "signing_key_file": signing_key,
        "seed_file": seed,
        "rate_per_second": 100_000.0,
        "rate_burst": 100_000,
        "password_hashing": PasswordHashing.OWASP,
    }


@pytest.fixture(scope="module")
def extra_settings() -> dict[str, Any]:
    """Settings that a module wants otherwise: it defines a fixture of this name."""
    return {}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def gateway(
    cluster: Cluster, tmp_path_factory: pytest.TempPathFactory, extra_settings: dict[str, Any]
) -> AsyncIterator[ServiceUnderTest]:
    """The gateway's app and worker."""
    directory = tmp_path_factory.mktemp("gateway")
    settings = gateway_settings(directory) | extra_settings
    async with service_under_test(
        "gateway", cluster, directory, package="gateway", settings=settings
    ) as service:
        yield service

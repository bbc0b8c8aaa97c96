"""A service on its own port, and a gateway in front of it: what is attacked, on real sockets."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest
import pytest_asyncio
from starlette.types import ASGIApp, Receive, Scope, Send

from deploy.local.postgres import Cluster
from tests.gateway.conftest import gateway_settings
from tests.gateway.serving import served
from tests.support.service import ServiceUnderTest, service_under_test

SERVICE_PATH = "/probe/v1/counters"
GATEWAY_PATH = "/hotline/v1/counters"


class Moved:
    """The probe service at the place of the hotline, whose paths the gateway forwards."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the hotline's path as the probe's."""
        path = scope["path"].replace(GATEWAY_PATH, SERVICE_PATH, 1)
        await self._app({**scope, "path": path, "raw_path": path.encode()}, receive, send)


@dataclass(frozen=True)
class Target:
    """Where an attack goes: a port and the path of the counters there."""

    name: str
    port: int
    path: str

    def client(self) -> httpx.AsyncClient:
        """A client of this target."""
        return httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.port}", timeout=20)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def service(
    cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[ServiceUnderTest]:
    """The attacked service."""
    directory = tmp_path_factory.mktemp("service")
    async with service_under_test(
        "hotline", cluster, directory, package="tests.probe", worker=False
    ) as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def targets(
    service: ServiceUnderTest, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[dict[str, Target]]:
    """The service's own port, and the gateway's."""
    directory = tmp_path_factory.mktemp("gateway")
    async with served(Moved(service.app)) as service_port:
        settings = gateway_settings(directory) | {"hotline_url": f"http://127.0.0.1:{service_port}"}
        async with (
            service_under_test(
                "gateway", cluster, directory, package="gateway", settings=settings, worker=False
            ) as gateway,
            served(gateway.app) as gateway_port,
        ):
            yield {
                "service": Target("service", service_port, SERVICE_PATH),
                "gateway": Target("gateway", gateway_port, GATEWAY_PATH),
                "front_office": Target("front_office", gateway_port, "/oauth2/userinfo"),
            }

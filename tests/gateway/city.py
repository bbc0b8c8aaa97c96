"""The gateway and the four services on sockets of their own, which know of keys and withdrawals what it tells them."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx

from deploy.local.layout import free_port
from deploy.local.postgres import Cluster
from shared.security.keys import SigningKey
from tests.gateway.conftest import gateway_settings
from tests.gateway.serving import served
from tests.support.service import ServiceUnderTest, service_under_test

# Of each service a list that an officer of the approval office may read, whether or not anything is there.
LISTS: Final = {
    "registration": "/registration/v1/filings",
    "credit": "/credit/v1/subjects?grade=A",
    "licensing": "/licensing/v1/applications",
    "hotline": "/hotline/v1/tickets",
}
LIST_SCOPES: Final = (
    "registration.filing.read credit.subject.read licensing.application.read hotline.ticket.read"
)
OFFICER: Final = "wangwu"


@dataclass(frozen=True)
class City:
    """Where everything listens."""

    gateway: ServiceUnderTest
    gateway_port: int
    ports: dict[str, int]

    @property
    def doors(self) -> dict[str, str]:
        """Every way to a service's list: through the gateway, and at the service's own port."""
        through = {f"gateway/{name}": f"{self.url}{path}" for name, path in LISTS.items()}
        direct = {name: f"http://127.0.0.1:{self.ports[name]}{path}" for name, path in LISTS.items()}
        return through | direct

    @property
    def url(self) -> str:
        """Where the gateway listens."""
        return f"http://127.0.0.1:{self.gateway_port}"

    async def are_shut(self, http: httpx.AsyncClient, headers: dict[str, str]) -> bool:
        """Whether every door refuses by itself: the gateway too, and not the service behind it."""
        for name, url in self.doors.items():
            answer = await http.get(url, headers=headers)
            origin = "gateway" if name.startswith("gateway/") else None
            if (answer.status_code, answer.headers.get("x-tongban-origin")) != (401, origin):
                return False
        return True

    async def answers(self, http: httpx.AsyncClient, headers: dict[str, str]) -> dict[str, int]:
        """Knock at every door; returns the status by door."""
        return {name: (await http.get(url, headers=headers)).status_code for name, url in self.doors.items()}


@asynccontextmanager
async def city(cluster: Cluster, directory: Path, **extra: Any) -> AsyncIterator[City]:
    """Start all five; `extra` are settings of the gateway."""
    gateway_port = free_port()
    async with AsyncExitStack() as stack:
        ports: dict[str, int] = {}
        for name in LISTS:
            home = directory / name
            home.mkdir()
            own = _own_settings(name, home) | {"identity_url": f"http://127.0.0.1:{gateway_port}"}
            service = await stack.enter_async_context(
                service_under_test(name, cluster, home, settings=own, worker=False, keys=None)
            )
            ports[name] = await stack.enter_async_context(served(service.app))
        where = {f"{name}_url": f"http://127.0.0.1:{port}" for name, port in ports.items()}
        gateway = await stack.enter_async_context(
            service_under_test(
                "gateway",
                cluster,
                directory,
                package="gateway",
                settings=gateway_settings(directory) | where | extra,
                worker=False,
                keys=None,
            )
        )
        await stack.enter_async_context(served(gateway.app, port=gateway_port))
        yield City(gateway, gateway_port, ports)


def _own_settings(name: str, home: Path) -> dict[str, Any]:
    if name not in ("registration", "licensing"):
        return {}
    key = home / "certificates.pem"
    key.write_bytes(SigningKey.generate().to_pem())
    return {"signing_key_file": key}

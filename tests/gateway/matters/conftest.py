"""The gateway with registration and licensing that answer as a test orders."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from deploy.local.postgres import Cluster
from shared.region import RegionPack, load_region_pack
from tests.gateway.conftest import gateway_settings
from tests.gateway.matters.forms import THEME, restaurant_form
from tests.gateway.matters.services import FakeServices, fake_services
from tests.support.clock import SettableClock
from tests.support.identities import agency_token, person_token
from tests.support.service import REGION_PACK, ServiceUnderTest, service_under_test
from tests.support.waiting import eventually

JSON = dict[str, Any]
ENVIRONMENT = ("database_url", "nats_user", "nats_password", "secret", "registration_url", "credit_url")
MORE = ("licensing_url", "hotline_url", "signing_key_file")
COMMON = {
    "region_pack": "REGION_PACK",
    "nats_url": "NATS_URL",
    "public_url": "PUBLIC_URL",
    "identity_url": "IDENTITY_URL",
}


@dataclass
class Front:
    """The gateway under test, its neighbours and its region."""

    gateway: ServiceUnderTest
    services: FakeServices
    pack: RegionPack

    def person(self, name: str = "ann") -> str:
        return person_token(name, "matters.matter.submit", "matters.matter.read")

    def agency(self, key: str) -> str:
        return agency_token(key, self.pack.agency(key).uscc, "matters.task.handle")

    async def opened(self, *, person: str = "ann", form: JSON | None = None, **more: Any) -> JSON:
        body = {"theme": THEME, "form": form or restaurant_form(), "channel": "portal", **more}
        answer = await self.gateway.post("/matters/v1/matters", body, self.person(person))
        assert answer.status_code == 201, answer.text
        matter: JSON = answer.json()
        return matter

    async def read(self, matter_id: str, person: str = "ann") -> JSON:
        answer = await self.gateway.get(f"/matters/v1/matters/{matter_id}", self.person(person))
        assert answer.status_code == 200, answer.text
        matter: JSON = answer.json() | {"etag": answer.headers["etag"]}
        return matter

    async def until(self, matter_id: str, *, person: str = "ann", **wanted: str) -> JSON:
        """Wait until the matter (`state`), a step or a task has the state that is wanted."""

        async def reached() -> JSON:
            matter = await self.read(matter_id, person)
            states = {"state": matter["state"]}
            states |= {step["key"]: step["state"] for step in matter["steps"]}
            states |= {task["kind"]: task["state"] for task in matter["tasks"]}
            assert {key: states[key] for key in wanted} == wanted, (states, matter["findings"])
            return matter

        return await eventually(reached)

    async def done(self, matter: JSON, *kinds: str) -> None:
        """Each department takes its task and completes it."""
        for kind in kinds:
            taken = await self.act(matter, kind, "taking")
            done = await self.act(matter, kind, "completion", {"result": {"number": kind}})
            assert (taken.status_code, done.status_code) == (200, 200), (taken.text, done.text)

    def task_id(self, matter: JSON, kind: str) -> str:
        return str(next(each["id"] for each in matter["tasks"] if each["kind"] == kind))

    async def act(self, matter: JSON, kind: str, action: str, body: JSON | None = None) -> Any:
        uscc = next(task["agency_uscc"] for task in matter["tasks"] if task["kind"] == kind)
        agency = next(each.key for each in self.pack.agencies if each.uscc == uscc)
        url = f"/matters/v1/tasks/{self.task_id(matter, kind)}/{action}"
        return await self.gateway.post(url, body, self.agency(agency))


@pytest.fixture(scope="module")
def clock() -> SettableClock:
    """A module that stands on a certain day defines a fixture of this name."""
    return SettableClock()


@pytest.fixture(scope="module")
def pack_directory() -> Path:
    """A module about another region defines a fixture of this name."""
    return REGION_PACK


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def front(
    cluster: Cluster, tmp_path_factory: pytest.TempPathFactory, clock: SettableClock, pack_directory: Path
) -> AsyncIterator[Front]:
    """App and worker of the gateway, with the services' place taken by fakes that speak their API."""
    directory = tmp_path_factory.mktemp("matters")
    async with fake_services() as services:
        settings = gateway_settings(directory) | {
            "registration_url": services.url,
            "licensing_url": services.url,
            "region_pack": pack_directory,
        }
        async with service_under_test(
            "gateway", cluster, directory, package="gateway", settings=settings, clock=clock
        ) as gateway:
            yield Front(gateway, services, load_region_pack(pack_directory))

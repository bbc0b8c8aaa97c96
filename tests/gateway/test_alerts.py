"""Each kind of trouble is named by readiness, and by an alert of its kind on what the metrics page shows (O03, O04)."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
import pytest_asyncio
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from deploy.local.layout import free_port
from deploy.local.postgres import Cluster
from tests.gateway.audit.test_audit import AUDITOR, heard
from tests.gateway.conftest import gateway_settings
from tests.support.alerts import SCRAPED, firing, rules
from tests.support.broker import client_of
from tests.support.cutting import CuttingProxy, cutting_proxy
from tests.support.databases import new_database
from tests.support.identities import agency_token
from tests.support.service import ServiceUnderTest, service_under_test
from tests.support.waiting import eventually

REGISTERED = "events.registration.enterprise.registered.v1"
BUREAU = agency_token("data_bureau", "11140881MB9Y00155B", "powers.delegation.manage")
DELEGATION = {
    "item": "licensing.food_operation",
    "zone": "11140881MB9Y001711",
    "regions": ["140881102"],
    "legal_basis": "行政许可法第二十四条",
}


@dataclass(frozen=True)
class Watched:
    """A gateway whose way to its broker and to its database can be cut."""

    gateway: ServiceUnderTest
    ways: dict[str, CuttingProxy]

    async def page(self) -> str:
        """The metrics page."""
        return (await self.gateway.client.get("/metrics")).text

    async def fires(self, *wanted: str) -> None:
        """Wait until exactly these alerts have a reason."""

        async def seen() -> bool:
            found = firing(await self.page(), "gateway")
            assert found == set(wanted), f"fires: {sorted(found)}"
            return True

        await eventually(seen, within=30)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def watched(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Watched]:
    """The gateway, with a proxy on each of the two ways."""
    directory, broker_port = tmp_path_factory.mktemp("gateway"), free_port()
    url = await new_database(cluster, "gateway")
    async with cutting_proxy(cluster.port) as database:
        settings = gateway_settings(directory) | {
            "database_url": SecretStr(url.replace(f":{cluster.port}/", f":{database.port}/")),
            "nats_url": f"nats://127.0.0.1:{broker_port}",
        }
        async with (
            service_under_test(
                "gateway", cluster, directory, package="gateway", settings=settings
            ) as gateway,
            cutting_proxy(gateway.broker.port, broker_port) as broker,
        ):
            yield Watched(gateway, {"database": database, "broker": broker})


async def test_nothing_fires_while_all_is_well_and_every_rule_looks_at_what_is_exported(
    watched: Watched,
) -> None:
    await watched.fires()

    families = list(text_string_to_metric_families(await watched.page()))
    exported = {family.name for family in families} | {each.name for f in families for each in f.samples}

    assert {rule.metric for rule in rules()} - exported == {SCRAPED}


@pytest.mark.parametrize(
    ("part", "alert"), [("broker", "TongbanBrokerAway"), ("database", "TongbanDatabaseAway")]
)
async def test_a_part_that_is_away_is_named_by_readiness_and_by_its_alert(
    watched: Watched, part: str, alert: str
) -> None:
    watched.ways[part].cuts = True

    async def named() -> bool:
        answer = await watched.gateway.client.get("/readyz")
        states = answer.json()["parts"]
        assert answer.status_code == 503, states
        return {name for name, state in states.items() if state != "ok"} == {part}

    await eventually(named)
    alive = await watched.gateway.client.get("/livez")
    found = firing(await watched.page(), "gateway")
    watched.ways[part].cuts = False

    await watched.fires()
    assert (alive.status_code, alert in found) == (200, True)


async def test_a_worker_that_is_away_and_what_it_leaves_undone_have_their_alerts(watched: Watched) -> None:
    gateway = watched.gateway
    await heard(gateway, "registration", "watched-1")

    async def on_record() -> bool:
        answer = await gateway.get("/audit/v1/records", AUDITOR)
        return "watched-1" in answer.text

    await eventually(on_record)
    await gateway.stop_worker()
    made = await gateway.post("/powers/v1/delegations", DELEGATION, BUREAU)
    soon = firing(await watched.page(), "gateway")
    gateway.clock.advance(timedelta(seconds=700))
    later = firing(await watched.page(), "gateway")
    gateway.clock.advance(timedelta(seconds=-700))
    await gateway.start_worker()

    await watched.fires()
    assert made.status_code == 201, made.text
    assert soon == {"TongbanWorkerAway"}
    assert later - soon == {"TongbanOutboxStuck", "TongbanAuditIntervalOverdue", "TongbanClockSkewed"}


async def test_a_message_that_is_no_event_is_parked_with_an_alert(watched: Watched) -> None:
    async with client_of(watched.gateway.broker, "registration") as client:
        await client.jetstream().publish(REGISTERED, b"{}")

    await watched.fires("TongbanEventsParked")

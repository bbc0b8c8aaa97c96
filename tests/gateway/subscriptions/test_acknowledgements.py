"""Which departments took what the register tells, what is late, and that it is told once."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from deploy.local.provision import BrokerAccess, provision
from deploy.local.secrets import PROVISIONER
from gateway.subscriptions.sweeps import ForgetEvents, OpenAcknowledgements, TellOverdue
from gateway.subscriptions.use_cases.acknowledge import duties_of
from gateway.subscriptions.use_cases.ask_broker import AskBroker
from gateway.subscriptions.use_cases.authority import overseers
from shared.database.unit_of_work import UnitOfWorkFactory
from shared.messaging.events import EventSource
from shared.messaging.standing import standing_of
from shared.messaging.subscribers import OUTSIDE
from shared.messaging.topology import PUBLISHERS
from shared.region import load_region_pack
from tests.gateway.subscriptions.conftest import forget_all
from tests.gateway.subscriptions.receiving import receiving
from tests.support.broker import PASSWORDS, client_of
from tests.support.identities import agency_token, bearer, person_token
from tests.support.service import REGION_PACK, ServiceUnderTest
from tests.support.waiting import eventually

PACK = load_region_pack(REGION_PACK)
TAX, POLICE, FUND, HUMAN, MARKET, REGISTRAR, BUREAU, FIRE = (
    PACK.agency(key).uscc
    for key in (
        "tax",
        "police",
        "housing_fund",
        "human_resources",
        "market_supervision",
        "administrative_approval",
        "data_bureau",
        "fire_rescue",
    )
)
SCOPE = "subscriptions.subscription.manage"
REGISTERED = "cn.tongban.registration.enterprise.registered.v1"
[DURABLE] = OUTSIDE["tax"]
BASE = "/subscriptions/v1/acknowledgements"
OVERDUE = "cn.tongban.gateway.acknowledgement.overdue.v1"


@pytest.fixture(scope="module")
def extra_settings(neighbours: dict[str, str]) -> dict[str, Any]:
    """The receivers of this module are on the loopback network."""
    return {f"{service}_url": url for service, url in neighbours.items()} | {
        "webhook_networks": "127.0.0.0/8",
        "webhook_retry_seconds": "0.05,0.05,0.1",
    }


def token_of(uscc: str) -> str:
    return agency_token("client", uscc, SCOPE)


def work_of(gateway: ServiceUnderTest) -> UnitOfWorkFactory:
    return UnitOfWorkFactory(gateway.engine, EventSource("gateway", "140881"), gateway.clock)


async def told(gateway: ServiceUnderTest, *names: str) -> list[int]:
    """Publish registrations and open their records; return their positions."""
    for name in names:
        await gateway.hear(REGISTERED, name, {"uscc": name})

    async def all_there() -> list[int]:
        await work_of(gateway).run(OpenAcknowledgements(duties_of(PACK)))
        rows = await gateway.rows(
            "SELECT DISTINCT position FROM subscription_acknowledgement JOIN subscription_event USING (position)"
            " WHERE subject = ANY(:names) ORDER BY position",
            names=list(names),
        )
        assert len(rows) == len(names)
        return [row["position"] for row in rows]

    return await eventually(all_there)


async def subscribed(gateway: ServiceUnderTest, uscc: str) -> str:
    opened = await gateway.post(
        "/subscriptions/v1/subscriptions", {"event_types": [REGISTERED]}, token_of(uscc)
    )
    assert opened.status_code == 201, opened.text
    return f"/subscriptions/v1/subscriptions/{opened.json()['subscription_id']}"


async def standing(gateway: ServiceUnderTest, uscc: str, seen_by: str | None = None) -> dict[str, Any]:
    answer = await gateway.get(BASE, token_of(seen_by or uscc))
    assert answer.status_code == 200, answer.text
    [entry] = [each for each in answer.json()["entries"] if each["agency_uscc"] == uscc]
    found: dict[str, Any] = entry
    return found


async def overdue(gateway: ServiceUnderTest, seen_by: str, **params: Any) -> list[tuple[str, str]]:
    answer = await gateway.get(f"{BASE}/overdue", token_of(seen_by), limit=200, **params)
    assert answer.status_code == 200, answer.text
    return [(each["agency_uscc"], each["subject"]) for each in answer.json()["entries"]]


async def take_everything(gateway: ServiceUnderTest) -> None:
    """Do what the tax bureau does over NATS: fetch and acknowledge until nothing is left."""
    async with client_of(gateway.broker) as client:
        stream = client.jetstream()
        pulled = await stream.pull_subscribe_bind(DURABLE.durable, DURABLE.stream)

        async def nothing_left() -> bool:
            with suppress(TimeoutError):
                for message in await pulled.fetch(100, timeout=0.5):
                    await message.ack()
            standing = await standing_of(client, DURABLE)
            return standing is not None and standing.lag == 0

        await eventually(nothing_left)


async def test_each_department_that_must_follow_is_listed_with_what_it_does_not_follow(
    gateway: ServiceUnderTest,
) -> None:
    await subscribed(gateway, POLICE)

    seen = {
        uscc: (await gateway.get(BASE, token_of(uscc))).json()["entries"]
        for uscc in (BUREAU, REGISTRAR, POLICE, FIRE)
    }
    stranger = await gateway.get(BASE, person_token("p-1", SCOPE))

    must = {TAX, POLICE, FUND, HUMAN, MARKET}
    assert {each["agency_uscc"] for each in seen[BUREAU]} == must
    assert seen[REGISTRAR] == seen[BUREAU]
    assert [each["agency_uscc"] for each in seen[POLICE]] == [POLICE]
    assert seen[FIRE] == []
    missing = {each["agency_uscc"]: each["not_subscribed"] for each in seen[BUREAU]}
    assert REGISTERED not in missing[POLICE]
    assert REGISTERED in missing[MARKET]
    assert stranger.status_code == 403


async def test_a_webhook_acknowledges_what_its_target_took_and_nothing_before(
    gateway: ServiceUnderTest,
) -> None:
    [before] = await told(gateway, "W-0")
    async with receiving() as receiver:
        path = await subscribed(gateway, HUMAN)
        named = await gateway.client.put(
            f"{path}/destination", json={"url": receiver.url}, headers=bearer(token_of(HUMAN))
        )
        receiver.secrets.append(named.json()["secret"])
        [position] = await told(gateway, "W-1")

        async def taken() -> list[dict[str, Any]]:
            rows = await gateway.rows(
                "SELECT position, way FROM subscription_acknowledgement"
                " WHERE agency_uscc = :uscc AND acknowledged_at IS NOT NULL",
                uscc=HUMAN,
            )
            assert rows
            return [dict(row) for row in rows]

        closed = await eventually(taken)

    assert closed == [{"position": position, "way": "webhook"}]
    assert (await standing(gateway, HUMAN))["unacknowledged"] >= 1
    assert before < position


async def test_whoever_goes_on_behind_a_position_has_acknowledged_what_lies_before(
    gateway: ServiceUnderTest,
) -> None:
    first, second, third, fourth = await told(gateway, "P-1", "P-2", "P-3", "P-4")
    path = await subscribed(gateway, FUND)
    token = token_of(FUND)

    await gateway.get(f"{path}/file", token, after=first)
    by_file = await standing(gateway, FUND)
    beyond = await gateway.get(f"{path}/file", token, after=10**12)
    after_nonsense = await standing(gateway, FUND)
    stated = await gateway.post(f"{path}/acknowledgement", {"upto": third}, token)
    at_last = await standing(gateway, FUND)
    unreached = await gateway.post(f"{path}/acknowledgement", {"upto": fourth + 10**9}, token)
    foreign = await gateway.post(f"{path}/acknowledgement", {"upto": third}, token_of(POLICE))

    assert (by_file["acknowledged_up_to"], by_file["way"], by_file["unacknowledged"]) == (first, "file", 3)
    assert beyond.status_code == 200
    assert after_nonsense == by_file
    assert stated.json() == {"acknowledged": 2, "unacknowledged": 1}
    assert (at_last["acknowledged_up_to"], at_last["way"]) == (third, "stated")
    assert second < third
    assert unreached.json()["type"] == "/problems/position-unknown"
    assert foreign.status_code == 404


async def test_a_durable_with_nothing_left_acknowledges_for_its_agency(gateway: ServiceUnderTest) -> None:
    access = BrokerAccess(gateway.broker.url, PASSWORDS[PROVISIONER])
    await provision(access, PUBLISHERS, (DURABLE,))
    await told(gateway, "N-1")
    before = await standing(gateway, TAX)
    asked = AskBroker(gateway.app.state.settings, PACK)

    while_lagging = await asked(work_of(gateway))
    await take_everything(gateway)
    await asked(work_of(gateway))
    after = await standing(gateway, TAX)

    assert (while_lagging, before["acknowledged_up_to"]) == (0, None)
    assert before["unacknowledged"] >= 1
    assert (after["unacknowledged"], after["way"]) == (0, "nats")


async def test_what_a_department_has_still_to_take_is_not_forgotten(gateway: ServiceUnderTest) -> None:
    first, _ = await told(gateway, "N-1", "N-1")
    held = "SELECT 1 FROM subscription_event WHERE position = :first"

    await work_of(gateway).run(ForgetEvents(timedelta(days=-1)))
    while_open = await gateway.rows(held, first=first)
    await forget_all(gateway)

    assert (len(while_open), await gateway.rows(held, first=first)) == (1, [])


async def test_what_is_not_acknowledged_in_time_is_listed_and_told_once(gateway: ServiceUnderTest) -> None:
    await told(gateway, "L-1", "L-2")
    tell = TellOverdue(duties_of(PACK), overseers(PACK))
    assert ("L-1" in {name for _, name in await overdue(gateway, BUREAU)}) is False
    gateway.clock.advance(timedelta(days=15))

    await work_of(gateway).run(tell)
    again = await work_of(gateway).run(tell)
    listed = await overdue(gateway, BUREAU)
    of_market = await overdue(gateway, REGISTRAR, agency_uscc=MARKET)
    own = await overdue(gateway, MARKET)
    foreign = await overdue(gateway, POLICE, agency_uscc=MARKET)
    events = await gateway.events(OVERDUE)
    await subscribed(gateway, MARKET)
    shown = await standing(gateway, MARKET, seen_by=REGISTRAR)
    gateway.clock.advance(timedelta(days=-15))

    assert again == 0
    assert {(MARKET, "L-1"), (MARKET, "L-2"), (POLICE, "L-1")} <= set(listed)
    assert set(of_market) == set(own) == {each for each in listed if each[0] == MARKET}
    assert foreign == []
    [told_of_market] = [each["data"] for each in events if each["data"]["agency_uscc"] == MARKET]
    assert told_of_market["events"] == shown["overdue"] == len(own)
    assert REGISTERED in told_of_market["not_subscribed"]
    assert told_of_market["audience"] == [MARKET, REGISTRAR, BUREAU]
    assert shown["overdue_since"] is not None

"""What agencies may follow, how they connect, and how they prove that nothing was missed."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from gateway.subscriptions.store.event_log import EventLog
from shared.messaging.standing import standing_of
from shared.messaging.topology import follow
from tests.support.broker import client_of
from tests.support.identities import agency_token, person_token
from tests.support.service import ServiceUnderTest
from tests.support.waiting import eventually

BASE = "/subscriptions/v1/subscriptions"
TAX, POLICE = "11140881MB9Y000405", "11140881MB9Y00032A"
SCOPE = "subscriptions.subscription.manage"
TAX_CLIENT = agency_token("tax", TAX, SCOPE)
POLICE_CLIENT = agency_token("police", POLICE, SCOPE)
REGISTERED = "cn.tongban.registration.enterprise.registered.v1"
EVALUATED = "cn.tongban.credit.subject.evaluated.v1"
ASSIGNED = "cn.tongban.gateway.task.assigned.v1"


async def subscribed(gateway: ServiceUnderTest, *types: str, token: str = TAX_CLIENT) -> str:
    answer = await gateway.post(BASE, {"event_types": list(types)}, token)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["subscription_id"])


async def kept(gateway: ServiceUnderTest, *event_ids: str) -> list[int]:
    """Wait until the log holds these events; return their positions."""

    async def all_there() -> list[int]:
        rows = await gateway.rows(
            "SELECT position FROM subscription_event WHERE event_id::text = ANY(:ids) ORDER BY event_id",
            ids=list(event_ids),
        )
        assert len(rows) == len(event_ids)
        return [row["position"] for row in rows]

    return await eventually(all_there)


async def registered(gateway: ServiceUnderTest, name: str) -> str:
    return str((await gateway.hear(REGISTERED, name, {"uscc": name, "name": name}))["id"])


async def test_all_types_of_all_parts_are_listed_with_subject_and_schema(gateway: ServiceUnderTest) -> None:
    answer = await gateway.get("/subscriptions/v1/event-types")

    assert answer.status_code == 200, answer.text
    listed = {declared["type"]: declared for declared in answer.json()["event_types"]}
    assert listed[REGISTERED] == {
        "type": REGISTERED,
        "nats_subject": "events.registration.enterprise.registered.v1",
        "schema_path": "/registration/v1/contracts/enterprise.registered.v1.json",
        "summary": "A fact (事实)",
        "is_open": True,
        "is_own_only": False,
    }
    assert listed["cn.tongban.registration.filing.submitted.v1"]["is_open"] is False
    assert listed["cn.tongban.gateway.matter.opened.v1"]["is_open"] is False
    assert listed[ASSIGNED]["is_own_only"] is True
    assert answer.json()["unreachable"] == ["licensing", "hotline"]


async def test_the_gateways_own_contracts_are_served(gateway: ServiceUnderTest) -> None:
    answer = await gateway.get("/gateway/v1/contracts/grant.issued.v1.json")

    assert answer.status_code == 200, answer.text
    assert answer.json()["title"] == "cn.tongban.gateway.grant.issued.v1"


@pytest.mark.parametrize(
    ("event_type", "status", "slug"),
    [
        ("cn.tongban.hotline.ticket.received.v1", 403, "event-type-not-open"),
        ("cn.tongban.registration.filing.submitted.v1", 403, "event-type-not-open"),
        ("cn.tongban.registration.access.recorded.v1", 403, "event-type-not-open"),
        ("cn.tongban.gateway.matter.opened.v1", 403, "event-type-not-open"),
        ("cn.tongban.gateway.matter.opened.v1", 403, "event-type-not-open"),
        ("cn.tongban.credit.subject.opened.v1", 403, "event-type-not-open"),
        ("cn.tongban.registration.enterprise.invented.v1", 400, "event-type-unknown"),
        ("cn.tongban.registration.enterprise.*.v1", 400, "invalid-input"),
        ("events.registration.enterprise.>", 400, "invalid-input"),
    ],
)
async def test_what_an_agency_may_not_follow_is_refused(
    gateway: ServiceUnderTest, event_type: str, status: int, slug: str
) -> None:
    answer = await gateway.post(BASE, {"event_types": [REGISTERED, event_type]}, TAX_CLIENT)

    assert answer.status_code == status, answer.text
    assert answer.json()["type"] == f"/problems/{slug}"
    assert answer.json()["errors"][0]["pointer"] == "/event_types/1"


async def test_only_agencies_of_the_region_subscribe(gateway: ServiceUnderTest) -> None:
    strangers = (person_token("p-1", SCOPE), agency_token("far", "91110000600037341L", SCOPE))

    for token in strangers:
        answer = await gateway.post(BASE, {"event_types": [REGISTERED]}, token)
        assert answer.status_code == 403
        assert answer.json()["type"] == "/problems/agencies-only"


async def test_an_agency_sees_and_ends_its_own_subscriptions_only(gateway: ServiceUnderTest) -> None:
    mine = await subscribed(gateway, REGISTERED)
    theirs = await subscribed(gateway, EVALUATED, token=POLICE_CLIENT)

    listed = (await gateway.get(BASE, TAX_CLIENT)).json()["entries"]
    foreign = [
        await gateway.get(f"{BASE}/{theirs}", TAX_CLIENT),
        await gateway.get(f"{BASE}/{theirs}/reconcile", TAX_CLIENT),
        await gateway.post(f"{BASE}/{theirs}/ending", None, TAX_CLIENT),
        await gateway.get(f"{BASE}/{uuid4()}", TAX_CLIENT),
    ]
    ended = await gateway.post(f"{BASE}/{mine}/ending", None, TAX_CLIENT)
    again = await gateway.post(f"{BASE}/{mine}/ending", None, TAX_CLIENT)

    assert mine in {entry["subscription_id"] for entry in listed}
    assert theirs not in {entry["subscription_id"] for entry in listed}
    assert {answer.status_code for answer in foreign} == {404}
    assert ended.json()["status"] == "ended"
    assert again.status_code == 409


async def test_tax_is_told_its_user_stream_and_durable(gateway: ServiceUnderTest) -> None:
    subscription_id = await subscribed(gateway, REGISTERED, EVALUATED)

    shown = (await gateway.get(f"{BASE}/{subscription_id}", TAX_CLIENT)).json()

    [way] = shown["nats"]
    assert (way["user"], way["stream"], way["durable"]) == ("tax", "REGISTRATION", "tax")
    assert way["filter_subjects"] == ["events.registration.enterprise.>"]
    assert way["event_types"] == [REGISTERED]
    assert shown["only_by_event_stream"] == [EVALUATED]


async def test_an_agency_without_a_broker_user_follows_by_event_stream(gateway: ServiceUnderTest) -> None:
    subscription_id = await subscribed(gateway, REGISTERED, token=POLICE_CLIENT)

    shown = (await gateway.get(f"{BASE}/{subscription_id}", POLICE_CLIENT)).json()

    assert shown["nats"] == []
    assert shown["only_by_event_stream"] == [REGISTERED]


async def test_the_brokers_word_on_a_durable_gives_its_lag(gateway: ServiceUnderTest) -> None:
    follower = follow("gateway", "registration", "enterprise", durable="gateway_subscriptions")
    await kept(gateway, await registered(gateway, "91140881MA0LAG0001"))

    async def caught_up() -> bool:
        async with client_of(gateway.broker) as client:
            standing = await standing_of(client, follower)
            assert standing is not None
            return standing.lag == 0 and standing.acknowledged_up_to > 0

    assert await eventually(caught_up)
    async with client_of(gateway.broker) as client:
        assert await standing_of(client, follow("tax", "credit", "subject", durable="absent")) is None
    assert await standing_of(None, follower) is None


async def test_reconciling_counts_exactly_what_should_be_held(gateway: ServiceUnderTest) -> None:
    subscription_id = await subscribed(gateway, REGISTERED, EVALUATED)
    before = (await gateway.get(f"{BASE}/{subscription_id}/reconcile", TAX_CLIENT)).json()
    first = [await registered(gateway, f"91140881MA0REC000{n}") for n in range(3)]
    positions = await kept(gateway, *first)
    graded = str((await gateway.hear(EVALUATED, "91140881MA0REC0001", {"uscc": "x", "grade": "A"}))["id"])
    await gateway.hear("cn.tongban.credit.subject.opened.v1", "91140881MA0REC0009", {"uscc": "x"})
    last = await registered(gateway, "91140881MA0REC0009")
    await kept(gateway, graded, last)

    async def counts(**params: Any) -> dict[str, int]:
        answer = await gateway.get(f"{BASE}/{subscription_id}/reconcile", TAX_CLIENT, **params)
        assert answer.status_code == 200, answer.text
        body = answer.json()
        assert body["total"] == sum(body["counts"].values())
        return {name: n - before["counts"][name] for name, n in body["counts"].items()}

    assert await counts() == {REGISTERED: 4, EVALUATED: 1}
    assert await counts(upto=str(positions[1])) == {REGISTERED: 2, EVALUATED: 0}
    assert await counts(upto=first[0]) == {REGISTERED: 1, EVALUATED: 0}
    assert await counts(upto=graded) == {REGISTERED: 3, EVALUATED: 1}
    assert await counts(upto=last) == {REGISTERED: 4, EVALUATED: 1}


async def test_a_count_by_a_young_event_id_is_marked_as_not_settled(gateway: ServiceUnderTest) -> None:
    subscription_id = await subscribed(gateway, REGISTERED)
    event_id = await registered(gateway, "91140881MA0SET0001")
    await kept(gateway, event_id)

    path = f"{BASE}/{subscription_id}/reconcile"
    young = (await gateway.get(path, TAX_CLIENT, upto=event_id)).json()
    gateway.clock.advance(timedelta(minutes=1))
    old = (await gateway.get(path, TAX_CLIENT, upto=event_id)).json()
    gateway.clock.advance(timedelta(minutes=-1))

    assert (young["is_settled"], old["is_settled"]) == (False, True)
    assert young["counts"] == old["counts"]


async def test_a_position_that_the_log_has_not_reached_is_refused(gateway: ServiceUnderTest) -> None:
    subscription_id = await subscribed(gateway, REGISTERED)

    beyond = await gateway.get(f"{BASE}/{subscription_id}/reconcile", TAX_CLIENT, upto="999999999")
    senseless = await gateway.get(f"{BASE}/{subscription_id}/reconcile", TAX_CLIENT, upto="yesterday")

    assert beyond.status_code == 409
    assert beyond.json()["type"] == "/problems/position-unknown"
    assert senseless.status_code == 400


async def test_of_tasks_an_agency_reckons_its_own_only(gateway: ServiceUnderTest) -> None:
    tax, police = [await subscribed(gateway, ASSIGNED, token=t) for t in (TAX_CLIENT, POLICE_CLIENT)]
    ids = [
        str((await gateway.hear(ASSIGNED, f"task-{n}", {"task_id": f"task-{n}", "agency_uscc": uscc}))["id"])
        for n, uscc in enumerate((TAX, TAX, POLICE))
    ]
    await kept(gateway, *ids)

    of_tax = (await gateway.get(f"{BASE}/{tax}/reconcile", TAX_CLIENT)).json()
    of_police = (await gateway.get(f"{BASE}/{police}/reconcile", POLICE_CLIENT)).json()

    assert (of_tax["total"], of_police["total"]) == (2, 1)


async def test_the_event_log_goes_on_after_a_position(gateway: ServiceUnderTest) -> None:
    ids = [await registered(gateway, f"91140881MA0LOG000{n}") for n in range(5)]
    positions = await kept(gateway, *ids)

    async def read(after: int) -> list[str]:
        async with gateway.app.state.backend.transactions.open() as uow:
            found = await EventLog(uow.session).after(after, TAX, (REGISTERED,), 200)
        return [str(event.envelope["id"]) for event in found if event.envelope["id"] in ids]

    assert await read(0) == ids
    assert await read(positions[2]) == ids[3:]


async def test_the_event_stream_is_for_open_types_only(gateway: ServiceUnderTest) -> None:
    refused = await gateway.get(
        "/subscriptions/v1/events", TAX_CLIENT, types="cn.tongban.hotline.ticket.received.v1"
    )
    person = await gateway.get("/subscriptions/v1/events", person_token("p-1", SCOPE), types=REGISTERED)

    assert refused.json()["type"] == "/problems/event-type-not-open"
    assert person.status_code == 403

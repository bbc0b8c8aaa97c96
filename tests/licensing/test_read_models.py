"""What licensing keeps of others' facts: built from events only, rebuilt by replay, tolerant of what it knows not."""

from typing import Any

from services.licensing.consumers import CONSUMERS
from shared.messaging.replay import rebuild, remaining
from tests.licensing.restaurant import Restaurants, component
from tests.support.broker import client_of, publish
from tests.support.service import ServiceUnderTest
from tests.support.waiting import eventually


async def tables(licensing: ServiceUnderTest) -> list[list[dict[str, Any]]]:
    return [
        await licensing.rows("SELECT * FROM enterprise ORDER BY uscc"),
        await licensing.rows("SELECT * FROM enterprise_holder ORDER BY filing_id"),
        await licensing.rows("SELECT * FROM credit_standing ORDER BY uscc"),
    ]


async def test_a_replay_rebuilds_the_read_models_and_repeats_no_decision(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    uscc = await restaurants.registered(grade="C")
    await restaurants.graded(uscc, "A")
    await restaurants.registered(grade="B")

    async def newest() -> bool:
        rows = await licensing.rows("SELECT grade FROM credit_standing WHERE uscc = :u", u=uscc)
        return rows == [{"grade": "A"}]

    await eventually(newest)
    application = (await restaurants.apply(uscc, commitments=["fire_check"])).json()
    assert component(application, "fire_check")["status"] == "granted"
    before = await tables(licensing)
    announced = len(await licensing.rows("SELECT 1 FROM outbox"))

    async with client_of(licensing.broker) as provisioner:
        started = await rebuild(CONSUMERS, licensing.engine, provisioner)

        async def drained() -> bool:
            left = [
                await remaining(consumer, licensing.engine, provisioner)
                for consumer in CONSUMERS
                if consumer.rebuilds
            ]
            return not any(left) and await tables(licensing) == before

        await eventually(drained, within=30)
    assert started == [
        "REGISTRATION/licensing",
        "REGISTRATION/licensing_holders",
        "CREDIT/licensing",
        "GATEWAY/licensing_powers",
        "GATEWAY/licensing_grants",
        "GATEWAY/licensing_consents",
    ]
    assert len(await licensing.rows("SELECT 1 FROM outbox")) == announced


async def test_a_read_model_says_at_which_event_it_stands(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    uscc = await restaurants.registered(grade="B")

    [row] = await licensing.rows("SELECT * FROM credit_standing WHERE uscc = :u", u=uscc)

    assert row["event_sequence"] == 1
    assert row["event_id"]


async def test_the_same_event_twice_has_one_effect(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    uscc = await restaurants.registered()
    application = (await restaurants.apply(uscc, commitments=["fire_check"])).json()
    envelope = await licensing.hear(
        "cn.tongban.credit.subject.evaluated.v1",
        uscc,
        {"uscc": uscc, "grade": "A", "allows_commitment": True, "evaluated_at": "2026-03-02T01:00:00Z"},
    )
    for copy in range(3):
        await publish(licensing.broker, envelope, message_id=f"copy-{copy}-{envelope['id']}")

    made = "cn.tongban.licensing.commitment.made.v1"
    await licensing.event(made, uscc)
    await restaurants.registered(grade="A")

    assert len(await licensing.events(made, uscc)) == 1
    assert component(await restaurants.read(application["id"]), "fire_check")["status"] == "granted"

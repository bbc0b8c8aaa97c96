"""What every follower keeps: applied once and in order, whatever is delivered twice, early, or broken."""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from sqlalchemy import exc

from deploy.local.postgres import Cluster
from shared.database.engine import create_engine, is_unavailable
from shared.database.turns import take_turn
from shared.database.unit_of_work import UnitOfWork, UnitOfWorkFactory
from shared.identifiers.uuid7 import new_uuid7
from shared.messaging import parked
from shared.messaging.events import Announcement, Event, EventSource
from shared.messaging.inbox import BatchFailed, Inbox
from shared.messaging.replay import rebuild, remaining
from shared.messaging.topology import Handler
from tests.probe.app import MOVED as COUNTER_MOVED
from tests.probe.app import Moved
from tests.probe.consumers import CONSUMERS, REGISTERED, on_registered
from tests.support.broker import client_of, publish
from tests.support.service import ServiceUnderTest, service_under_test
from tests.support.waiting import eventually


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def probe(
    cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[ServiceUnderTest]:
    """The probe with a running worker."""
    directory: Path = tmp_path_factory.mktemp("following")
    async with service_under_test("hotline", cluster, directory, package="tests.probe") as service:
        yield service


def registered(subject: str, sequence: int, name: str = "x") -> dict[str, Any]:
    """An event of registration as the wire has it."""
    return {
        "specversion": "1.0",
        "id": str(new_uuid7()),
        "source": "/140881/registration",
        "type": REGISTERED,
        "subject": subject,
        "time": "2026-03-02T01:00:00Z",
        "sequence": str(sequence),
        "data": {"name": name},
    }


async def effects(probe: ServiceUnderTest, subject: str) -> list[int]:
    """Sequences of a subject in the order in which they had their effect."""
    rows = await probe.rows("SELECT sequence FROM effect WHERE subject = :s ORDER BY position", s=subject)
    return [row["sequence"] for row in rows]


async def seen(probe: ServiceUnderTest, subject: str, *wanted: int) -> None:
    """Wait until a subject's effects are exactly these."""

    async def complete() -> bool:
        return await effects(probe, subject) == list(wanted)

    await eventually(complete, within=30)


async def test_an_early_event_waits_for_its_predecessor(probe: ServiceUnderTest) -> None:
    await publish(probe.broker, registered("early", 1))
    await publish(probe.broker, registered("early", 3))
    await publish(probe.broker, registered("other", 1))
    await seen(probe, "other", 1)
    assert await effects(probe, "early") == [1]

    await publish(probe.broker, registered("early", 2))

    await seen(probe, "early", 1, 2, 3)


async def test_a_thousand_copies_under_new_message_ids_have_no_second_effect(
    probe: ServiceUnderTest,
) -> None:
    originals = [registered(f"copied-{n % 10}", n // 10 + 1) for n in range(1000)]
    async with client_of(probe.broker, "registration") as client:
        js = client.jetstream()
        for copy in range(2):
            for event in originals:
                await js.publish_async(
                    "events.registration.enterprise.registered.v1",
                    json.dumps(event).encode(),
                    headers={"Nats-Msg-Id": f"{copy}-{event['id']}"},
                )
        await js.publish_async_completed()
    for number in range(10):
        await seen(probe, f"copied-{number}", *range(1, 101))
    await publish(probe.broker, registered("after-the-copies", 1))

    await seen(probe, "after-the-copies", 1)

    [count] = await probe.rows("SELECT count(*) AS n FROM effect WHERE subject LIKE 'copied-%'")
    assert count["n"] == 1000


async def test_a_poison_event_is_parked_and_holds_back_its_own_subject_only(probe: ServiceUnderTest) -> None:
    await publish(probe.broker, registered("ill", 1))
    await publish(probe.broker, registered("ill", 2, name="poison"))
    await publish(probe.broker, registered("ill", 3))
    for number in range(1, 101):
        await publish(probe.broker, registered("well", number))
    await seen(probe, "well", *range(1, 101))

    transactions = UnitOfWorkFactory(probe.engine, EventSource("hotline", "140881"), probe.clock)

    async def is_parked() -> parked.ParkedEvent | None:
        async with transactions.open() as uow:
            return next((e for e in await parked.list_parked(uow) if e.subject == "ill"), None)

    event = await eventually(is_parked, within=30)
    assert event is not None
    assert "a name that cannot be" in event.reason
    assert await effects(probe, "ill") == [1]

    await probe.rows_changed(
        "UPDATE inbox SET event = replace(event::text, 'poison', 'cured')::json WHERE event_id = :id",
        id=event.event_id,
    )
    assert await transactions.run(lambda uow: parked.release(uow, event.durable, event.event_id))

    await seen(probe, "ill", 1, 2, 3)


async def test_a_parked_event_that_is_set_aside_lets_its_subject_go_on(probe: ServiceUnderTest) -> None:
    await publish(probe.broker, registered("lost", 1, name="poison"))
    await publish(probe.broker, registered("lost", 2))
    transactions = UnitOfWorkFactory(probe.engine, EventSource("hotline", "140881"), probe.clock)

    async def is_parked() -> parked.ParkedEvent | None:
        async with transactions.open() as uow:
            return next((e for e in await parked.list_parked(uow) if e.subject == "lost"), None)

    event = await eventually(is_parked, within=30)
    assert event is not None
    await transactions.run(lambda uow: parked.set_aside(uow, event.durable, event.event_id))
    await publish(probe.broker, registered("lost", 3))

    await seen(probe, "lost", 2, 3)


async def test_a_message_that_is_no_event_is_parked_under_its_digest(probe: ServiceUnderTest) -> None:
    async with client_of(probe.broker, "registration") as client:
        await client.jetstream().publish("events.registration.enterprise.registered.v1", b"{not json")
    await publish(probe.broker, registered("after-garbage", 1))

    await seen(probe, "after-garbage", 1)

    [row] = await probe.rows("SELECT state FROM inbox WHERE event_id LIKE 'sha256:%'")
    assert row["state"] == "parked"


async def test_an_event_whose_sequence_was_applied_under_another_id_is_parked(
    probe: ServiceUnderTest,
) -> None:
    await publish(probe.broker, registered("twice", 1))
    await seen(probe, "twice", 1)
    imposter = registered("twice", 1)

    await publish(probe.broker, imposter)

    async def is_parked() -> bool:
        rows = await probe.rows("SELECT state FROM inbox WHERE event_id = :i", i=imposter["id"])
        return bool(rows) and rows[0]["state"] == "parked"

    await eventually(is_parked)
    assert await effects(probe, "twice") == [1]


async def test_a_replay_rebuilds_the_read_model_from_the_log(probe: ServiceUnderTest) -> None:
    before = await probe.rows("SELECT subject, sequence FROM effect ORDER BY subject, sequence")

    async with client_of(probe.broker) as provisioner:
        started = await rebuild(CONSUMERS[1:], probe.engine, provisioner)

        async def drained() -> bool:
            rows = await probe.rows("SELECT subject, sequence FROM effect ORDER BY subject, sequence")
            left = await remaining(CONSUMERS[1], probe.engine, provisioner)
            # What was parked or set aside in the first run comes back as it was published: poison.
            kept = [r for r in before if r["subject"] not in ("ill", "lost", "twice")]
            return left <= 3 and [r for r in rows if r["subject"] not in ("ill", "lost", "twice")] == kept

        await eventually(drained, within=30)
    assert started == ["REGISTRATION/hotline"]


async def test_two_workers_share_a_consumer_without_doubling(
    probe: ServiceUnderTest, cluster: Cluster
) -> None:
    from tests.probe.worker import run

    stopping = asyncio.Event()
    second = asyncio.create_task(run(probe.settings, clock=probe.clock, stopping=stopping))
    for number in range(1, 201):
        await publish(probe.broker, registered(f"shared-{number % 5}", (number - 1) // 5 + 1))

    for subject in range(5):
        await seen(probe, f"shared-{subject}", *range(1, 41))

    stopping.set()
    await asyncio.wait_for(second, 20)


def transactions_of(probe: ServiceUnderTest) -> UnitOfWorkFactory:
    """Units of work of the probe, beside its worker."""
    return UnitOfWorkFactory(probe.engine, EventSource("hotline", "140881"), probe.clock)


def inbox_of(handler: Handler = on_registered) -> Inbox:
    """An inbox of the test's own, that no worker tends."""
    return Inbox(f"TEST/{secrets.token_hex(4)}", {REGISTERED: handler})


def bodies(*events: Mapping[str, Any]) -> list[bytes]:
    """Events as they are delivered."""
    return [json.dumps(event).encode() for event in events]


async def states(probe: ServiceUnderTest, inbox: Inbox) -> dict[tuple[str, int], tuple[str, int]]:
    """What became of each event, and after how many attempts."""
    rows = await probe.rows(
        "SELECT subject, sequence, state, attempts FROM inbox WHERE durable = :d", d=inbox.durable
    )
    return {(row["subject"], row["sequence"]): (row["state"], row["attempts"]) for row in rows}


async def test_a_batch_with_a_failing_event_leaves_nothing_and_is_then_applied_one_by_one(
    probe: ServiceUnderTest,
) -> None:
    inbox, transactions = inbox_of(), transactions_of(probe)
    batch = bodies(
        registered("batch-a", 1),
        registered("batch-b", 1),
        registered("batch-b", 2, name="poison"),
        registered("batch-b", 3),
        registered("batch-c", 1),
    )

    with pytest.raises(BatchFailed):
        await transactions.run(lambda uow: inbox.take_in(batch, uow, one_by_one=False))
    left = await states(probe, inbox), await effects(probe, "batch-a")
    applied = await transactions.run(lambda uow: inbox.take_in(batch, uow, one_by_one=True))
    again = await transactions.run(lambda uow: inbox.take_in(batch, uow, one_by_one=True))

    assert left == ({}, [])
    assert (applied, again) == (3, 0)
    assert [await effects(probe, f"batch-{each}") for each in "abc"] == [[1], [1], [1]]
    known = await states(probe, inbox)
    assert known["batch-b", 2][0] == "waiting"
    assert known["batch-b", 3] == ("waiting", 0)


async def test_a_failing_event_is_tried_six_times_and_then_parked(probe: ServiceUnderTest) -> None:
    inbox, transactions = inbox_of(), transactions_of(probe)
    batch = bodies(registered("tried", 1, name="poison"), registered("tried", 2))
    await transactions.run(lambda uow: inbox.take_in(batch, uow, one_by_one=True))

    for _ in range(6):
        probe.clock.advance(timedelta(seconds=10))
        await transactions.run(inbox.apply_due)

    assert await states(probe, inbox) == {("tried", 1): ("parked", 6), ("tried", 2): ("waiting", 0)}
    assert await effects(probe, "tried") == []


async def test_a_batch_in_any_order_and_delivered_again_has_its_effects_once_in_order(
    probe: ServiceUnderTest,
) -> None:
    inbox, transactions = inbox_of(), transactions_of(probe)
    events = [registered("shuffled", number) for number in (3, 1, 5, 2, 4)]

    early = await transactions.run(lambda uow: inbox.take_in(bodies(events[0]), uow, one_by_one=False))
    rest = await transactions.run(lambda uow: inbox.take_in(bodies(*events), uow, one_by_one=False))
    # The process died between commit and acknowledgement: everything comes once more.
    again = await transactions.run(lambda uow: inbox.take_in(bodies(*events), uow, one_by_one=False))

    assert (early, rest, again) == (0, 5, 0)
    assert await effects(probe, "shuffled") == [1, 2, 3, 4, 5]


async def test_what_a_batch_announces_keeps_the_trace_of_each_event(probe: ServiceUnderTest) -> None:
    async def announce(event: Event, uow: UnitOfWork, now: datetime) -> None:
        uow.announce(Announcement(COUNTER_MOVED, f"told-{event.subject}", Moved(by=event.sequence)))

    inbox, transactions = inbox_of(announce), transactions_of(probe)
    traces = [secrets.token_hex(16) for _ in range(3)]
    batch = bodies(
        *(
            registered("traced", n) | {"traceparent": f"00-{trace}-{secrets.token_hex(8)}-01"}
            for n, trace in enumerate(traces, 1)
        )
    )

    await transactions.run(lambda uow: inbox.take_in(batch, uow, one_by_one=False))

    rows = await probe.rows(
        "SELECT sequence, event->>'traceparent' AS trace, event->'data'->>'by' AS by FROM outbox"
        " WHERE subject = 'told-traced' ORDER BY sequence"
    )
    assert [(row["sequence"], row["by"], row["trace"].split("-")[1]) for row in rows] == [
        (n, str(n), trace) for n, trace in enumerate(traces, 1)
    ]


async def test_an_event_that_no_database_can_hold_is_parked_and_its_batch_goes_on(
    probe: ServiceUnderTest,
) -> None:
    inbox, transactions = inbox_of(), transactions_of(probe)
    batch = bodies(
        registered("nul\x00", 1),
        registered("half\ud83d", 1),
        registered("huge", 2**63),
        registered("fine", 1),
    )

    applied = await transactions.run(lambda uow: inbox.take_in(batch, uow, one_by_one=False))

    assert applied == 1
    assert await effects(probe, "fine") == [1]
    assert sorted(state for state, _ in (await states(probe, inbox)).values()) == ["applied", "parked"]
    [count] = await probe.rows("SELECT count(*) AS n FROM inbox WHERE durable = :d", d=inbox.durable)
    assert count["n"] == 4


async def test_a_turn_is_asked_for_once_in_a_transaction_but_again_after_a_savepoint(
    probe: ServiceUnderTest,
) -> None:
    async with transactions_of(probe).open() as uow:
        async with uow.session.begin_nested():
            inside = await take_turn(uow.session, 7_001)
        first = await take_turn(uow.session, 7_001)
        second = await take_turn(uow.session, 7_001)
        other = await take_turn(uow.session, 7_002)
        await uow.commit()
        afterwards = await take_turn(uow.session, 7_001)

    assert (inside, first, second, other, afterwards) == (False, False, True, False, False)


async def test_a_connection_that_the_server_ended_costs_no_statement(probe: ServiceUnderTest) -> None:
    engine = create_engine(probe.settings.database_url.get_secret_value(), "ended", pool_size=1, overflow=0)
    async with engine.connect() as connection:
        before = (await connection.exec_driver_sql("SELECT pg_backend_pid()")).scalar_one()
        driver = (await connection.get_raw_connection()).driver_connection
    await probe.rows("SELECT pg_terminate_backend(:pid)", pid=before)

    async def is_gone() -> bool:
        return isinstance(driver, asyncpg.Connection) and driver.is_closed()

    await eventually(is_gone)
    async with engine.connect() as connection:
        after = (await connection.exec_driver_sql("SELECT pg_backend_pid()")).scalar_one()

    assert after != before
    await engine.dispose()


def test_a_statement_that_crossed_the_servers_last_word_says_that_the_database_is_away() -> None:
    told = Exception("cannot switch to state 15; another operation (2) is in progress")
    told.__cause__ = asyncpg.InternalClientError(str(told))

    assert is_unavailable(exc.InternalError("SELECT 1", {}, told))
    assert not is_unavailable(exc.InternalError("SELECT 1", {}, Exception("of another kind")))

"""A subscriber outside the suite: exactly the events that it may have, in order, none missed over a cut."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nats
import pytest
from nats.aio.client import Client

from benchmarks.make_register import write_register
from tests.journeys.suite import RunningSuite, tongban_up
from tests.support.waiting import eventually

ROWS = 400


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSuite]:
    """One suite for the module."""
    with tongban_up(tmp_path_factory.mktemp("subscriber")) as running:
        yield running


async def connected(suite: RunningSuite) -> Client:
    """As the tax bureau, with the credentials that the suite gave it."""
    secrets = json.loads((suite.data / "secrets.json").read_text())
    return await nats.connect(
        f"nats://127.0.0.1:{suite.port + 6}",
        user="tax",
        password=secrets["nats"]["tax"],
        inbox_prefix=b"_INBOX_tax",
        allow_reconnect=False,
    )


async def taken(client: Client, most: int) -> list[Any]:
    """Fetch up to so many messages, unacknowledged."""
    subscription = await client.jetstream().pull_subscribe_bind(
        durable="tax", stream="REGISTRATION", inbox_prefix=b"_INBOX_tax."
    )
    try:
        return list(await subscription.fetch(most, timeout=2))
    except (TimeoutError, nats.errors.TimeoutError):
        return []


async def test_an_import_reaches_a_subscriber_that_is_cut_off_in_the_middle(
    suite: RunningSuite, tmp_path: Path
) -> None:
    register = tmp_path / "register.csv"
    write_register(register, ROWS)
    imported = await asyncio.to_thread(suite.tongban, "import", "enterprises", str(register), "--json")
    assert imported.returncode == 0, imported.stderr
    entered = json.loads(imported.stdout)["imported"]
    assert entered > ROWS * 0.9

    client = await connected(suite)
    first = await taken(client, 150)
    for message in first[:100]:
        await message.ack()
    await client.flush()
    await client.close()  # cut off with 50 taken and not acknowledged

    client = await connected(suite)
    received = [json.loads(message.data) for message in first[:100]]

    async def complete() -> bool:
        for message in await taken(client, 100):
            received.append(json.loads(message.data))
            await message.ack()
        return bool(len({event["id"] for event in received}) >= entered)

    await eventually(complete, within=90)  # the 50 come again when their 30 seconds are over

    subjects = [event["subject"] for event in received]
    assert len(subjects) == len(set(subjects)) == entered
    assert {event["type"] for event in received} == {"cn.tongban.registration.enterprise.registered.v1"}
    told = [e for e in await asyncio.to_thread(suite.events) if e["subject"] in set(subjects)]
    assert {e["id"] for e in told if ".registration.enterprise." in e["type"]} == {e["id"] for e in received}
    await client.close()


async def test_no_follower_stumbles_over_an_imported_register(suite: RunningSuite) -> None:
    async def applied() -> bool:
        status = await asyncio.to_thread(suite.status)
        parked = {part["name"]: part["backlog"]["parked"] for part in status["parts"]}
        assert set(parked.values()) == {0}, parked
        lags = [c["pending"] for part in status["parts"] for c in part["consumers"]]
        return bool(status["is_well"]) and not any(lags)

    await eventually(applied, within=60)


@pytest.mark.parametrize(
    "subject",
    ["events.registration.enterprise.registered.v1", "$JS.API.STREAM.PURGE.REGISTRATION",
     "$JS.API.CONSUMER.CREATE.HOTLINE.spy", "$JS.API.CONSUMER.MSG.NEXT.REGISTRATION.credit_opening"],
)  # fmt: skip
async def test_the_broker_refuses_what_is_not_the_subscribers(suite: RunningSuite, subject: str) -> None:
    refused: list[str] = []

    async def note(error: Exception) -> None:
        refused.append(str(error).lower())

    client = await connected(suite)
    client._error_cb = note
    await client.publish(subject, b"{}")

    async def told() -> bool:
        await client.flush()
        return any("permissions violation" in error and "publish" in error for error in refused)

    await eventually(told)
    await client.close()


async def test_the_broker_refuses_to_let_a_subscriber_listen_elsewhere(suite: RunningSuite) -> None:
    refused: list[str] = []

    async def note(error: Exception) -> None:
        refused.append(str(error).lower())

    client = await connected(suite)
    client._error_cb = note
    await client.subscribe("events.>")

    async def told() -> bool:
        await client.flush()
        return any("permissions violation" in error and "subscription" in error for error in refused)

    await eventually(told)
    await client.close()

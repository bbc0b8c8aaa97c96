import asyncio
import os
import subprocess
import sys
from typing import Any

import pytest
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, StreamConfig

from deploy.local.broker import Broker
from deploy.local.layout import checkout, free_port
from deploy.local.provision import BrokerAccess, provision
from deploy.local.refusals import Refused
from deploy.local.secrets import PROVISIONER
from shared.messaging.topology import Follower, follow
from tests.support.broker import PASSWORDS, client_of


def access_to(broker: Broker) -> BrokerAccess:
    return BrokerAccess(broker.url, PASSWORDS[PROVISIONER])


async def test_a_second_run_finds_nothing_to_do(broker: Broker) -> None:
    followers = (follow("hotline", "gateway", "matter"), follow("licensing", "gateway", "matter", "grant"))
    made = await provision(access_to(broker), ["gateway"], followers)

    again = await provision(access_to(broker), ["gateway"], followers)

    assert made == ["consumer GATEWAY.hotline made", "consumer GATEWAY.licensing made"]
    assert again == []


async def test_streams_and_consumers_are_as_the_settings_document_says(broker: Broker) -> None:
    await provision(access_to(broker), ["gateway"], [follow("credit", "gateway", "matter")])
    async with client_of(broker) as client:
        stream = (await client.jetstream().stream_info("GATEWAY")).config
        consumer = (await client.jetstream().consumer_info("GATEWAY", "credit")).config

    assert (stream.subjects, stream.storage, stream.retention, stream.discard) == (
        ["events.gateway.>"],
        "file",
        "limits",
        "new",
    )
    assert (stream.max_age, stream.duplicate_window) == (0, 600)
    assert stream.deny_delete
    assert stream.deny_purge
    assert stream.max_bytes
    assert (consumer.ack_policy, consumer.ack_wait, consumer.backoff) == ("explicit", 30, None)
    assert (consumer.max_deliver, consumer.max_ack_pending) == (-1, 1000)
    assert consumer.deliver_subject is None


@pytest.mark.parametrize(
    ("durable", "changed", "named"),
    [
        ("acks", {"ack_wait": 5}, "ack_wait"),
        ("tries", {"max_deliver": 3}, "max_deliver"),
        ("slow", {"max_deliver": 5, "backoff": [1, 2]}, "backoff"),
        ("narrow", {"max_ack_pending": 1}, "max_ack_pending"),
        ("other", {"filter_subjects": ["events.credit.record.>"]}, "filter_subjects"),
        ("all", {"filter_subjects": None}, "filter_subjects"),
    ],
)
async def test_a_consumer_with_other_settings_is_corrected_and_keeps_its_place(
    broker: Broker, durable: str, changed: dict[str, Any], named: str
) -> None:
    """F36."""
    follower = Follower("hotline", "CREDIT", durable, ("events.credit.subject.>",))
    declared: dict[str, Any] = {
        "ack_policy": AckPolicy.EXPLICIT,
        "ack_wait": 30,
        "max_deliver": -1,
        "max_ack_pending": 1000,
        "filter_subjects": ["events.credit.subject.>"],
    }
    async with client_of(broker) as client:
        jetstream = client.jetstream()
        await jetstream.add_consumer(
            "CREDIT", ConsumerConfig(name=durable, durable_name=durable, **(declared | changed))
        )
        await _take_one(
            jetstream, durable, f"events.credit.{'record' if durable == 'other' else 'subject'}.x.v1"
        )

        (line,) = await provision(access_to(broker), ["credit"], [follower])

        info = await jetstream.consumer_info("CREDIT", durable)
    assert line.startswith(f"consumer CREDIT.{durable} corrected: ")
    assert named in line
    assert await provision(access_to(broker), ["credit"], [follower]) == []
    assert info.ack_floor is not None
    assert info.ack_floor.stream_seq > 0


async def _take_one(jetstream: JetStreamContext, durable: str, subject: str) -> None:
    await jetstream.publish(subject, b"{}")
    subscription = await jetstream.pull_subscribe_bind(durable, stream="CREDIT")
    (message,) = await subscription.fetch(1, timeout=5)
    await message.ack_sync()


async def test_a_consumer_that_cannot_be_corrected_is_refused_with_its_name_and_the_cure(
    broker: Broker,
) -> None:
    """F36: the broker does not change how a consumer acknowledges."""
    async with client_of(broker) as client:
        config = ConsumerConfig(name="careless", durable_name="careless", ack_policy=AckPolicy.NONE)
        await client.jetstream().add_consumer("HOTLINE", config)

    with pytest.raises(Refused, match=r"HOTLINE\.careless differs in .*ack_policy.*delete it"):
        await provision(
            access_to(broker), [], [Follower("credit", "HOTLINE", "careless", ("events.hotline.>",))]
        )


async def test_a_stream_with_other_settings_is_corrected(broker: Broker) -> None:
    async with client_of(broker) as client:
        config = StreamConfig(
            name="DRIFTED", subjects=["events.drifted.>"], max_bytes=1000, duplicate_window=60
        )
        await client.jetstream().add_stream(config)

    (line,) = await provision(access_to(broker), ["drifted"], [])

    assert line.startswith("stream DRIFTED corrected: ")
    assert "discard" in line
    assert "duplicate_window" in line
    assert await provision(access_to(broker), ["drifted"], []) == []


async def test_a_deleted_stream_is_made_again_with_its_consumers(broker: Broker) -> None:
    """F35: whoever refills it finds everything in place."""
    follower = Follower("credit", "LOST", "credit", ("events.lost.thing.>",))
    await provision(access_to(broker), ["lost"], [follower])
    async with client_of(broker) as client:
        await client.jetstream().delete_stream("LOST")

    made = await provision(access_to(broker), ["lost"], [follower])

    assert made == ["stream LOST made", "consumer LOST.credit made"]


async def test_a_broker_that_is_away_is_named() -> None:
    port = free_port()

    with pytest.raises(Refused, match=f"127.0.0.1:{port} cannot be reached"):
        await asyncio.wait_for(provision(BrokerAccess(f"nats://127.0.0.1:{port}", "x"), [], []), 20)


def test_as_a_job_it_names_the_setting_that_is_missing() -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TONGBAN_")}

    job = subprocess.run(
        [sys.executable, "-m", "deploy.local.provision"],
        cwd=checkout(),
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (job.returncode, job.stderr) == (1, "missing setting TONGBAN_NATS_URL\n")

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import nats
import pytest
from nats.aio.client import Client
from nats.errors import TimeoutError as NatsTimeoutError
from nats.js.api import ConsumerConfig

from deploy.local.broker import (
    Broker,
    Subscriber,
    ephemeral_broker,
    monitoring_answer,
    publish_permissions,
)
from deploy.local.provision import BrokerAccess, provision
from deploy.local.secrets import PROVISIONER
from shared.messaging.topology import PUBLISHERS, follow
from tests.deploy.trivial_suite import FOLLOWERS
from tests.support.broker import PASSWORDS

ENTERPRISE = "events.registration.enterprise.registered.v1"
FILING = "events.registration.filing.submitted.v1"


@asynccontextmanager
async def connected(
    broker: Broker, user: str, password: str, inbox: str | None = None
) -> AsyncIterator[tuple[Client, list[str]]]:
    """A client, and what the server told it that it may not do."""
    told: list[str] = []

    async def note(error: Exception) -> None:
        told.append(str(error).lower())

    client = await nats.connect(
        broker.url,
        user=user,
        password=password,
        inbox_prefix=(inbox or f"_INBOX_{user}").encode(),
        error_cb=note,
        allow_reconnect=False,
    )
    try:
        yield client, told
    finally:
        await client.close()


async def told_of(told: list[str], count: int = 1) -> None:
    """Wait until the server has said so often that something is not allowed."""
    async with asyncio.timeout(10):
        while len(told) < count:  # noqa: ASYNC110 - the client calls back, it offers no event
            await asyncio.sleep(0.01)


async def messages_of(broker: Broker, stream: str) -> int:
    async with connected(broker, PROVISIONER, PASSWORDS[PROVISIONER]) as (client, _):
        return int((await client.jetstream().stream_info(stream)).state.messages)


async def test_a_service_publishes_its_own_subjects(broker: Broker) -> None:
    before = await messages_of(broker, "LICENSING")
    async with connected(broker, "licensing", PASSWORDS["licensing"]) as (client, told):
        await client.jetstream().publish("events.licensing.permit.issued.v1", b"{}")

    assert told == []
    assert await messages_of(broker, "LICENSING") == before + 1


@pytest.mark.parametrize(
    "subject",
    [
        ENTERPRISE,
        "events.credit.subject.opened.v1",
        "events.registrationx.enterprise.registered.v1",
        "$JS.API.STREAM.DELETE.REGISTRATION",
        "$JS.API.STREAM.PURGE.REGISTRATION",
        "$JS.API.STREAM.MSG.GET.REGISTRATION",
        "$JS.API.DIRECT.GET.REGISTRATION",
        "$JS.API.CONSUMER.CREATE.REGISTRATION",
        "$JS.API.CONSUMER.DURABLE.CREATE.REGISTRATION.hotline",
        "$JS.API.CONSUMER.MSG.NEXT.REGISTRATION.credit",
        "$JS.API.CONSUMER.DELETE.REGISTRATION.credit",
        "$JS.ACK.REGISTRATION.credit.1.1.1.1.0",
        "_INBOX_credit.forged",
        "$SYS.REQ.SERVER.PING",
    ],
)
async def test_a_service_may_publish_nothing_that_is_anothers(broker: Broker, subject: str) -> None:
    """A14: nor make, empty, read or work off what was not given to it."""
    async with connected(broker, "hotline", PASSWORDS["hotline"]) as (client, told):
        await client.publish(subject, b"{}")
        await told_of(told)

    assert "permissions violation for publish" in told[0]


@pytest.mark.parametrize("subject", [">", "events.>", "_INBOX_credit.>", "$JS.EVENT.>"])
async def test_a_service_may_listen_to_its_own_inbox_only(broker: Broker, subject: str) -> None:
    async with connected(broker, "hotline", PASSWORDS["hotline"]) as (client, told):
        await client.subscribe(subject)
        await told_of(told)

    assert "permissions violation for subscription" in told[0]


async def test_a_service_cannot_make_a_consumer(broker: Broker) -> None:
    """A14."""
    async with connected(broker, "hotline", PASSWORDS["hotline"]) as (client, _):
        with pytest.raises((NatsTimeoutError, TimeoutError)):
            await client.jetstream(timeout=0.5).add_consumer(
                "REGISTRATION", ConsumerConfig(durable_name="hotline")
            )


async def test_a_follower_fetches_and_acknowledges_what_was_declared_for_it(broker: Broker) -> None:
    async with connected(broker, "registration", PASSWORDS["registration"]) as (client, _):
        await client.jetstream().publish(FILING, b"a filing")
        await client.jetstream().publish(ENTERPRISE, b"an enterprise")

    async with connected(broker, "credit", PASSWORDS["credit"]) as (client, told):
        subscription = await client.jetstream().pull_subscribe_bind("credit", stream="REGISTRATION")
        (message,) = await subscription.fetch(1, timeout=5)
        await message.ack_sync()

    assert (message.data, told) == (b"an enterprise", [])


async def test_an_outside_subscriber_fetches_its_own_events_and_publishes_nothing(tmp_path: Path) -> None:
    followers = (follow("tax", "registration", "enterprise"),)
    tax = Subscriber("tax", "tax-password-0123456789", followers)
    with ephemeral_broker(tmp_path, PASSWORDS, FOLLOWERS, [tax]) as broker:
        access = BrokerAccess(broker.url, PASSWORDS[PROVISIONER])
        await provision(access, PUBLISHERS, (*FOLLOWERS, *followers))
        async with connected(broker, "registration", PASSWORDS["registration"]) as (client, _):
            await client.jetstream().publish(FILING, b"a filing")
            await client.jetstream().publish(ENTERPRISE, b"an enterprise")

        async with connected(broker, "tax", tax.password) as (client, told):
            subscription = await client.jetstream().pull_subscribe_bind("tax", stream="REGISTRATION")
            (message,) = await subscription.fetch(10, timeout=5)
            await message.ack_sync()
            allowed = list(told)
            for subject in (ENTERPRISE, "events.tax.x.y.v1", "$JS.API.CONSUMER.MSG.NEXT.REGISTRATION.credit"):
                await client.publish(subject, b"{}")
            await told_of(told, 3)

    assert message.data == b"an enterprise"
    assert allowed == []
    assert len(told) == 3


async def test_a_wrong_password_is_refused(broker: Broker) -> None:
    with pytest.raises(nats.errors.Error, match=r"(?i)authorization"):
        await asyncio.wait_for(
            nats.connect(broker.url, user="credit", password="guessed", allow_reconnect=False), 5
        )


async def test_every_acknowledged_event_is_on_disk_before_the_answer(broker: Broker) -> None:
    config = (await asyncio.to_thread(monitoring_answer, broker.monitoring_url, "/jsz?config=true"))["config"]

    assert isinstance(config, dict)
    assert config["sync_always"] is True


def test_the_configuration_with_its_passwords_is_readable_by_its_owner_alone(broker: Broker) -> None:
    assert broker.configuration_file.stat().st_mode & 0o777 == 0o600


def test_nobody_is_permitted_a_wildcard_over_other_consumers() -> None:
    for user in PUBLISHERS:
        for subject in publish_permissions(user, [f for f in FOLLOWERS if f.service == user]):
            own_events = subject == f"events.{user}.>"
            harmless = subject in ("$JS.API.INFO", "$JS.API.STREAM.INFO.*")
            own_acks = user == "credit" and subject == "$JS.ACK.REGISTRATION.credit.>"
            assert own_events or harmless or own_acks or not set(subject) & set("*>")

"""The provisioner: makes streams and consumers as declared, compares what is there, corrects what differs.

Locally `tongban up` calls it; in production it runs as a job: `python -m deploy.local.provision`.
"""

import asyncio
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from nats.js import JetStreamContext
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DeliverPolicy,
    DiscardPolicy,
    RetentionPolicy,
    StorageType,
    StreamConfig,
)
from nats.js.errors import APIError, NotFoundError

from deploy.local.broker_access import connected
from deploy.local.layout import PARTS
from deploy.local.refusals import Refused
from deploy.local.secrets import PROVISIONER

if TYPE_CHECKING:
    from shared.messaging.topology import Follower

DEFAULT_MAX_BYTES: Final = 2 * 2**30
ACK_WAIT_SECONDS: Final = 30
# On one machine nothing else slows an acknowledgement; what a killed worker had taken comes again sooner.
LOCAL_ACK_WAIT_SECONDS: Final = 8
MAX_ACK_PENDING: Final = 1000
DUPLICATE_WINDOW_SECONDS: Final = 600


@dataclass(frozen=True)
class BrokerAccess:
    """The provisioner's way to a broker, what a stream may take there, and how soon what was not acknowledged
    is delivered again."""

    url: str
    password: str
    user: str = PROVISIONER
    replicas: int = 1
    max_bytes: int = DEFAULT_MAX_BYTES
    ack_wait_seconds: int = ACK_WAIT_SECONDS


def stream_settings(service: str, access: BrokerAccess) -> dict[str, Any]:
    """What the code declares for a service's stream: nothing ages, nothing is deleted."""
    return {
        "subjects": [f"events.{service}.>"],
        "storage": StorageType.FILE,
        "retention": RetentionPolicy.LIMITS,
        # A full stream refuses, and the outbox keeps; it never forgets what a follower has not seen.
        "discard": DiscardPolicy.NEW,
        "max_bytes": access.max_bytes,
        "max_age": 0,
        "max_msgs": -1,
        "duplicate_window": DUPLICATE_WINDOW_SECONDS,
        "deny_delete": True,
        "deny_purge": True,
        "num_replicas": access.replicas,
    }


def consumer_settings(follower: "Follower", access: BrokerAccess) -> dict[str, Any]:
    """What the code declares for a durable. No backoff and no end of delivery: the inbox counts and parks."""
    return {
        "deliver_policy": DeliverPolicy.ALL,
        "ack_policy": AckPolicy.EXPLICIT,
        "ack_wait": access.ack_wait_seconds,
        "backoff": None,
        "max_deliver": -1,
        "max_ack_pending": MAX_ACK_PENDING,
        "filter_subjects": sorted(follower.filter_subjects),
    }


async def provision(
    access: BrokerAccess, services: Iterable[str], followers: Iterable["Follower"]
) -> list[str]:
    """Return one line for each thing made or corrected; nothing when all was as declared.

    Raises: Refused when the broker cannot be reached, or will not change a setting.
    """
    async with connected(
        access.url, user=access.user, password=access.password, name="provisioner"
    ) as client:
        jetstream = client.jetstream(timeout=10)
        changes = [line for service in services for line in await _settle_stream(jetstream, service, access)]
        changes += [
            line for follower in followers for line in await _settle_consumer(jetstream, follower, access)
        ]
    return changes


async def _settle_stream(jetstream: JetStreamContext, service: str, access: BrokerAccess) -> list[str]:
    name, wanted = service.upper(), stream_settings(service, access)
    try:
        found = (await jetstream.stream_info(name)).config
    except NotFoundError:
        await jetstream.add_stream(StreamConfig(name=name, **wanted))
        return [f"stream {name} made"]
    # Replicas are never changed under load (nats-server #7545): the operator does that, with the runbook.
    different = [key for key in _differences(found, wanted) if key != "num_replicas"]
    if not different:
        return []
    try:
        await jetstream.update_stream(
            StreamConfig(name=name, **wanted | {"num_replicas": found.num_replicas})
        )
    except APIError as error:
        raise Refused(
            f"stream {name} differs in {', '.join(different)} and the broker keeps it: {error.description}"
        ) from error
    return [f"stream {name} corrected: {', '.join(different)}"]


async def _settle_consumer(
    jetstream: JetStreamContext, follower: "Follower", access: BrokerAccess
) -> list[str]:
    stream, durable, wanted = follower.stream, follower.durable, consumer_settings(follower, access)
    config = ConsumerConfig(name=durable, durable_name=durable, **wanted)
    try:
        found = (await jetstream.consumer_info(stream, durable)).config
    except NotFoundError:
        await jetstream.add_consumer(stream, config)
        return [f"consumer {stream}.{durable} made"]
    different = _differences(found, wanted)
    if found.deliver_subject:
        different.append("deliver_subject")
    if not different:
        return []
    try:
        await jetstream.add_consumer(stream, config)
    except APIError as error:
        raise Refused(
            f"consumer {stream}.{durable} differs in {', '.join(different)} and the broker keeps it "
            f"({error.description}); delete it, it is made again and its inbox keeps effects single"
        ) from error
    return [f"consumer {stream}.{durable} corrected: {', '.join(different)}"]


def _differences(found: StreamConfig | ConsumerConfig, wanted: dict[str, Any]) -> list[str]:
    return [key for key, value in wanted.items() if _comparable(_setting(found, key)) != _comparable(value)]


def _setting(found: StreamConfig | ConsumerConfig, key: str) -> Any:
    value = getattr(found, key)
    if key == "filter_subjects" and not value:  # the server gives a single filter back under the older name
        single = getattr(found, "filter_subject", None)
        return [single] if single else []
    return value


def _comparable(value: Any) -> Any:
    if isinstance(value, list):
        return sorted(value)
    return value or None


def main() -> None:
    """Read TONGBAN_NATS_URL and TONGBAN_PROVISIONER_PASSWORD, optionally _USER, _REPLICAS, _MAX_BYTES."""
    from deploy.local.declared import declared_followers  # what tests of the provisioner need not import

    try:
        access = BrokerAccess(
            url=os.environ["TONGBAN_NATS_URL"],
            password=os.environ["TONGBAN_PROVISIONER_PASSWORD"],
            user=os.environ.get("TONGBAN_PROVISIONER_USER", PROVISIONER),
            replicas=int(os.environ.get("TONGBAN_PROVISIONER_REPLICAS", "3")),
            max_bytes=int(os.environ.get("TONGBAN_PROVISIONER_MAX_BYTES", str(DEFAULT_MAX_BYTES))),
        )
        changes = asyncio.run(provision(access, (part.name for part in PARTS), declared_followers()))
    except KeyError as error:
        sys.exit(f"missing setting {error.args[0]}")
    except Refused as error:
        sys.exit(str(error))
    print("\n".join(changes) or "streams and consumers are as declared")


if __name__ == "__main__":
    main()

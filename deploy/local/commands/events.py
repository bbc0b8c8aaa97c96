"""`tongban events tail`: the suite's events as NDJSON."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Annotated, Any

import typer
from nats.errors import TimeoutError as NatsTimeoutError
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

from deploy.local.broker_access import provisioner
from deploy.local.commands.options import Data, data_directory, refusals
from deploy.local.layout import PARTS
from deploy.local.refusals import Refused
from deploy.local.suite import surroundings_of_running

if TYPE_CHECKING:
    from deploy.local.environment import Surroundings

app = typer.Typer(help="Look at events.", no_args_is_help=True)

Subject = Annotated[str, typer.Option("--subject", help="Subject or pattern, such as events.registration.>")]
Since = Annotated[
    str | None, typer.Option("--since", help="start, or a stream sequence. Default: new events only.")
]
Follow = Annotated[
    bool, typer.Option("--follow", "-f", help="Go on with what comes; the default without --since.")
]


@app.callback()
def group() -> None:
    """Keeps `tail` a command of its own although it is the only one."""


@app.command()
def tail(
    subject: Subject = "events.>", since: Since = None, follow: Follow = False, data: Data = None
) -> None:
    """Print events, one JSON object a line, each with the stream and sequence where it lies."""
    with refusals(), contextlib.suppress(KeyboardInterrupt, BrokenPipeError):
        around = surroundings_of_running(data_directory(data))
        asyncio.run(_print(around, subject, since, follow=follow or since is None))


async def _print(around: "Surroundings", subject: str, since: str | None, *, follow: bool) -> None:
    async with provisioner(around) as client:
        jetstream = client.jetstream(timeout=5)
        async for line in read_events(jetstream, subject, since, follow=follow):
            print(json.dumps(line, ensure_ascii=False), flush=True)


async def read_events(
    jetstream: JetStreamContext, subject: str, since: str | None, *, follow: bool
) -> AsyncIterator[dict[str, Any]]:
    """Events of every stream that the subject may meet; streams one after another, each in its order."""
    streams = streams_of(subject)
    readers = [(stream, await _reader(jetstream, stream, subject, since)) for stream in streams]
    quiet = False
    while follow or not quiet:
        quiet = True
        for stream, reader in readers:
            try:
                # Short, because streams take turns; without --follow the first silence of all ends it.
                batch = await reader.fetch(100, timeout=0.2)
            except (TimeoutError, NatsTimeoutError):
                continue
            quiet = quiet and not batch
            for message in batch:
                yield {
                    "stream": stream,
                    "sequence": message.metadata.sequence.stream,
                    "event": json.loads(message.data),
                }


async def _reader(
    jetstream: JetStreamContext, stream: str, subject: str, since: str | None
) -> JetStreamContext.PullSubscription:
    """An ephemeral consumer that acknowledges nothing: looking changes nothing for those who follow."""
    settings: dict[str, Any] = {"deliver_policy": DeliverPolicy.NEW}
    if since == "start":
        settings = {"deliver_policy": DeliverPolicy.ALL}
    elif since is not None:
        settings = {"deliver_policy": DeliverPolicy.BY_START_SEQUENCE, "opt_start_seq": _sequence(since)}
    config = ConsumerConfig(ack_policy=AckPolicy.NONE, inactive_threshold=60, mem_storage=True, **settings)
    return await jetstream.pull_subscribe(subject, stream=stream, config=config)


def _sequence(since: str) -> int:
    if not since.isascii() or not since.isdigit() or int(since) < 1:
        raise Refused(f"--since takes `start` or a sequence from 1, not {since!r}")
    return int(since)


def streams_of(subject: str) -> list[str]:
    """Raises: Refused for a subject that no stream holds."""
    tokens = subject.split(".")
    if tokens[0] != "events" or len(tokens) < 2 or not all(tokens):
        raise Refused(f"{subject!r} is no subject of events; they begin with `events.`")
    wanted = [part.stream for part in PARTS if tokens[1] in (part.name, "*", ">")]
    if not wanted:
        raise Refused(f"{subject!r}: no service {tokens[1]!r}")
    return wanted

"""Who publishes and who follows: streams and durable consumers, declared in code, made by the provisioner."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from shared.database.unit_of_work import UnitOfWork
from shared.messaging.events import Event

PUBLISHERS = ("registration", "credit", "licensing", "hotline", "gateway")

Handler = Callable[[Event, UnitOfWork, datetime], Awaitable[None]]


def stream_of(service: str) -> str:
    """Name of the stream that holds a service's events."""
    return service.upper()


@dataclass(frozen=True)
class Follower:
    """A durable pull consumer: whose it is, the stream, and the subjects that it takes.

    Filters name whole aggregates (`events.registration.enterprise.>`): order is checked by the gap-free sequence
    of an aggregate's subject, so a follower takes every event of an aggregate, also those that it ignores.
    """

    service: str
    stream: str
    durable: str
    filter_subjects: tuple[str, ...]


@dataclass(frozen=True)
class Consumer:
    """A follower and what it does: one handler per CloudEvents type; other types are taken note of and ignored.

    `rebuilds` names the tables that this consumer alone fills, from events only: its read models. A consumer with
    read models has no other effect (it announces nothing), so that it can be replayed from zero.
    """

    follower: Follower
    handlers: Mapping[str, Handler] = field(default_factory=dict)
    rebuilds: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Name of the consumer in the inbox."""
        return f"{self.follower.stream}/{self.follower.durable}"


def follow(service: str, publisher: str, *aggregates: str, durable: str | None = None) -> Follower:
    """Declare that `service` follows whole aggregates of `publisher`."""
    return Follower(
        service=service,
        stream=stream_of(publisher),
        durable=durable or service,
        filter_subjects=tuple(f"events.{publisher}.{aggregate}.>" for aggregate in aggregates),
    )

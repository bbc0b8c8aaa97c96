"""Events that the subscriptions part follows: those that agencies may follow, kept in one log.

The log is no read model that may be rebuilt: subscribers resume at its positions.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from gateway.subscriptions.domain.entitlement import AGGREGATES
from gateway.subscriptions.use_cases.keep_event import keep_event
from shared.database.unit_of_work import UnitOfWork
from shared.messaging.events import Event
from shared.messaging.topology import Consumer, Handler, follow


async def on_any(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """Keep the event."""
    await keep_event(event, uow)


class _EveryType(Mapping[str, Handler]):
    """One handler for whatever type comes, also for those that a service publishes only later."""

    def __getitem__(self, event_type: str) -> Handler:
        return on_any

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def _durable(service: str, aggregate: str) -> str:
    """The first aggregates of each stream came without a name of their own, and keep their place."""
    is_first = (service, aggregate) in (
        ("registration", "enterprise"),
        ("credit", "subject"),
        ("gateway", "task"),
    )
    return "gateway_subscriptions" if is_first else f"gateway_subscriptions_{aggregate}"


CONSUMERS: Final = tuple(
    Consumer(
        follow("gateway", service, aggregate, durable=_durable(service, aggregate)),
        _EveryType(),
    )
    for service, aggregate in AGGREGATES
)

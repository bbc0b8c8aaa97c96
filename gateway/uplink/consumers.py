"""Events that the uplink follows: how cases stand, and licences that were issued."""

from datetime import datetime
from typing import Final

from gateway.uplink.use_cases.keep_facts import keep_facts
from shared.database.unit_of_work import UnitOfWork
from shared.messaging.events import Event
from shared.messaging.topology import Consumer, follow


async def on_any(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """Keep what the event says upward, until the errand decides to whom it goes."""
    await keep_facts(event.type, event.data, event.time, uow)


_FILINGS: Final = tuple(
    f"cn.tongban.registration.filing.{verb}.v1"
    for verb in ("submitted", "returned", "approved", "refused", "reopened", "withdrawn")
)
_LICENSING: Final = (
    *(f"cn.tongban.licensing.application.{verb}.v1" for verb in ("submitted", "approved", "refused")),
    "cn.tongban.licensing.permit.issued.v1",
)

CONSUMERS: Final = (
    Consumer(
        follow("gateway", "registration", "filing", durable="gateway_uplink"), dict.fromkeys(_FILINGS, on_any)
    ),
    Consumer(
        follow("gateway", "licensing", "application", "permit", durable="gateway_uplink"),
        dict.fromkeys(_LICENSING, on_any),
    ),
)

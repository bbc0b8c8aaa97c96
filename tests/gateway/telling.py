"""What another part of the gateway announces, through the gateway's own outbox and stream."""

from collections.abc import Mapping
from typing import Any

from pydantic import ConfigDict

from shared.database.unit_of_work import UnitOfWork
from shared.messaging.events import Announcement, EventType, Payload
from tests.support.service import ServiceUnderTest


class Said(Payload):
    """A payload of any shape."""

    model_config = ConfigDict(frozen=True, extra="allow")


async def announced(
    gateway: ServiceUnderTest, aggregate: str, verb: str, subject: str, said: Mapping[str, Any]
) -> None:
    """Let a part of the gateway announce something."""

    async def announce(uow: UnitOfWork) -> None:
        kind = EventType("gateway", aggregate, verb)
        uow.announce(Announcement(kind, subject, Said.model_validate(dict(said))))

    await gateway.app.state.backend.transactions.run(announce)

"""The probe follows registration's enterprises and writes down each effect."""

from datetime import datetime

from sqlalchemy import text

from shared.database.unit_of_work import UnitOfWork
from shared.messaging.events import Event
from shared.messaging.topology import Consumer, follow

REGISTERED = "cn.tongban.registration.enterprise.registered.v1"
_EFFECT = text("INSERT INTO effect (subject, sequence, event_id) VALUES (:subject, :sequence, :id)")


async def on_registered(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """Write the effect down; data without a name is a poison event."""
    if event.data["name"] == "poison":
        raise ValueError("a name that cannot be")
    await uow.session.execute(_EFFECT, {"subject": event.subject, "sequence": event.sequence, "id": event.id})


CONSUMERS = (
    Consumer(
        follow("hotline", "registration", "enterprise"), {REGISTERED: on_registered}, rebuilds=("effect",)
    ),
)

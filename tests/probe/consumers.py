"""The probe follows registration's enterprises and its own counters, and writes down each effect."""

from datetime import datetime

from sqlalchemy import text

from shared.database.unit_of_work import UnitOfWork
from shared.messaging.events import Event
from shared.messaging.topology import Consumer, follow

REGISTERED = "cn.tongban.registration.enterprise.registered.v1"
MOVED = "cn.tongban.hotline.counter.moved.v1"
_ECHO = text("INSERT INTO echo (subject, sequence, event_id) VALUES (:subject, :sequence, :id)")
_EFFECT = text("INSERT INTO effect (subject, sequence, event_id) VALUES (:subject, :sequence, :id)")


async def on_registered(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """Write the effect down; data without a name is a poison event."""
    if event.data["name"] == "poison":
        raise ValueError("a name that cannot be")
    await uow.session.execute(_EFFECT, {"subject": event.subject, "sequence": event.sequence, "id": event.id})


async def on_moved(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """Write down what the probe's own commands announced, as any follower of it would."""
    await uow.session.execute(_ECHO, {"subject": event.subject, "sequence": event.sequence, "id": event.id})


CONSUMERS = (
    Consumer(
        follow("hotline", "hotline", "counter", durable="hotline_echo"), {MOVED: on_moved}, rebuilds=("echo",)
    ),
    Consumer(
        follow("hotline", "registration", "enterprise"), {REGISTERED: on_registered}, rebuilds=("effect",)
    ),
)

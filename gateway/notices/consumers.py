"""Events of which persons are told: cases, tasks, payments, deliveries, filings, applications, tickets."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from gateway.notices.use_cases.keep_fact import keep_fact
from shared.database.unit_of_work import UnitOfWork
from shared.messaging.events import Event
from shared.messaging.topology import Consumer, Handler, follow


async def on_any(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """Keep what the event says, until the sweep writes to whom it concerns."""
    await keep_fact(event, uow)


def _handlers(service: str, verbs: dict[str, Sequence[str]]) -> dict[str, Handler]:
    return {
        f"cn.tongban.{service}.{aggregate}.{verb}.v1": on_any
        for aggregate, each in verbs.items()
        for verb in each
    }


_DECIDED: Final = ("submitted", "returned", "approved", "refused", "withdrawn")
_MATTER: Final = (
    *("opened", "handed_over", "step_completed", "step_refused", "choice_asked", "returned", "resubmitted"),
    *("completed", "partly_completed", "withdrawn", "overdue"),
)

CONSUMERS: Final = (
    Consumer(
        follow("gateway", "gateway", "matter", "task", "payment", "delivery", durable="gateway_notices"),
        _handlers(
            "gateway",
            {
                "matter": _MATTER,
                "task": ("completed", "visit_requested"),
                "payment": ("requested", "paid", "voided", "refunded"),
                "delivery": ("prepared", "ordered", "shipped", "delivered", "failed"),
            },
        ),
    ),
    Consumer(
        follow(
            "gateway",
            "registration",
            *("filing", "annual_report", "abnormal_list", "name_reservation", "name"),
            durable="gateway_notices",
        ),
        _handlers(
            "registration",
            {
                "filing": (*_DECIDED, "reopened"),
                "annual_report": ("due",),
                "abnormal_list": ("entered", "removed"),
                "name_reservation": ("reminded", "lapsed"),
                "name": ("ruled",),
            },
        ),
    ),
    Consumer(
        follow("gateway", "licensing", "application", durable="gateway_notices"),
        _handlers("licensing", {"application": (*_DECIDED, "component_decided")}),
    ),
    Consumer(
        follow("gateway", "hotline", "ticket", durable="gateway_notices"),
        _handlers("hotline", {"ticket": ("received", "dispatched", "replied", "closed")}),
    ),
)

"""What the subscriptions part declares to the gateway: routes, refusals, events, work by the clock."""

from datetime import timedelta

from fastapi import APIRouter

from gateway.settings import GatewaySettings
from gateway.subscriptions import contracts
from gateway.subscriptions.api import (
    acknowledgements,
    destinations,
    event_types,
    events,
    files,
    subscriptions,
)
from gateway.subscriptions.api.problems import PROBLEMS
from gateway.subscriptions.consumers import CONSUMERS
from gateway.subscriptions.measures import measure_parked
from gateway.subscriptions.published import PUBLISHED
from gateway.subscriptions.sweeps import ForgetEvents, OpenAcknowledgements, ParkedAlarm, TellOverdue
from gateway.subscriptions.use_cases.acknowledge import duties_of
from gateway.subscriptions.use_cases.ask_broker import AskBroker
from gateway.subscriptions.use_cases.authority import overseers
from gateway.subscriptions.use_cases.deliver_webhooks import DeliverWebhooks
from gateway.subscriptions.use_cases.webhook_settings import WebhookSettings
from shared.region import RegionPack
from shared.worker import Errand, Sweep

__all__ = ["CONSUMERS", "PROBLEMS", "PUBLISHED", "ROUTERS", "errands", "measure_parked", "sweeps"]

ROUTERS: tuple[APIRouter, ...] = (
    event_types.router,
    event_types.asyncapi_router,
    subscriptions.opening,
    subscriptions.router,
    destinations.router,
    files.router,
    events.router,
    acknowledgements.stating,
    acknowledgements.router,
    contracts.router,
)


def sweeps(settings: GatewaySettings, region: RegionPack) -> tuple[Sweep, ...]:
    """What this part does by the clock."""
    duties = duties_of(region)
    return (
        Sweep("webhook_alarms", 5.0, ParkedAlarm(WebhookSettings.of(settings))),
        Sweep("forget_events", 600.0, ForgetEvents(timedelta(days=settings.event_log_days))),
        Sweep("open_acknowledgements", 5.0, OpenAcknowledgements(duties)),
        Sweep("tell_overdue_acknowledgements", 60.0, TellOverdue(duties, overseers(region))),
    )


def errands(settings: GatewaySettings, region: RegionPack) -> tuple[Errand, ...]:
    """What this part does by calling out."""
    duties = duties_of(region)
    return (
        Errand("webhooks", 0.3, DeliverWebhooks(WebhookSettings.of(settings), duties)),
        Errand("nats_acknowledgements", 30.0, AskBroker(settings, region)),
    )

"""What the subscriptions part declares to the gateway: routes, refusals, events, work by the clock."""

from datetime import timedelta

from fastapi import APIRouter

from gateway.settings import GatewaySettings
from gateway.subscriptions import contracts
from gateway.subscriptions.api import destinations, event_types, events, files, subscriptions
from gateway.subscriptions.api.problems import PROBLEMS
from gateway.subscriptions.consumers import CONSUMERS
from gateway.subscriptions.measures import measure_parked
from gateway.subscriptions.sweeps import ForgetEvents, ParkedAlarm
from gateway.subscriptions.use_cases.deliver_webhooks import DeliverWebhooks
from gateway.subscriptions.use_cases.webhook_settings import WebhookSettings
from shared.messaging.contracts import Published
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
    contracts.router,
)
PUBLISHED: tuple[Published, ...] = ()


def sweeps(settings: GatewaySettings, _region: RegionPack) -> tuple[Sweep, ...]:
    """What this part does by the clock."""
    return (
        Sweep("webhook_alarms", 5.0, ParkedAlarm(WebhookSettings.of(settings))),
        Sweep("forget_events", 600.0, ForgetEvents(timedelta(days=settings.event_log_days))),
    )


def errands(settings: GatewaySettings, _region: RegionPack) -> tuple[Errand, ...]:
    """What this part does by calling out."""
    return (Errand("webhooks", 0.3, DeliverWebhooks(WebhookSettings.of(settings))),)

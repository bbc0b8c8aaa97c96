"""What the subscriptions part declares to the gateway: routes, refusals, events, work by the clock."""

from fastapi import APIRouter

from gateway.subscriptions import contracts
from gateway.subscriptions.api import event_types, events, subscriptions
from gateway.subscriptions.api.problems import PROBLEMS
from gateway.subscriptions.consumers import CONSUMERS
from shared.messaging.contracts import Published
from shared.worker import Errand, Sweep

__all__ = ["CONSUMERS", "ERRANDS", "PROBLEMS", "PUBLISHED", "ROUTERS", "SWEEPS"]

ROUTERS: tuple[APIRouter, ...] = (
    event_types.router,
    subscriptions.opening,
    subscriptions.router,
    events.router,
    contracts.router,
)
PUBLISHED: tuple[Published, ...] = ()
SWEEPS: tuple[Sweep, ...] = ()
ERRANDS: tuple[Errand, ...] = ()

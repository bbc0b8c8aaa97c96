"""What the audit part declares to the rest of the gateway: routes, refusals, events, work by the clock."""

from fastapi import APIRouter

from gateway.audit.api import entries
from gateway.audit.api.problems import PROBLEMS
from gateway.audit.consumers import CONSUMERS
from shared.messaging.contracts import Published
from shared.worker import Errand, Sweep

__all__ = ["CONSUMERS", "ERRANDS", "PROBLEMS", "PUBLISHED", "ROUTERS", "SWEEPS"]

ROUTERS: tuple[APIRouter, ...] = (entries.router,)
PUBLISHED: tuple[Published, ...] = ()
SWEEPS: tuple[Sweep, ...] = ()
ERRANDS: tuple[Errand, ...] = ()

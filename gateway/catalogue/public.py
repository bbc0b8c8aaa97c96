"""What the catalogue part declares to the gateway: routes, refusals, events, work by the clock."""

from fastapi import APIRouter

from gateway.catalogue.api import grants, resources
from gateway.catalogue.api.problems import PROBLEMS
from gateway.catalogue.published import PUBLISHED
from gateway.catalogue.sweeps import region_of_environment, seed_sweep
from shared.messaging.topology import Consumer
from shared.worker import Errand, Sweep

__all__ = ["CONSUMERS", "ERRANDS", "PROBLEMS", "PUBLISHED", "ROUTERS", "SWEEPS"]

ROUTERS: tuple[APIRouter, ...] = (resources.router, grants.router)
CONSUMERS: tuple[Consumer, ...] = ()
SWEEPS: tuple[Sweep, ...] = (seed_sweep(region_of_environment),)
ERRANDS: tuple[Errand, ...] = ()

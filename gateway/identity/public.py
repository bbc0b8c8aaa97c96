"""What the identity part declares to the rest of the gateway: routes, refusals, events in and out, work by the clock."""

from fastapi import APIRouter

from shared.messaging.contracts import Published
from shared.messaging.topology import Consumer
from shared.web.problems import ProblemTable
from shared.worker import Errand, Sweep

ROUTERS: tuple[APIRouter, ...] = ()
PROBLEMS: ProblemTable = {}
PUBLISHED: tuple[Published, ...] = ()
CONSUMERS: tuple[Consumer, ...] = ()
SWEEPS: tuple[Sweep, ...] = ()
ERRANDS: tuple[Errand, ...] = ()

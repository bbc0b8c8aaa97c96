"""What the identity part declares to the rest of the gateway: routes, refusals, events in and out, work by the clock.

Another part that acts for a person holds an `Issuer` (`issuer_from(settings)`) and asks it for a `delegated_token`.
"""

from fastapi import APIRouter

from gateway.identity.use_cases.issuing import MATTERS_CLIENT, Issuer, issuer_from
from shared.messaging.contracts import Published
from shared.messaging.topology import Consumer
from shared.web.problems import ProblemTable
from shared.worker import Errand, Sweep

__all__ = ["MATTERS_CLIENT", "Issuer", "issuer_from"]

ROUTERS: tuple[APIRouter, ...] = ()
PROBLEMS: ProblemTable = {}
PUBLISHED: tuple[Published, ...] = ()
CONSUMERS: tuple[Consumer, ...] = ()
SWEEPS: tuple[Sweep, ...] = ()
ERRANDS: tuple[Errand, ...] = ()

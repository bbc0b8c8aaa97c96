"""What the reference declares to the rest of the gateway: routes, refusals, and its place on the front office."""

from collections.abc import Mapping

from fastapi import APIRouter, FastAPI

from gateway.reference.api import pages, services
from gateway.reference.reference import Reference
from gateway.settings import GatewaySettings
from shared.messaging.contracts import Published
from shared.messaging.topology import Consumer
from shared.region import RegionPack
from shared.web.problems import ProblemTable, ProblemType
from shared.worker import Errand, Sweep

__all__ = ["CONSUMERS", "PROBLEMS", "PUBLISHED", "ROUTERS", "errands", "serve_reference", "sweeps"]

ROUTERS: tuple[APIRouter, ...] = (services.router,)
PROBLEMS: ProblemTable = {}
PUBLISHED: tuple[Published, ...] = ()
CONSUMERS: tuple[Consumer, ...] = ()


def sweeps(_settings: GatewaySettings, _region: RegionPack) -> tuple[Sweep, ...]:
    """What this part does by the clock."""
    return ()


def errands(_settings: GatewaySettings, _region: RegionPack) -> tuple[Errand, ...]:
    """What this part does by calling out."""
    return ()


def serve_reference(front_office: FastAPI, urls: Mapping[str, str], known: tuple[ProblemType, ...]) -> None:
    """Add the pages; the merged document takes the place of the front office's own.

    `urls` are the services' base URLs by name, `known` the problem types that arise at the gateway.
    """
    front_office.state.reference = Reference(urls, front_office.openapi, known)
    front_office.router.routes[:] = [
        route for route in front_office.router.routes if getattr(route, "path", None) != "/openapi.json"
    ]
    front_office.include_router(pages.router)

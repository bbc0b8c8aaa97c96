"""What the catalogue part declares to the gateway: routes, refusals, events, work by the clock."""

from fastapi import APIRouter

from gateway.catalogue.data.api import (
    consents,
    corrections,
    drafts,
    grants,
    needs,
    open_resources,
    requests,
    resources,
    statistics,
)
from gateway.catalogue.data.api import problems as grant_problems
from gateway.catalogue.data.api.sharing_problems import SHARING_PROBLEMS
from gateway.catalogue.data.consumers import CONSUMERS
from gateway.catalogue.data.published import PUBLISHED as PUBLISHED_GRANTS
from gateway.catalogue.data.published_sharing import PUBLISHED_SHARING
from gateway.catalogue.data.sharing_sweeps import sharing_sweeps
from gateway.catalogue.data.sweeps import EXPIRY_SWEEP, seed_sweep
from gateway.catalogue.data.use_cases.check_records import check_records
from gateway.catalogue.data.use_cases.open_now import consents_held, open_now
from gateway.catalogue.data.use_cases.seed_resources import seed_resources
from gateway.settings import GatewaySettings
from shared.messaging.contracts import Published
from shared.region import RegionPack
from shared.web.problems import ProblemTable
from shared.worker import Errand, Sweep

__all__ = [
    "CONSUMERS",
    "PROBLEMS",
    "PUBLISHED",
    "ROUTERS",
    "check_records",
    "consents_held",
    "errands",
    "open_now",
    "seed_resources",
    "sweeps",
]

ROUTERS: tuple[APIRouter, ...] = (
    drafts.router,
    resources.router,
    resources.form_checks,
    open_resources.router,
    requests.router,
    needs.router,
    corrections.router,
    statistics.router,
    grants.router,
    consents.router,
)
PROBLEMS: ProblemTable = {**grant_problems.PROBLEMS, **SHARING_PROBLEMS}
PUBLISHED: tuple[Published, ...] = (*PUBLISHED_GRANTS, *PUBLISHED_SHARING)


def sweeps(_settings: GatewaySettings, region: RegionPack) -> tuple[Sweep, ...]:
    """What this part does by the clock."""
    return (seed_sweep(region), EXPIRY_SWEEP, *sharing_sweeps(region))


def errands(_settings: GatewaySettings, _region: RegionPack) -> tuple[Errand, ...]:
    """What this part does by calling out."""
    return ()

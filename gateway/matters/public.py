"""What the matters part declares to the gateway: routes, refusals, events in and out, work by the clock."""

from fastapi import APIRouter

from gateway.identity.public import issuer_from
from gateway.materials.public import MEDIA_TYPES
from gateway.matters.api import (
    case_materials,
    desk_pages,
    drafts,
    figures,
    matters,
    oversight,
    suggestions,
    task_files,
    task_materials,
    tasks,
    themes,
)
from gateway.matters.api.problems import PROBLEMS
from gateway.matters.consumers import CONSUMERS
from gateway.matters.published import PUBLISHED
from gateway.matters.store.retention import MATTERS
from gateway.matters.use_cases.carry_out_steps import Services, StepsErrand
from gateway.matters.use_cases.drafts import forget_drafts
from gateway.matters.use_cases.watch_clocks import watch_clocks
from gateway.settings import GatewaySettings
from shared.region import RegionPack
from shared.retention import purge_sweep
from shared.worker import Errand, Sweep

__all__ = [
    "CONSUMERS",
    "FILE_MEDIA",
    "PROBLEMS",
    "PUBLISHED",
    "ROUTERS",
    "UPLOAD_PATHS",
    "errands",
    "sweeps",
]


def _services(settings: GatewaySettings) -> Services:
    return Services(settings.registration_url, settings.licensing_url, issuer_from(settings))


ROUTERS: tuple[APIRouter, ...] = (
    themes.router,
    drafts.router,
    matters.router,
    tasks.router,
    task_materials.router,
    task_files.router,
    case_materials.router,
    oversight.router,
    suggestions.router,
    desk_pages.router,
    figures.router,
)

# Files come in here: results of tasks, and the exchange of tasks by file.
UPLOAD_PATHS = ("/matters/v1/tasks/", "/desk/tasks/")
FILE_MEDIA: dict[str, tuple[str, ...]] = {
    "/matters/v1/tasks/": MEDIA_TYPES,
    "/matters/v1/task-files": ("text/csv", "application/x-ndjson"),
    "/desk/tasks/": ("multipart/form-data",),
}


def sweeps(_settings: GatewaySettings, region: RegionPack) -> tuple[Sweep, ...]:
    """What this part does by the clock."""
    return (
        Sweep("matters_clocks", 5.0, watch_clocks),
        Sweep("matters_drafts", 3600.0, forget_drafts),
        purge_sweep(MATTERS, region),
    )


def errands(settings: GatewaySettings, _region: RegionPack) -> tuple[Errand, ...]:
    """What this part does by calling out."""
    return (Errand("matters_steps", 0.25, StepsErrand(_services(settings))),)

"""What the matters part declares to the gateway: routes, refusals, events in and out, work by the clock."""

from fastapi import APIRouter

from gateway.identity.public import issuer_from
from gateway.matters.api import figures, matters, tasks, themes
from gateway.matters.api.problems import PROBLEMS
from gateway.matters.consumers import CONSUMERS
from gateway.matters.published import PUBLISHED
from gateway.matters.use_cases.carry_out_steps import Services, StepsErrand
from gateway.matters.use_cases.mark_overdue import mark_overdue
from gateway.settings import GatewaySettings
from shared.region import RegionPack
from shared.worker import Errand, Sweep

__all__ = ["CONSUMERS", "PROBLEMS", "PUBLISHED", "ROUTERS", "errands", "sweeps"]


def _services(settings: GatewaySettings) -> Services:
    return Services(settings.registration_url, settings.licensing_url, issuer_from(settings))


ROUTERS: tuple[APIRouter, ...] = (themes.router, matters.router, tasks.router, figures.router)


def sweeps(_settings: GatewaySettings, _region: RegionPack) -> tuple[Sweep, ...]:
    """What this part does by the clock."""
    return (Sweep("matters_overdue", 5.0, mark_overdue),)


def errands(settings: GatewaySettings, _region: RegionPack) -> tuple[Errand, ...]:
    """What this part does by calling out."""
    return (Errand("matters_steps", 0.25, StepsErrand(_services(settings))),)

"""HTTP in: one module per resource, under `/licensing/v1`."""

from fastapi import APIRouter

from services.licensing.api import applications, components, figures, industries, permits, scope_checks
from services.licensing.published import PUBLISHED
from shared.messaging.contracts import contracts_router

ROUTERS: tuple[APIRouter, ...] = (
    industries.router,
    applications.router,
    components.router,
    permits.router,
    scope_checks.router,
    figures.router,
    contracts_router("licensing", PUBLISHED),
)

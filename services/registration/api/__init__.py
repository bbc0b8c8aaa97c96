"""HTTP in: one module per resource, under `/registration/v1`."""

from fastapi import APIRouter

from services.registration.api import enterprises, filings, imports, register_search, representatives
from services.registration.published import PUBLISHED
from shared.messaging.contracts import contracts_router

ROUTERS: tuple[APIRouter, ...] = (
    filings.router,
    register_search.router,
    enterprises.router,
    representatives.router,
    imports.router,
    contracts_router("registration", PUBLISHED),
)

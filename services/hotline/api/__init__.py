"""HTTP in: one module per resource, under `/hotline/v1`."""

from fastapi import APIRouter

from services.hotline.api import figures, handling, tickets
from services.hotline.published import PUBLISHED
from shared.messaging.contracts import contracts_router

ROUTERS: tuple[APIRouter, ...] = (
    tickets.router,
    handling.router,
    figures.router,
    contracts_router("hotline", PUBLISHED),
)

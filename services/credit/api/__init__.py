"""HTTP in: one module per resource, under `/credit/v1`."""

from fastapi import APIRouter

from services.credit.api import records, subjects
from services.credit.published import PUBLISHED
from shared.messaging.contracts import contracts_router

ROUTERS: tuple[APIRouter, ...] = (subjects.router, records.router, contracts_router("credit", PUBLISHED))

"""HTTP in: one module per resource, under `/licensing/v1`."""

from fastapi import APIRouter

ROUTERS: tuple[APIRouter, ...] = ()

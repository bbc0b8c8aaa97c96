"""HTTP in: one module per resource, under `/registration/v1`."""

from fastapi import APIRouter

ROUTERS: tuple[APIRouter, ...] = ()

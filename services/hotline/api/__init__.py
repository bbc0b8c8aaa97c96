"""HTTP in: one module per resource, under `/hotline/v1`."""

from fastapi import APIRouter

ROUTERS: tuple[APIRouter, ...] = ()

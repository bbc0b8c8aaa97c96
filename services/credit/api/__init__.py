"""HTTP in: one module per resource, under `/credit/v1`."""

from fastapi import APIRouter

ROUTERS: tuple[APIRouter, ...] = ()

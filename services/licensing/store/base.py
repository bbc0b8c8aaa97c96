"""The registry of this service's tables: its own metadata, shared with no other service."""

from sqlalchemy.orm import registry
from sqlmodel import SQLModel


class LicensingTable(SQLModel, registry=registry()):
    """Base of the service's table classes; they live in `store/` and never leave it."""

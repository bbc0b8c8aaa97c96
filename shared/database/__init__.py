"""PostgreSQL access: engine, unit of work, migrations. The only database there is."""

from shared.database.engine import create_engine, is_transient, is_unavailable
from shared.database.unit_of_work import UnitOfWork, UnitOfWorkFactory

__all__ = ["UnitOfWork", "UnitOfWorkFactory", "create_engine", "is_transient", "is_unavailable"]

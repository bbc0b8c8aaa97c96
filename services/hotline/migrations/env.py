"""Alembic environment: runs inside the connection that the migration runner has locked."""

from shared.database.migrate import run_environment

run_environment()

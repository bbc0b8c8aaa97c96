"""Runs a service's Alembic migrations to head: several runners at once are safe, one applies and the others wait."""

import asyncio
import importlib.resources
import sys

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, pool, text
from sqlalchemy.ext.asyncio import create_async_engine

_LOCK_KEY = 0x746F6E67  # 'tong': one migration at a time per database
_DDL_LOCK_TIMEOUT = "5s"  # a table in use fails fast instead of making every request queue behind the DDL


def configuration(package: str) -> Config:
    """Build the Alembic configuration of a package that has a `migrations` folder."""
    config = Config()
    with importlib.resources.as_file(importlib.resources.files(package)) as root:
        config.set_main_option("script_location", str(root / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def head(package: str) -> str:
    """Return the one head revision of a package's migrations."""
    found = ScriptDirectory.from_config(configuration(package)).get_current_head()
    if found is None:
        raise RuntimeError(f"{package} has no migrations")
    return found


def upgrade(package: str, url: str) -> None:
    """Bring the database at `url` to the head of `package`'s migrations."""
    asyncio.run(_upgrade(package, url))


async def _upgrade(package: str, url: str) -> None:
    engine = create_async_engine(url, poolclass=pool.NullPool)
    config = configuration(package)

    def run(connection: Connection) -> None:
        connection.execute(text("SET lock_timeout = '60s'"))
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK_KEY})
        connection.execute(text(f"SET lock_timeout = '{_DDL_LOCK_TIMEOUT}'"))
        connection.commit()
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        finally:
            connection.rollback()
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _LOCK_KEY})
            connection.commit()

    async with engine.connect() as connection:
        await connection.run_sync(run)
    await engine.dispose()


def run_environment() -> None:
    """Body of every service's `migrations/env.py`: run inside the connection that `upgrade` locked."""
    from alembic import context

    context.configure(connection=context.config.attributes["connection"], transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()


if __name__ == "__main__":
    upgrade(sys.argv[1], sys.argv[2])

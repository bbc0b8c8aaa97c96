"""Databases by template: a package is migrated once per worker and cluster, then copied."""

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor

import asyncpg

from deploy.local.postgres import Cluster
from shared.database.migrate import upgrade

_templates: dict[tuple[int, str], str] = {}


async def new_database(cluster: Cluster, package: str) -> str:
    """Make a database at the head of `package`'s migrations; returns its SQLAlchemy URL."""
    template = _templates.get((cluster.port, package))
    if template is None:
        template = f"template_{package.replace('.', '_')}_{secrets.token_hex(4)}"
        await _execute(cluster, f'CREATE DATABASE "{template}"')
        url = cluster.url(template, driver="+asyncpg")
        await asyncio.get_running_loop().run_in_executor(_threads, upgrade, package, url)
        _templates[cluster.port, package] = template
    name = f"{package.rsplit('.', 1)[-1]}_{secrets.token_hex(6)}"
    await _execute(cluster, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return cluster.url(name, driver="+asyncpg")


_threads = ThreadPoolExecutor(1)


async def _execute(cluster: Cluster, statement: str) -> None:
    connection = await asyncpg.connect(cluster.url("postgres"))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()

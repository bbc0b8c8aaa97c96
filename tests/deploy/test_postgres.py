import secrets
import signal
import subprocess
from pathlib import Path

import asyncpg
import psutil
import pytest

from deploy.local import postgres
from deploy.local.layout import free_port
from deploy.local.postgres import Cluster
from deploy.local.processes import kill_tree
from tests.deploy.conftest import wait_for

NAMES = {f"{name}_{secrets.token_hex(3)}": secrets.token_urlsafe(16) for name in ("credit", "hotline")}


@pytest.fixture(scope="session")
async def two_services(cluster: Cluster) -> tuple[str, str]:
    await postgres.create_service_databases(cluster, NAMES)
    first, second = NAMES
    return first, second


async def test_a_services_role_opens_its_own_database_and_no_other(
    cluster: Cluster, two_services: tuple[str, str]
) -> None:
    own, other = two_services

    connection = await asyncpg.connect(cluster.url(own, user=own, password=NAMES[own]))
    await connection.execute("CREATE TABLE mine (id int)")
    await connection.close()

    for forbidden in (other, "postgres", "template1"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await asyncpg.connect(cluster.url(forbidden, user=own, password=NAMES[own]))


async def test_a_services_role_can_neither_make_databases_nor_roles(
    cluster: Cluster, two_services: tuple[str, str]
) -> None:
    own, _ = two_services
    connection = await asyncpg.connect(cluster.url(own, user=own, password=NAMES[own]))

    for statement in ("CREATE DATABASE stolen", "CREATE ROLE stolen", "ALTER ROLE CURRENT_USER SUPERUSER"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    await connection.close()


async def test_nobody_enters_without_the_password(cluster: Cluster, two_services: tuple[str, str]) -> None:
    own, _ = two_services

    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(cluster.url(own, user=own, password="guessed"))


async def test_making_the_databases_again_changes_nothing_but_a_new_password(cluster: Cluster) -> None:
    name = f"gateway_{secrets.token_hex(3)}"
    await postgres.create_service_databases(cluster, {name: "first-password"})
    connection = await asyncpg.connect(cluster.url(name, user=name, password="first-password"))
    await connection.execute("CREATE TABLE kept AS SELECT 1 AS id")
    await connection.close()

    await postgres.create_service_databases(cluster, {name: "second-password"})

    connection = await asyncpg.connect(cluster.url(name, user=name, password="second-password"))
    assert await connection.fetchval("SELECT count(*) FROM kept") == 1
    await connection.close()


def stranger_of_the_same_user(cluster: Cluster) -> subprocess.Popen[bytes]:
    """PostgreSQL takes any living process of its own user for another server."""
    owner = cluster.demotion().owner
    return subprocess.Popen(["sleep", "60"], user=owner[0] if owner else None)


async def test_a_durable_cluster_starts_over_a_stale_pid_file_after_kill_9_and_has_what_was_committed(
    tmp_path: Path,
) -> None:
    """F06: the postmaster and its children are killed; a stranger has the pid that `postmaster.pid` names."""
    cluster = Cluster(tmp_path / "postgres", free_port(), "superuser-password")
    postgres.initialise(cluster)
    first = postgres.start(cluster, tmp_path / "log")
    await postgres.wait_until_ready(cluster)
    connection = await asyncpg.connect(cluster.url("postgres"))
    settings = {name: await connection.fetchval(f"SHOW {name}") for name in postgres.DURABLE_SETTINGS}
    checksums = await connection.fetchval("SHOW data_checksums")
    await connection.execute("CREATE TABLE committed AS SELECT generate_series(1, 1000) AS id")
    kill_tree(psutil.Process(first.pid))
    first.wait()
    connection.terminate()
    stranger = stranger_of_the_same_user(cluster)
    pid_file = cluster.directory / "postmaster.pid"
    pid_file.write_text(pid_file.read_text().replace(str(first.pid), str(stranger.pid), 1))

    second = postgres.start(cluster, tmp_path / "log")
    await postgres.wait_until_ready(cluster)
    connection = await asyncpg.connect(cluster.url("postgres"))
    kept = await connection.fetchval("SELECT count(*) FROM committed")
    await connection.close()
    second.send_signal(signal.SIGINT)
    second.wait(20)
    stranger.kill()

    assert stranger.wait() == -signal.SIGKILL
    assert kept == 1000
    assert settings == {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
    assert checksums == "on"


async def test_a_server_that_was_left_running_is_ended_before_the_next_one_starts(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path / "postgres", free_port(), "superuser-password", durable=False)
    postgres.initialise(cluster)
    left = postgres.start(cluster, tmp_path / "log")
    await postgres.wait_until_ready(cluster)

    second = postgres.start(cluster, tmp_path / "log")

    wait_for(lambda: left.poll() is not None, what="the first server ends")
    await postgres.wait_until_ready(cluster)
    second.send_signal(signal.SIGINT)
    assert second.wait(20) == 0


def test_a_half_made_cluster_is_made_anew(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path / "postgres", free_port(), "superuser-password", durable=False)
    cluster.directory.mkdir(parents=True)
    (cluster.directory / "PG_VERSION").write_text("18\n")

    postgres.initialise(cluster)

    assert (cluster.directory / "global" / "pg_control").is_file()
    assert not (cluster.home / "superuser").exists()

"""What `tongban doctor` looks at; every finding comes with its cure."""

import asyncio
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

import asyncpg
from cryptography.hazmat.primitives import serialization

from deploy.local import broker, secrets
from deploy.local.blueprint import broker_of, cluster_of
from deploy.local.environment import Surroundings
from deploy.local.layout import MINIMUM_FREE_BYTES, PARTS, DataDirectory, Ports, is_free
from deploy.local.lock import supervisor_pid
from deploy.local.processes import read_records
from deploy.local.refusals import Refused

TOLERATED_SKEW_SECONDS: Final = 5.0
COMFORTABLE_FREE_BYTES: Final = 2 * 2**30
KEY_LIFETIME_DAYS: Final = 730
SHORTEST_SECRET: Final = 24
# The code was written after this day: a clock before it is wrong, and every token and certificate with it.
EARLIEST_PLAUSIBLE: Final = datetime(2025, 1, 1, tzinfo=UTC)


class Severity(StrEnum):
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Finding:
    """Something that is wrong or will be, and what to do about it."""

    check: str
    severity: Severity
    what: str
    cure: str


def check_idle(data: DataDirectory, ports: Ports) -> Iterator[Finding]:
    """What can be seen without a running suite."""
    yield from check_clock(datetime.now(UTC))
    yield from check_disk(data)
    yield from check_secrets(data)
    if supervisor_pid(data) is None:
        yield from check_leftovers(data)
        yield from check_ports(ports)


async def check_running(around: Surroundings) -> list[Finding]:
    """What only a running suite shows."""
    database, migrations = await asyncio.gather(_check_database(around), check_migrations(around))
    return [*database, *migrations, *await asyncio.to_thread(lambda: list(check_broker(around)))]


def check_clock(now: datetime) -> Iterator[Finding]:
    if now < EARLIEST_PLAUSIBLE:
        yield Finding(
            "clock", Severity.ERROR, f"the clock says {now:%Y-%m-%d}", "set the clock, better run NTP"
        )


def check_disk(data: DataDirectory) -> Iterator[Finding]:
    place = next(folder for folder in (data.root, *data.root.parents) if folder.exists())
    free = shutil.disk_usage(place).free
    if free < COMFORTABLE_FREE_BYTES:
        severity = Severity.ERROR if free < MINIMUM_FREE_BYTES else Severity.WARNING
        cure = "free some space, or move the data directory with --data"
        yield Finding("disk", severity, f"{free // 2**20} MiB free where {data.root} lies", cure)


def check_ports(ports: Ports) -> Iterator[Finding]:
    for port, wanted_by in ports:
        if not is_free(port):
            cure = "stop what listens there, or start with another --port"
            yield Finding("ports", Severity.ERROR, f"port {port} (for {wanted_by}) is in use", cure)


def check_leftovers(data: DataDirectory) -> Iterator[Finding]:
    alive = [record.name for record in read_records(data.run) if record.process()]
    if alive:
        what = f"no supervisor, but still running: {', '.join(alive)}"
        yield Finding("processes", Severity.ERROR, what, "run `tongban down`")


def check_secrets(data: DataDirectory) -> Iterator[Finding]:
    """Modes, strength and soundness of secrets and keys; a directory never started has none."""
    for path in (data.secrets_file, data.seed_file, *sorted(data.keys.glob("*.pem"))):
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield Finding("secrets", Severity.ERROR, f"{path} is readable by others", f"chmod 600 {path}")
    if not data.secrets_file.exists():
        return
    try:
        known = secrets.load(data)
    except Refused as refused:
        yield Finding("secrets", Severity.ERROR, str(refused), "restore secrets.json from the backup")
        return
    for kind, values in _groups(known):
        for owner, value in values.items():
            if len(value) < SHORTEST_SECRET or len(set(value)) < 8:
                what = f"the {kind} secret of {owner} looks like a default"
                cure = f"remove it from {data.secrets_file} and start again: a random one is made"
                yield Finding("secrets", Severity.ERROR, what, cure)
    yield from _check_keys(data)


def _groups(known: secrets.LocalSecrets) -> tuple[tuple[str, dict[str, str]], ...]:
    references = {"person references": known.person_reference} if known.person_reference else {}
    return ("database", known.database), ("broker", known.nats), ("shared", known.hmac | references)


def _check_keys(data: DataDirectory) -> Iterator[Finding]:
    for path in sorted(data.keys.glob("*.pem")):
        try:
            serialization.load_pem_private_key(path.read_bytes(), password=None)
        except (ValueError, TypeError):
            yield Finding(
                "keys", Severity.ERROR, f"{path} is no private key", "restore it; or remove it and start"
            )
            continue
        age_days = (datetime.now(UTC) - datetime.fromtimestamp(path.stat().st_mtime, UTC)).days
        if age_days > KEY_LIFETIME_DAYS:
            what = f"{path} expired: it is {age_days} days old, {KEY_LIFETIME_DAYS} are allowed"
            cure = "replace it as docs/runbook.md says under 'Keys': what it signed must stay genuine"
            yield Finding("keys", Severity.WARNING, what, cure)


async def _check_database(around: Surroundings) -> list[Finding]:
    try:
        connection = await asyncpg.connect(cluster_of(around).url("postgres"), timeout=3)
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        return [Finding("PostgreSQL", Severity.ERROR, f"does not answer: {error}", "see logs/postgres.log")]
    try:
        before = datetime.now(UTC)
        theirs: datetime = await connection.fetchval("SELECT clock_timestamp()")
        fsync = await connection.fetchval("SHOW fsync")
    finally:
        await connection.close()
    findings = []
    if abs((theirs - before).total_seconds()) > TOLERATED_SKEW_SECONDS:
        what = f"PostgreSQL's clock differs by {(theirs - before).total_seconds():.0f} s"
        findings.append(Finding("clock", Severity.ERROR, what, "run NTP on both machines"))
    if fsync != "on":
        findings.append(
            Finding("PostgreSQL", Severity.ERROR, "fsync is off", "set fsync=on: a crash loses data")
        )
    return findings


def check_broker(around: Surroundings) -> Iterator[Finding]:
    url = broker_of(around).monitoring_url
    try:
        answer = broker.monitoring_answer(url, "/jsz?config=true")
        now = broker.monitoring_answer(url, "/varz").get("now")
    except (OSError, ValueError) as error:
        yield Finding("NATS", Severity.ERROR, f"does not answer: {error}", "see logs/nats.log")
        return
    config = answer.get("config")
    if not isinstance(config, dict) or config.get("sync_always") is not True:
        cure = "set jetstream { sync_interval: always } and restart it: a power cut loses acknowledged events"
        yield Finding("NATS", Severity.ERROR, "the broker runs without sync_always", cure)
    if isinstance(now, str):
        skew = (datetime.fromisoformat(now) - datetime.now(UTC)).total_seconds()
        if abs(skew) > TOLERATED_SKEW_SECONDS:
            yield Finding("clock", Severity.ERROR, f"the broker's clock differs by {skew:.0f} s", "run NTP")


async def check_migrations(around: Surroundings) -> list[Finding]:
    """Compare every database with the head that the installed code has."""
    from shared.database.migrate import head

    findings = []
    for part in PARTS:
        try:
            connection = await asyncpg.connect(around.database_url(part, driver=""), timeout=3)
            try:
                found = await connection.fetchval("SELECT version_num FROM alembic_version")
            finally:
                await connection.close()
        except (OSError, TimeoutError, asyncpg.PostgresError) as error:
            findings.append(
                Finding("migrations", Severity.ERROR, f"{part.name}: {error}", "see logs/postgres.log")
            )
            continue
        wanted = await asyncio.to_thread(head, part.package)
        if found != wanted:
            what = f"the schema of {part.name} is at {found}, the code at {wanted}"
            findings.append(
                Finding("migrations", Severity.ERROR, what, "stop and start the suite: `up` migrates")
            )
    return findings

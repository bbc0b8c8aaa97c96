import asyncpg
import pytest

from deploy.local.checks import Severity, check_broker, check_idle, check_secrets
from deploy.local.environment import Surroundings
from deploy.local.inspection import inspect
from deploy.local.layout import PARTS, DataDirectory, Ports
from deploy.local.suite import SuiteOptions, running_suite
from tests.deploy.conftest import listener
from tests.deploy.test_suite import tell_nobody
from tests.deploy.trivial_suite import FOLLOWERS, TRIVIAL

TABLES = "CREATE TABLE outbox (stream_sequence bigint); CREATE TABLE inbox (state text)"


async def execute(around: Surroundings, database: str, statement: str) -> None:
    part = next(part for part in PARTS if part.name == database)
    connection = await asyncpg.connect(around.database_url(part, driver=""))
    await connection.execute(statement)
    await connection.close()


async def test_status_counts_what_is_unsent_waiting_and_parked_and_says_what_it_cannot_ask(
    data: DataDirectory, ports: Ports
) -> None:
    options = SuiteOptions(data, ports.base, str(data.root.parent))
    async with running_suite(options, TRIVIAL, say=tell_nobody, step=tell_nobody) as around:
        for name in ("registration", "licensing", "hotline", "gateway"):
            await execute(around, name, TABLES)
        await execute(around, "registration", "INSERT INTO outbox VALUES (1), (NULL), (NULL)")
        await execute(around, "hotline", "INSERT INTO inbox VALUES ('parked'), ('waiting'), ('applied')")

        found = await inspect(around, FOLLOWERS)

        parts = {part.name: part for part in found.parts}
        broker_findings = list(check_broker(around))
    assert (parts["registration"].backlog.relay_lag, parts["registration"].is_well) == (2, True)
    assert (parts["hotline"].backlog.parked, parts["hotline"].backlog.waiting) == (1, 1)
    assert not parts["hotline"].is_well
    assert parts["credit"].reasons() == ['relation "outbox" does not exist']
    assert [(lag.stream, lag.pending) for lag in parts["credit"].consumers] == [("REGISTRATION", 0)]
    assert not found.is_well
    assert broker_findings == []


def test_doctor_names_a_taken_port_with_its_cure(data: DataDirectory, ports: Ports) -> None:
    with listener(ports.postgres):
        findings = list(check_idle(data, ports))

    assert [finding.what for finding in findings] == [f"port {ports.postgres} (for PostgreSQL) is in use"]
    assert "--port" in findings[0].cure


@pytest.mark.parametrize("weak", ["postgres", "x" * 40])
def test_doctor_finds_default_secrets_and_open_files(data: DataDirectory, weak: str) -> None:
    data.prepare()
    data.secrets_file.write_text(
        f'{{"postgres_superuser": "p", "database": {{"credit": "{weak}"}}, "nats": {{}}, "hmac": {{}}, '
        '"accounts": {}}'
    )
    data.secrets_file.chmod(0o644)

    findings = list(check_secrets(data))

    assert {finding.severity for finding in findings} == {Severity.ERROR}
    assert [finding.what for finding in findings] == [
        f"{data.secrets_file} is readable by others",
        "the database secret of credit looks like a default",
    ]

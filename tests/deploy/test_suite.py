import json
import os
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from deploy.local.blueprint import Blueprint
from deploy.local.commands.lifecycle import stop_suite
from deploy.local.declared import agencies_of
from deploy.local.layout import DataDirectory, Ports, is_free
from deploy.local.lock import sole_supervisor, supervisor_pid
from deploy.local.processes import ProcessRecord, read_records
from deploy.local.refusals import AlreadyRunning, PortTaken, Refused
from deploy.local.suite import SuiteOptions, running_suite, surroundings_of_running
from tests.deploy.conftest import StartSuite, listener, processes_of, wait_for, wait_until_ready
from tests.deploy.trivial_suite import TRIVIAL, failing_processes

EVERY_PROCESS = {
    *("postgres", "nats"),
    *(f"{part}.api" for part in ("gateway", "registration", "credit", "licensing", "hotline")),
    *(f"{part}.worker" for part in ("gateway", "registration", "credit", "licensing", "hotline")),
}


def records_by_name(data: DataDirectory) -> dict[str, ProcessRecord]:
    return {record.name: record for record in read_records(data.run) if record.process()}


def all_free(ports: Ports) -> bool:
    return all(is_free(port) for port, _ in ports)


def tell_nobody(_line: str) -> None:
    """The steps and remarks of a start."""


async def refusal_of_start(data: DataDirectory, ports: Ports, blueprint: Blueprint = TRIVIAL) -> Refused:
    with pytest.raises(Refused) as refused:
        options = SuiteOptions(data, ports.base, str(data.root.parent))
        async with running_suite(options, blueprint, say=tell_nobody, step=tell_nobody):
            pass
    return refused.value


@pytest.fixture
def running(data: DataDirectory, start_suite: StartSuite) -> Iterator[subprocess.Popen[str]]:
    process = start_suite()
    wait_until_ready(data, process)
    yield process


def test_down_stops_every_process_and_frees_every_port(
    data: DataDirectory, ports: Ports, running: subprocess.Popen[str]
) -> None:
    before = set(records_by_name(data))

    said = stop_suite(data)

    assert before == EVERY_PROCESS
    assert (said, running.wait(10)) == ("stopped", 0)
    assert processes_of(data) == []
    assert all_free(ports)
    assert list(data.run.glob("*.json")) == []


def test_a_second_up_on_the_same_data_is_refused_and_harms_nothing(
    data: DataDirectory, running: subprocess.Popen[str], start_suite: StartSuite, tmp_path: Path
) -> None:
    before = records_by_name(data)

    second = start_suite()

    assert second.wait(20) == 1
    assert f"already runs on {data.root} (process {running.pid})" in (tmp_path / "suite.out").read_text()
    assert records_by_name(data) == before
    assert running.poll() is None


@pytest.mark.parametrize("name", ["credit.worker", "gateway.api", "nats", "postgres"])
def test_a_killed_process_is_started_again(
    data: DataDirectory, running: subprocess.Popen[str], tmp_path: Path, name: str
) -> None:
    killed = records_by_name(data)[name]

    os.kill(killed.pid, signal.SIGKILL)

    def is_back() -> bool:
        now = records_by_name(data).get(name)
        return now is not None and now.pid != killed.pid

    wait_for(is_back, what=f"{name} is started again")
    assert f"{name} ended (killed by SIGKILL); starting it again in" in (tmp_path / "suite.out").read_text()


def test_what_a_killed_supervisor_left_is_found_and_stopped_by_down(
    data: DataDirectory, ports: Ports, running: subprocess.Popen[str]
) -> None:
    running.kill()
    running.wait()
    left = set(records_by_name(data))

    said = stop_suite(data)

    assert left == EVERY_PROCESS
    assert said.startswith("stopped what was left behind: ")
    assert processes_of(data) == []
    assert all_free(ports)


def test_up_heals_what_a_killed_supervisor_and_a_killed_database_left(
    data: DataDirectory, running: subprocess.Popen[str], start_suite: StartSuite, tmp_path: Path
) -> None:
    """F06, through `up`."""
    before = records_by_name(data)
    running.kill()
    os.kill(before["postgres"].pid, signal.SIGKILL)
    running.wait()
    (tmp_path / "suite.out").write_text("")

    second = start_suite()

    wait_until_ready(data, second)
    after = records_by_name(data)
    assert set(after) == EVERY_PROCESS
    assert not {record.pid for record in after.values()} & {record.pid for record in before.values()}


def test_a_signal_during_the_start_leaves_nothing_running(
    data: DataDirectory, ports: Ports, start_suite: StartSuite
) -> None:
    process = start_suite()
    wait_for(lambda: "nats" in records_by_name(data), what="the start has got to the servers")

    process.send_signal(signal.SIGINT)

    process.wait(60)
    assert processes_of(data) == []
    assert all_free(ports)


async def test_a_taken_port_is_refused_with_nothing_left_running(data: DataDirectory, ports: Ports) -> None:
    with listener(ports.base + 3):
        refused = await refusal_of_start(data, ports)

    assert isinstance(refused, PortTaken)
    assert f"port {ports.base + 3} (for the API of licensing)" in str(refused)
    assert processes_of(data) == []
    assert all_free(ports)


async def test_a_process_that_ends_at_once_is_named_with_its_last_words(
    data: DataDirectory, ports: Ports
) -> None:
    refused = await refusal_of_start(data, ports, replace(TRIVIAL, processes=failing_processes))

    assert "registration.api does not start: the signing key is not readable" in str(refused)
    assert processes_of(data) == []
    assert all_free(ports)


async def test_a_broken_region_pack_is_refused_with_file_and_line_before_anything_starts(
    data: DataDirectory, ports: Ports, tmp_path: Path
) -> None:
    (tmp_path / "agencies.yaml").write_text("agencies:\n  - key: [not, closed\n")

    refused = await refusal_of_start(data, ports, replace(TRIVIAL, agencies=agencies_of))

    assert "is broken:" in str(refused)
    assert "agencies.yaml:" in str(refused)
    assert not data.postgres.exists()
    assert processes_of(data) == []


async def test_an_unknown_region_is_refused(data: DataDirectory, ports: Ports) -> None:
    with pytest.raises(Refused, match="no region pack 'atlantis'"):
        options = SuiteOptions(data, ports.base, "atlantis")
        async with running_suite(options, TRIVIAL, say=tell_nobody, step=tell_nobody):
            pass

    assert processes_of(data) == []


async def test_a_full_disk_is_refused_in_one_line(data: DataDirectory, ports: Ports) -> None:

    async def no_space(_around: object) -> None:
        raise OSError(28, "No space left on device")

    refused = await refusal_of_start(data, ports, replace(TRIVIAL, migrate=no_space))

    assert str(refused) == f"the disk that holds {data.root} is full; free some space and start again"
    assert processes_of(data) == []


def test_the_lock_ends_with_its_holder(data: DataDirectory) -> None:
    data.prepare()
    data.lock_file.write_text("999999")

    with sole_supervisor(data):
        holder = supervisor_pid(data)
        with pytest.raises(AlreadyRunning, match=f"process {os.getpid()}"), sole_supervisor(data):
            pass

    assert (holder, supervisor_pid(data)) == (os.getpid(), None)


def test_a_record_does_not_mistake_a_later_process_with_the_same_pid(data: DataDirectory) -> None:
    data.prepare()
    own = ProcessRecord.of("stranger", os.getpid())
    replace(own, started_at=own.started_at - 60).save(data.run)

    (record,) = read_records(data.run)

    assert record.process() is None
    assert own.process() == psutil.Process()


def test_commands_find_the_running_suite_by_its_data_directory(
    data: DataDirectory, ports: Ports, running: subprocess.Popen[str]
) -> None:
    around = surroundings_of_running(data)

    assert around.ports == ports
    assert around.public_url == f"http://127.0.0.1:{ports.base}"
    assert set(json.loads(data.seed_file.read_text())) == {"clients", "accounts"}


async def test_two_suites_run_side_by_side_on_other_data_and_ports(
    data: DataDirectory, ports: Ports, running: subprocess.Popen[str], tmp_path: Path
) -> None:
    other = DataDirectory(tmp_path / "other")
    base = next(b for b in range(ports.base + 16, 64000, 16) if all_free(Ports(b)))
    options = SuiteOptions(other, base, str(tmp_path))

    async with running_suite(options, TRIVIAL, say=tell_nobody, step=tell_nobody):
        both = set(records_by_name(data)), set(records_by_name(other))

    assert both == (EVERY_PROCESS, EVERY_PROCESS)
    assert processes_of(other) == []
    assert running.poll() is None

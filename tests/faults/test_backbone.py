"""The promises of outbox, relay and inbox under kill -9, a stopped broker, and lost or stopped streams.

Each test ends with the invariants: every answered command is there, every event once, in order, nothing stuck.
"""

import asyncio
import random
import secrets
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
import pytest_asyncio

from tests.support.broker import client_of
from tests.support.cutting import cutting_proxy
from tests.support.identities import bearer, person_token
from tests.support.load import Load
from tests.support.processes import ProbeProcesses, probe_processes
from tests.support.waiting import eventually

SEED = 20260302


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def probe(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ProbeProcesses]:
    """The probe's processes, shared by the module: each test leaves them running."""
    async with probe_processes(tmp_path_factory.mktemp("faults")) as processes:
        assert await processes.scalar("SELECT (current_setting('fsync') = 'on')::int") == 1
        yield processes


@asynccontextmanager
async def under_load(probe: ProbeProcesses, writers: int = 8) -> AsyncIterator[Load]:
    """Load while the block runs; afterwards the invariants hold."""
    before = await probe.scalar("SELECT count(*) FROM outbox")
    load = Load(probe.url, writers)
    running = asyncio.create_task(load.run())
    try:
        yield load
    finally:
        load.stop()
        await asyncio.wait_for(running, 60)
    await probe.quiet()
    await invariants(probe, load, before)


async def invariants(probe: ProbeProcesses, load: Load, before: int) -> None:
    """I1 to I3, I6: nothing lost, nothing unexpected, one effect per event, in order per subject."""
    total = sum(load.answered.values())
    assert await probe.scalar("SELECT count(*) FROM outbox") - before == total
    assert await probe.scalar("SELECT count(*) - count(DISTINCT event_id) FROM echo") == 0
    disorder = await probe.scalar(
        "SELECT count(*) FROM (SELECT sequence, row_number() OVER (PARTITION BY subject ORDER BY position) AS n"
        " FROM echo) AS line WHERE sequence <> n"
    )
    assert disorder == 0
    assert not [status for status in load.statuses if status not in (201, 409, 503)]


async def killed_often(probe: ProbeProcesses, name: str, times: int) -> None:
    """kill -9 a process at seeded random moments and start it again a moment later."""
    moments = random.Random(SEED + times)
    for _ in range(times):
        await asyncio.sleep(moments.uniform(0.2, 0.9))
        probe.kill(name)
        await asyncio.sleep(moments.uniform(0, 0.3))
        probe.start(name)


async def test_f01_a_killed_api_loses_no_answered_command(probe: ProbeProcesses) -> None:
    async with under_load(probe) as load:
        await killed_often(probe, "api", 4)
        await probe.ready()

    assert load.unreachable > 0


async def test_f02_f03_a_killed_worker_neither_loses_nor_doubles_an_event(probe: ProbeProcesses) -> None:
    async with under_load(probe):
        await killed_often(probe, "worker", 6)


@pytest.mark.parametrize("point", ["relay.after_publish:2:kill", "consumer.after_commit:3:kill"])
async def test_f02_f03_a_worker_killed_between_effect_and_mark_repeats_without_effect(
    probe: ProbeProcesses, point: str
) -> None:
    async with under_load(probe):
        probe.kill("worker")
        probe.start("worker", TONGBAN_FAULTPOINT=point)

        async def died() -> bool:
            return probe.running["worker"].poll() == -signal.SIGKILL

        await eventually(died, within=20)
        probe.start("worker")


async def test_f04_a_killed_broker_refuses_no_command(probe: ProbeProcesses) -> None:
    async with under_load(probe) as load:
        await killed_often(probe, "broker", 4)
        await probe.broker_ready()

    assert set(load.statuses) == {201}


async def test_f12_a_broker_that_hangs_gets_the_same_events_once(probe: ProbeProcesses) -> None:
    async with under_load(probe, writers=2):
        probe.signal("broker", signal.SIGSTOP)
        await asyncio.sleep(7)
        probe.signal("broker", signal.SIGCONT)
    await probe.quiet()

    async with client_of(probe.broker) as client:
        info = await client.jetstream().stream_info("HOTLINE")
    assert info.state.messages == await probe.scalar("SELECT count(*) FROM outbox")


async def test_f35_a_deleted_stream_is_refilled_from_the_outbox(probe: ProbeProcesses) -> None:
    async with under_load(probe, writers=2):
        async with client_of(probe.broker) as client:
            await client.jetstream().delete_stream("HOTLINE")
        await probe.provision()

        async def refilled() -> bool:
            async with client_of(probe.broker) as client:
                info = await client.jetstream().stream_info("HOTLINE")
            return info.state.messages >= await probe.scalar(
                "SELECT count(*) FROM outbox WHERE recorded_at < now() - interval '2 seconds'"
            )

        await eventually(refilled, within=60)


async def test_f09_a_broker_away_for_a_while_leaves_commands_working(probe: ProbeProcesses) -> None:
    async with under_load(probe, writers=2) as load:
        probe.kill("broker")
        await asyncio.sleep(12)
        probe.start("broker")
        await probe.broker_ready()

    assert set(load.statuses) == {201}


async def test_f21_an_answer_that_was_cut_off_is_given_again_under_its_key(probe: ProbeProcesses) -> None:
    token = person_token("ann", "hotline.counter.move", "hotline.counter.read")
    body, headers = {"name": "cut", "by": 7}, bearer(token, key=secrets.token_hex(16))
    path = "/probe/v1/counters"
    async with cutting_proxy(probe.port) as proxy, httpx.AsyncClient(timeout=20) as client:
        proxy.cuts = True
        with pytest.raises(httpx.TransportError):
            await client.post(f"http://127.0.0.1:{proxy.port}{path}", json=body, headers=headers)
        assert proxy.swallowed == 1

        proxy.cuts = False
        again = await client.post(f"http://127.0.0.1:{proxy.port}{path}", json=body, headers=headers)
        once_more = await client.post(f"{probe.url}{path}", json=body, headers=headers)

    assert again.status_code == 201
    assert again.json() == {"name": "cut", "value": 7, "version": 1}
    assert again.content == once_more.content
    await probe.quiet()
    assert await probe.scalar("SELECT count(*) FROM echo WHERE subject = 'cut'") == 1


async def test_f10_processes_start_and_take_commands_while_the_broker_is_down(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    async with probe_processes(tmp_path_factory.mktemp("brokerless"), broker=False) as probe:
        async with httpx.AsyncClient(timeout=20) as client:

            async def not_ready() -> str:
                try:
                    answer = await client.get(f"{probe.url}/readyz")
                except httpx.HTTPError:
                    return ""
                return answer.json()["parts"]["broker"] if answer.status_code == 503 else ""

            assert "unavailable" in await eventually(not_ready, within=30)
        load = Load(probe.url, 2)
        running = asyncio.create_task(load.run())

        async def answered() -> bool:
            return sum(load.answered.values()) > 20

        await eventually(answered)
        load.stop()
        await running

        probe.start("broker")
        await probe.broker_ready()
        await probe.provision()
        await probe.ready()
        await probe.quiet()
        await invariants(probe, load, 0)

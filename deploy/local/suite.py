"""A running suite from start to end: each step in order, ready or refused, and nothing left behind."""

import asyncio
import contextlib
import errno
import json
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from deploy.local import broker, postgres, secrets, seed
from deploy.local.blueprint import (
    Blueprint,
    broker_of,
    broker_server,
    cluster_of,
    database_server,
)
from deploy.local.environment import Surroundings
from deploy.local.layout import DEFAULT_PORT, PARTS, DataDirectory, Ports, region_pack_directory
from deploy.local.lock import sole_supervisor, supervisor_pid
from deploy.local.probe import readiness
from deploy.local.processes import stop_leftovers
from deploy.local.provision import LOCAL_ACK_WAIT_SECONDS, BrokerAccess, provision
from deploy.local.refusals import NotRunning, Refused, refusal_of
from deploy.local.secrets import PROVISIONER
from deploy.local.subscribers import followers_outside, subscribers_with
from deploy.local.supervisor import Say, Supervisor, last_line
from shared.messaging.subscribers import OUTSIDE

if TYPE_CHECKING:
    from shared.messaging.topology import Follower

READY_SECONDS: Final = 90.0
FAILURES_THAT_REFUSE: Final = 3
STEPS: Final = (
    "data directory",
    "region pack",
    "PostgreSQL and NATS",
    "databases",
    "migrations, streams and consumers",
    "APIs and workers",
)

Step = Callable[[str], None]


@dataclass(frozen=True)
class SuiteOptions:
    """What the operator may choose."""

    data: DataDirectory
    port: int = DEFAULT_PORT
    region: str = "yongji"


def surroundings_of_running(data: DataDirectory) -> Surroundings:
    """Raises: NotRunning. What a command needs to speak to the suite on this data directory."""
    if supervisor_pid(data) is None or not data.suite_file.is_file():
        raise NotRunning(data.root)
    chosen = json.loads(data.suite_file.read_text())
    return Surroundings(
        data, Ports(chosen["port"]), secrets.load(data), region_pack_directory(chosen["region"])
    )


@contextlib.asynccontextmanager
async def running_suite(
    options: SuiteOptions, blueprint: Blueprint, *, say: Say, step: Step
) -> AsyncIterator[Surroundings]:
    """The suite is ready inside, and stopped after, whatever happens in between.

    Raises: Refused, with nothing left running.
    """
    data = options.data
    step(STEPS[0])
    data.prepare()
    with sole_supervisor(data):
        found = await asyncio.to_thread(stop_leftovers, data.run)
        if found:
            say(f"stopped what an earlier run left behind: {', '.join(found)}")
        supervisor = Supervisor(data.run, say)
        try:
            yield await _start(options, blueprint, supervisor, step)
        except OSError as error:
            raise refusal_of(error, data.root) from error
        finally:
            await supervisor.stop_all()
            data.suite_file.unlink(missing_ok=True)


async def _start(
    options: SuiteOptions, blueprint: Blueprint, supervisor: Supervisor, step: Step
) -> Surroundings:
    ports = Ports(options.port)
    ports.refuse_taken()
    step(STEPS[1])
    pack = region_pack_directory(options.region)
    agencies = await asyncio.to_thread(blueprint.agencies, pack)
    known = secrets.load_or_create(options.data, accounts=seed.USERNAMES, subscribers=tuple(OUTSIDE))
    around = Surroundings(options.data, ports, known, pack)
    await asyncio.to_thread(seed.write_seed, options.data, agencies, known, around.public_url)
    followers = await asyncio.to_thread(blueprint.followers)
    step(STEPS[2])
    await asyncio.gather(_start_database(around, supervisor), _start_broker(around, followers, supervisor))
    step(STEPS[3])
    await postgres.create_service_databases(cluster_of(around), known.database)
    step(STEPS[4])
    access = BrokerAccess(
        broker_of(around).url, known.nats[PROVISIONER], ack_wait_seconds=LOCAL_ACK_WAIT_SECONDS
    )
    names = [part.name for part in PARTS]
    await asyncio.gather(
        blueprint.migrate(around), provision(access, names, (*followers, *followers_outside()))
    )
    step(STEPS[5])
    options.data.suite_file.write_text(json.dumps({"port": options.port, "region": str(pack)}))
    specs = blueprint.processes(around)
    await asyncio.gather(*map(supervisor.start, specs))
    await _or_refuse(supervisor, around, [spec.name for spec in specs], _all_ready(around))
    return around


async def _start_database(around: Surroundings, supervisor: Supervisor) -> None:
    cluster = cluster_of(around)
    await asyncio.to_thread(postgres.initialise, cluster)
    await supervisor.start(database_server(cluster, around))
    await _or_refuse(supervisor, around, ["postgres"], postgres.wait_until_ready(cluster))


async def _start_broker(
    around: Surroundings, followers: tuple["Follower", ...], supervisor: Supervisor
) -> None:
    server = broker_of(around)
    outside = subscribers_with(around.secrets.nats)
    broker.write_configuration(server, broker.configuration(server, around.secrets.nats, followers, outside))
    await supervisor.start(broker_server(server, around))
    await _or_refuse(supervisor, around, ["nats"], _healthy(server))


async def _healthy(server: broker.Broker) -> None:
    healthy = False
    while not healthy:
        await asyncio.sleep(0.05)
        healthy = await asyncio.to_thread(broker.is_healthy, server)


async def _all_ready(around: Surroundings) -> None:
    waiting = list(PARTS)
    while waiting:
        answers = await asyncio.gather(
            *(asyncio.to_thread(readiness, around.ports.url(part)) for part in waiting)
        )
        waiting = [part for part, answer in zip(waiting, answers, strict=True) if not answer.ready]
        await asyncio.sleep(0.2 if waiting else 0)  # each question takes time from those that are starting


async def _or_refuse(
    supervisor: Supervisor, around: Surroundings, names: list[str], ready: Coroutine[None, None, None]
) -> None:
    """Wait for `ready`, but not for a process that ends again and again, and not without end."""
    waiting = asyncio.create_task(ready)
    deadline = time.monotonic() + READY_SECONDS
    try:
        while not waiting.done():
            await asyncio.wait([waiting], timeout=0.1)
            for name in names:
                if supervisor.failures(name) >= FAILURES_THAT_REFUSE:
                    raise _cannot_start(name, around)
            if time.monotonic() > deadline:
                raise await _not_ready(around)
        waiting.result()
    finally:
        waiting.cancel()


def _cannot_start(name: str, around: Surroundings) -> Refused:
    log = around.data.log(name)
    line = last_line(log)
    if "No space left" in line:
        return refusal_of(OSError(errno.ENOSPC, "no space left"), around.data.root)
    return Refused(f"{name} does not start: {line}; see {log}")


async def _not_ready(around: Surroundings) -> Refused:
    answers = {part.name: await asyncio.to_thread(readiness, around.ports.url(part)) for part in PARTS}
    missing = [f"{name} ({answer.reason})" for name, answer in answers.items() if not answer.ready]
    return Refused(
        f"not ready within {READY_SECONDS:.0f} s: {', '.join(missing) or 'PostgreSQL or NATS'}; "
        f"the logs are in {around.data.logs}"
    )

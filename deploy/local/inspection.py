"""What can be seen of a suite from outside: who runs, who is ready, what lags, what is parked."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

import asyncpg
from nats.js.errors import Error as JetStreamError

from deploy.local.broker_access import provisioner
from deploy.local.environment import Surroundings
from deploy.local.layout import PARTS, Part
from deploy.local.lock import supervisor_pid
from deploy.local.probe import Readiness, readiness
from deploy.local.processes import read_records
from deploy.local.refusals import Refused

if TYPE_CHECKING:
    from shared.messaging.topology import Follower

# The one query: rows that the relay has not published, and events that the inbox has put aside.
BACKLOG = """
    SELECT (SELECT count(*) FROM outbox WHERE stream_sequence IS NULL) AS unsent,
           (SELECT count(*) FROM inbox WHERE state = 'parked') AS parked,
           (SELECT count(*) FROM inbox WHERE state = 'waiting') AS waiting
"""


@dataclass(frozen=True)
class Backlog:
    """What a part's database says; None where it could not be asked, with the reason."""

    relay_lag: int | None = None
    parked: int | None = None
    waiting: int | None = None
    reason: str = ""


@dataclass(frozen=True)
class ConsumerLag:
    """Events that a durable has still to fetch, and those fetched and not yet acknowledged."""

    stream: str
    durable: str
    pending: int | None
    unacknowledged: int | None
    reason: str = ""


@dataclass(frozen=True)
class PartStatus:
    """One part of the suite; pids are None for a process that does not run."""

    name: str
    api_pid: int | None
    worker_pid: int | None
    readiness: Readiness
    backlog: Backlog
    consumers: tuple[ConsumerLag, ...]

    @property
    def is_well(self) -> bool:
        """Ready, with nothing parked; what cannot be asked is not well."""
        known = all(lag.pending is not None for lag in self.consumers)
        return bool(self.readiness.ready and self.worker_pid and self.backlog.parked == 0 and known)

    def reasons(self) -> list[str]:
        """Why it is not ready, or what could not be asked."""
        stated = (self.readiness.reason, self.backlog.reason, *(lag.reason for lag in self.consumers))
        return sorted({reason for reason in stated if reason})


@dataclass(frozen=True)
class SuiteStatus:
    """The whole suite on one data directory."""

    supervisor_pid: int | None
    postgres_pid: int | None
    nats_pid: int | None
    parts: tuple[PartStatus, ...]

    @property
    def is_well(self) -> bool:
        servers = (self.supervisor_pid, self.postgres_pid, self.nats_pid)
        return all(servers) and all(part.is_well for part in self.parts)


async def inspect(around: Surroundings, followers: tuple["Follower", ...]) -> SuiteStatus:
    """Ask everybody at once; whoever does not answer costs its own line only."""
    pids = {record.name: record.pid for record in read_records(around.data.run) if record.process()}
    lags = await consumer_lags(around, followers)
    backlogs = await asyncio.gather(*(backlog_of(part, around) for part in PARTS))
    answers = await asyncio.gather(*(asyncio.to_thread(readiness, around.ports.url(part)) for part in PARTS))
    parts = tuple(
        PartStatus(
            name=part.name,
            api_pid=pids.get(f"{part.name}.api"),
            worker_pid=pids.get(f"{part.name}.worker"),
            readiness=answer,
            backlog=backlog,
            consumers=tuple(lag for service, lag in lags if service == part.name),
        )
        for part, answer, backlog in zip(PARTS, answers, backlogs, strict=True)
    )
    return SuiteStatus(supervisor_pid(around.data), pids.get("postgres"), pids.get("nats"), parts)


async def backlog_of(part: Part, around: Surroundings) -> Backlog:
    try:
        connection = await asyncpg.connect(around.database_url(part, driver=""), timeout=3)
        try:
            row = await connection.fetchrow(BACKLOG, timeout=5)
        finally:
            await connection.close()
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        return Backlog(reason=str(error) or type(error).__name__)
    return Backlog(row["unsent"], row["parked"], row["waiting"])


async def consumer_lags(
    around: Surroundings, followers: tuple["Follower", ...]
) -> list[tuple[str, ConsumerLag]]:
    """Pairs of the following service and its lag."""
    try:
        async with provisioner(around) as client:
            manager = client.jetstream(timeout=3)
            lags = []
            for follower in followers:
                try:
                    info = await manager.consumer_info(follower.stream, follower.durable)
                    lag = ConsumerLag(
                        follower.stream, follower.durable, info.num_pending, info.num_ack_pending
                    )
                except (JetStreamError, TimeoutError) as error:
                    lag = ConsumerLag(
                        follower.stream, follower.durable, None, None, str(error) or "no answer"
                    )
                lags.append((follower.service, lag))
            return lags
    except Refused as refused:
        return [(f.service, ConsumerLag(f.stream, f.durable, None, None, str(refused))) for f in followers]

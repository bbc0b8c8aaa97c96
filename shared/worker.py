"""The second process of every service: relay, consumers and deadline sweeps until SIGTERM, then drain and exit."""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import asyncpg
from nats.aio.client import Client
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.clock import Clock, system_clock
from shared.database.engine import create_engine
from shared.database.leading import give_up_leading, try_to_lead
from shared.database.unit_of_work import UnitOfWork, UnitOfWorkFactory
from shared.messaging import faultpoints
from shared.messaging.connection import connect
from shared.messaging.consumer import AT_ONCE, ConsumerLoop, watch_due
from shared.messaging.events import EventSource
from shared.messaging.outbox import WAKE_CHANNEL
from shared.messaging.relay import BATCH, Relay
from shared.messaging.topology import Consumer
from shared.settings import Mode, ServiceSettings
from shared.telemetry.context import bound, new_context
from shared.telemetry.logs import configure_logs

log = logging.getLogger(__name__)

_RELAY_IDLE_SECONDS = 1.0
_QUIET_SECONDS = 1.0  # of eager work, while nothing happens in the service
_STREAM_CHECK_SECONDS = 15.0
_IDEMPOTENCY_SWEEP_SECONDS = 3600.0
_FORGET_KEYS = text("DELETE FROM idempotency_key WHERE stored_at < now() - interval '24 hours'")


@dataclass(frozen=True)
class Sweep:
    """Work that comes due by the clock: run every `seconds` by the one active worker, in a transaction of its own.

    Eager work (less than a second) waits a second while nothing happens: no event is applied, none announced.
    `run` must be safe to run twice, late, or on two machines: it acts on what the database says is due.
    Returns how much it did; as long as that is not zero it runs again at once.
    """

    name: str
    seconds: float
    run: Callable[[UnitOfWork], Awaitable[int]]


@dataclass(frozen=True)
class Errand:
    """Work that must call out (another service's API) and so cannot stay in one transaction.

    Run every `seconds` by the one active worker, as a sweep is; opens its own units of work. Returns how much it did.
    """

    name: str
    seconds: float
    run: Callable[[UnitOfWorkFactory], Awaitable[int]]


async def run_worker(
    service: str,
    settings: ServiceSettings,
    region_code: str,
    consumers: Sequence[Consumer] = (),
    sweeps: Sequence[Sweep] = (),
    errands: Sequence[Errand] = (),
    *,
    clock: Clock = system_clock,
    stopping: asyncio.Event | None = None,
) -> None:
    """Run a service's background work until `stopping` is set (SIGTERM and SIGINT set it)."""
    faultpoints.check_configuration(local=settings.mode is Mode.LOCAL)
    stop = stopping or _stop_on_signals()
    engine = create_engine(
        settings.database_url.get_secret_value(),
        f"{service}.worker",
        pool_size=12,
        overflow=0,
        pool_seconds=30,
    )
    transactions = UnitOfWorkFactory(engine, EventSource(service, region_code), clock)
    connecting = asyncio.create_task(
        connect(
            settings.nats_url,
            user=settings.nats_user,
            password=settings.nats_password.get_secret_value(),
            name=f"{service}.worker",
        )
    )
    await _first(connecting, stop)
    if not connecting.done():
        connecting.cancel()
        await engine.dispose()
        return
    client = connecting.result()
    log.info("worker_started")
    leader = Leader(service, transactions, client, [*sweeps, _forget_keys()], errands)
    gate = asyncio.Semaphore(AT_ONCE)
    loops = [ConsumerLoop(consumer, client, transactions, gate, leader.stir) for consumer in consumers]
    watching = watch_due(loops, transactions, stop)
    try:
        await asyncio.gather(leader.run(stop), watching, *(loop.run(stop) for loop in loops))
    finally:
        await client.close()
        await engine.dispose()
        log.info("worker_stopped")


class Leader:
    """What only one worker per service may do at a time: relay, sweeps, errands; elected by an advisory lock."""

    def __init__(
        self,
        service: str,
        transactions: UnitOfWorkFactory,
        client: Client,
        sweeps: Sequence[Sweep],
        errands: Sequence[Errand],
    ) -> None:
        self._service = service
        self._transactions = transactions
        self._client = client
        self._sweeps = sweeps
        self._errands = errands
        self._wake = asyncio.Event()
        self._stirred = asyncio.Event()

    def stir(self) -> None:
        """Something happened in the service: eager work need not wait for its quiet time to be over."""
        self._stirred.set()
        self._stirred = asyncio.Event()

    async def run(self, stopping: asyncio.Event) -> None:
        """Lead whenever the lock can be had; the lock is held by one connection and lost with it."""
        while not stopping.is_set():
            try:
                async with self._transactions.engine.connect() as connection:
                    connection = await connection.execution_options(isolation_level="AUTOCOMMIT")
                    if await try_to_lead(connection):
                        await self._lead(connection, stopping)
            except Exception as error:  # noqa: BLE001 - records and goes on: the database may be away for a while
                log.warning("leader_retry", extra={"reason": f"{type(error).__name__}: {error}"[:300]})
            await _pause(stopping, 0.5)

    async def _lead(self, connection: AsyncConnection, stopping: asyncio.Event) -> None:
        raw = (await connection.get_raw_connection()).driver_connection
        assert isinstance(raw, asyncpg.Connection)  # noqa: S101 - the engine is always on asyncpg
        await raw.add_listener(WAKE_CHANNEL, self._on_wake)
        log.info("leading")
        duties = [
            asyncio.create_task(self._relay(stopping)),
            asyncio.create_task(self._keep_lock(connection, stopping)),
            *(asyncio.create_task(self._sweep(sweep, stopping)) for sweep in self._sweeps),
            *(asyncio.create_task(self._errand(errand, stopping)) for errand in self._errands),
        ]
        try:
            done, _ = await asyncio.wait(duties, return_when=asyncio.FIRST_EXCEPTION)
            for duty in done:
                duty.result()
        finally:
            for duty in duties:
                duty.cancel()
            await asyncio.gather(*duties, return_exceptions=True)
            if not raw.is_closed():
                await raw.remove_listener(WAKE_CHANNEL, self._on_wake)
                await give_up_leading(connection)

    def _on_wake(self, *_: object) -> None:
        self._wake.set()
        self.stir()

    async def _keep_lock(self, connection: AsyncConnection, stopping: asyncio.Event) -> None:
        """Notice within seconds that the lock's connection is gone: leading ends with it."""
        while not await _pause(stopping, 2.0):
            await connection.execute(text("SELECT 1"))

    async def _relay(self, stopping: asyncio.Event) -> None:
        relay = Relay(self._service, self._transactions.engine, self._client)
        checked = 0.0
        delay = 0.1
        loop = asyncio.get_running_loop()
        while not stopping.is_set():
            try:
                if loop.time() - checked > _STREAM_CHECK_SECONDS or not checked:
                    await relay.reconcile_stream()
                    checked = loop.time()
                self._wake.clear()
                if await relay.step() < BATCH:
                    await _first(asyncio.create_task(self._wake.wait()), stopping, _RELAY_IDLE_SECONDS)
                delay = 0.1
            except Exception as error:  # noqa: BLE001 - records and goes on: what is unsent stays in the outbox
                log.warning("relay_retry", extra={"reason": f"{type(error).__name__}: {error}"[:300]})
                checked = 0.0
                await _pause(stopping, delay)
                delay = min(delay * 2, 5.0)

    async def _sweep(self, sweep: Sweep, stopping: asyncio.Event) -> None:
        while not stopping.is_set():
            did, stirred = 0, self._stirred
            try:
                with bound(new_context()):
                    did = await self._transactions.run(sweep.run)
            except Exception as error:
                log.exception("sweep_failed", extra={"sweep": sweep.name, "reason": type(error).__name__})
            if not did and await _until_due(stopping, sweep.seconds, stirred):
                return

    async def _errand(self, errand: Errand, stopping: asyncio.Event) -> None:
        while not stopping.is_set():
            did, stirred = 0, self._stirred
            try:
                with bound(new_context()):
                    did = await errand.run(self._transactions)
            except Exception as error:
                log.exception("errand_failed", extra={"errand": errand.name, "reason": type(error).__name__})
            if not did and await _until_due(stopping, errand.seconds, stirred):
                return


def _forget_keys() -> Sweep:
    async def run(uow: UnitOfWork) -> int:
        await uow.session.execute(_FORGET_KEYS)
        return 0

    return Sweep("forget_idempotency_keys", _IDEMPOTENCY_SWEEP_SECONDS, run)


async def _pause(stopping: asyncio.Event, seconds: float) -> bool:
    """Wait, at most until told to stop; True when told to stop."""
    try:
        await asyncio.wait_for(stopping.wait(), seconds)
    except TimeoutError:
        return False
    return True


async def _until_due(stopping: asyncio.Event, seconds: float, stirred: asyncio.Event) -> bool:
    """Wait as long as work is to wait, eager work longer while nothing happens; True when told to stop."""
    if await _pause(stopping, seconds):
        return True
    if seconds < _QUIET_SECONDS and not stirred.is_set():
        await _first(asyncio.create_task(stirred.wait()), stopping, _QUIET_SECONDS - seconds)
    return stopping.is_set()


async def _first(task: "asyncio.Task[object]", stopping: asyncio.Event, timeout: float | None = None) -> None:
    """Wait for a task, the stop signal or a time-out, whichever comes first."""
    stop = asyncio.create_task(stopping.wait())
    await asyncio.wait({task, stop}, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
    stop.cancel()
    if timeout is not None and not task.done():
        task.cancel()


def _stop_on_signals() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    return stop


def main(service: str, run: Callable[[], Awaitable[None]]) -> None:
    """Entry point of a worker process."""
    configure_logs(f"{service}.worker")
    asyncio.run(run())  # type: ignore[arg-type]

"""The unit of work: one transaction that holds a command's state and its events, or neither."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from types import TracebackType
from typing import Self, TypeVar

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from shared.database.engine import is_transient
from shared.messaging.events import Announcement, EventSource
from shared.messaging.outbox import write_outbox
from shared.telemetry.context import WorkContext, current_context

T = TypeVar("T")
_ATTEMPTS = 3


class UnitOfWork:
    """A transaction and the events announced in it.

    A use case reads and writes through `session` and calls `announce`; it never commits. Whoever opened the
    unit of work commits it: the route, the consumer or the sweep. Leaving the block without commit rolls back.
    """

    def __init__(self, engine: AsyncEngine, source: EventSource, now: datetime) -> None:
        self.session = AsyncSession(engine, expire_on_commit=False, autoflush=False)
        self.now = now
        self._source = source
        self._announced: list[tuple[Announcement, WorkContext]] = []

    def announce(self, announcement: Announcement) -> None:
        """Publish a fact: its outbox row is written in this transaction, the relay sends it after commit.

        Whoever acts now, and in which trace, goes with it, however late the row is written.
        """
        self._announced.append((announcement, current_context()))

    def discard_announcements(self) -> None:
        """Forget what was announced but not yet written: the savepoint that caused it was rolled back."""
        self._announced.clear()

    async def let_go(self) -> None:
        """Give the connection back while something outside is asked; only where nothing is written yet."""
        await self.session.rollback()

    async def flush(self) -> None:
        """Write pending rows and announced events without committing."""
        await self.session.flush()
        if self._announced:
            announced, self._announced = self._announced, []
            await write_outbox(self.session, announced, self._source, self.now)

    async def commit(self) -> None:
        """Make state and events durable together."""
        await self.flush()
        await self.session.commit()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.session.close()


class UnitOfWorkFactory:
    """Opens units of work on one service's database."""

    def __init__(self, engine: AsyncEngine, source: EventSource, clock: Callable[[], datetime]) -> None:
        self.engine = engine
        self.source = source
        self.clock = clock

    def open(self) -> UnitOfWork:
        """Open a unit of work; the connection is taken when the first statement runs."""
        return UnitOfWork(self.engine, self.source, self.clock())

    async def run(self, work: Callable[[UnitOfWork], Awaitable[T]]) -> T:
        """Run `work` in one transaction and commit; deadlocks and serialization failures are run again."""
        for attempt in range(1, _ATTEMPTS + 1):
            async with self.open() as uow:
                try:
                    result = await work(uow)
                    await uow.commit()
                    return result
                except Exception as error:
                    if attempt == _ATTEMPTS or not is_transient(error):
                        raise
        raise AssertionError("unreachable")

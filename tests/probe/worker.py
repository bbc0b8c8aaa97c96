"""The probe's worker."""

import asyncio

from shared.clock import Clock, system_clock
from shared.settings import ServiceSettings
from shared.worker import main, run_worker
from tests.probe.consumers import CONSUMERS
from tests.probe.settings import HotlineSettings


async def run(
    settings: ServiceSettings | None = None,
    *,
    clock: Clock = system_clock,
    stopping: asyncio.Event | None = None,
) -> None:
    """Run until told to stop."""
    settings = settings or HotlineSettings()
    await run_worker("hotline", settings, "140881", consumers=CONSUMERS, clock=clock, stopping=stopping)


if __name__ == "__main__":
    main("hotline", run)

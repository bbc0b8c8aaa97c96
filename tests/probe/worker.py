"""The probe's worker."""

import asyncio

from shared.clock import Clock, system_clock
from shared.settings import ServiceSettings
from shared.worker import run_worker
from tests.probe.consumers import CONSUMERS


async def run(
    settings: ServiceSettings, *, clock: Clock = system_clock, stopping: asyncio.Event | None = None
) -> None:
    """Run until told to stop."""
    await run_worker("hotline", settings, "140881", consumers=CONSUMERS, clock=clock, stopping=stopping)

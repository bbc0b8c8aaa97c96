"""The credit worker: relay, consumers and deadline sweeps."""

import asyncio

from services.credit.consumers import CONSUMERS
from services.credit.settings import CreditSettings
from shared.clock import Clock, system_clock
from shared.region import load_region_pack
from shared.worker import main, run_worker


async def run(
    settings: CreditSettings | None = None,
    *,
    clock: Clock = system_clock,
    stopping: asyncio.Event | None = None,
) -> None:
    """Run until told to stop; settings come from the environment unless given (a test)."""
    settings = settings or CreditSettings()
    region = load_region_pack(settings.region_pack)
    await run_worker(
        "credit",
        settings,
        region.region.code,
        consumers=CONSUMERS,
        sweeps=(),
        clock=clock,
        stopping=stopping,
    )


if __name__ == "__main__":
    main("credit", run)

"""The gateway's worker: relay, consumers, sweeps and errands of its parts."""

import asyncio

from gateway.parts import CONSUMERS, errands, sweeps
from gateway.settings import GatewaySettings
from shared.clock import Clock, system_clock
from shared.region import load_region_pack
from shared.worker import main, run_worker


async def run(
    settings: GatewaySettings | None = None,
    *,
    clock: Clock = system_clock,
    stopping: asyncio.Event | None = None,
) -> None:
    """Run until told to stop; settings come from the environment unless given (a test)."""
    settings = settings or GatewaySettings()
    region = load_region_pack(settings.region_pack)
    await run_worker(
        "gateway",
        settings,
        region.region.code,
        consumers=CONSUMERS,
        sweeps=sweeps(settings, region),
        errands=errands(settings, region),
        clock=clock,
        stopping=stopping,
    )


if __name__ == "__main__":
    main("gateway", run)

"""The registration worker: relay, consumers and deadline sweeps."""

import asyncio

from services.registration.consumers import CONSUMERS
from services.registration.settings import RegistrationSettings
from services.registration.store.retention import FILINGS
from services.registration.use_cases.forget_lapsed_names import forget_lapsed_names
from shared.clock import Clock, system_clock
from shared.region import load_region_pack
from shared.retention import purge_sweep
from shared.worker import Sweep, main, run_worker

SWEEPS = (Sweep("forget_lapsed_names", 60.0, forget_lapsed_names),)


async def run(
    settings: RegistrationSettings | None = None,
    *,
    clock: Clock = system_clock,
    stopping: asyncio.Event | None = None,
) -> None:
    """Run until told to stop; settings come from the environment unless given (a test)."""
    settings = settings or RegistrationSettings()
    region = load_region_pack(settings.region_pack)
    await run_worker(
        "registration",
        settings,
        region.region.code,
        consumers=CONSUMERS,
        sweeps=(*SWEEPS, purge_sweep(FILINGS, region)),
        clock=clock,
        stopping=stopping,
    )


if __name__ == "__main__":
    main("registration", run)

"""The licensing worker: relay, consumers and deadline sweeps."""

import asyncio
from functools import partial

from services.licensing.consumers import consumers_of
from services.licensing.settings import LicensingSettings
from services.licensing.store.retention import APPLICATIONS
from services.licensing.use_cases.office import Office
from services.licensing.use_cases.settle_commitments import settle_waiting
from services.licensing.use_cases.tell_overdue import tell_overdue
from shared.clock import Clock, system_clock
from shared.region import load_region_pack
from shared.retention import purge_sweep
from shared.worker import Sweep, main, run_worker


async def run(
    settings: LicensingSettings | None = None,
    *,
    clock: Clock = system_clock,
    stopping: asyncio.Event | None = None,
) -> None:
    """Run until told to stop; settings come from the environment unless given (a test)."""
    settings = settings or LicensingSettings()
    region = load_region_pack(settings.region_pack)
    office = Office.open(region, settings)
    await run_worker(
        "licensing",
        settings,
        region.region.code,
        consumers=consumers_of(office),
        sweeps=(
            Sweep("settle_waiting", 1.0, partial(settle_waiting, office=office)),
            Sweep("tell_overdue", 30.0, tell_overdue),
            purge_sweep(APPLICATIONS, region),
        ),
        clock=clock,
        stopping=stopping,
    )


if __name__ == "__main__":
    main("licensing", run)

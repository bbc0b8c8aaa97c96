"""The registration worker: relay, consumers and deadline sweeps."""

import asyncio
from functools import partial

from services.registration.consumers import CONSUMERS
from services.registration.settings import RegistrationSettings
from services.registration.store.retention import FILINGS
from services.registration.use_cases.forget_lapsed_names import forget_lapsed_names
from services.registration.use_cases.watch_filings import renew_provisional_clocks, tell_overdue_filings
from shared.calendar import WorkingCalendar
from shared.clock import Clock, system_clock
from shared.region import load_region_pack
from shared.retention import purge_sweep
from shared.worker import Sweep, main, run_worker

SWEEPS = (Sweep("forget_lapsed_names", 60.0, forget_lapsed_names),)


def sweeps_of(calendar: WorkingCalendar) -> tuple[Sweep, ...]:
    """Clocks that count the region's working days."""
    return (
        Sweep("tell_overdue_filings", 60.0, partial(tell_overdue_filings, calendar=calendar)),
        Sweep("renew_provisional_clocks", 3600.0, partial(renew_provisional_clocks, calendar=calendar)),
    )


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
        sweeps=(*SWEEPS, *sweeps_of(region.calendar()), purge_sweep(FILINGS, region)),
        clock=clock,
        stopping=stopping,
    )


if __name__ == "__main__":
    main("registration", run)

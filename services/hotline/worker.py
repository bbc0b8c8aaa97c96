"""The hotline worker: relay, consumers and deadline sweeps."""

import asyncio

from services.hotline.consumers import CONSUMERS
from services.hotline.domain.desk import DeskRules
from services.hotline.settings import HotlineSettings
from services.hotline.store.retention import TICKETS
from services.hotline.use_cases.close_unrated import close_unrated_tickets
from services.hotline.use_cases.mark_overdue import mark_overdue_tickets
from services.hotline.use_cases.read_desk_rules import read_desk_rules
from shared.clock import Clock, system_clock
from shared.database.unit_of_work import UnitOfWork
from shared.region import load_region_pack
from shared.retention import purge_sweep
from shared.worker import Sweep, main, run_worker


async def run(
    settings: HotlineSettings | None = None,
    *,
    clock: Clock = system_clock,
    stopping: asyncio.Event | None = None,
) -> None:
    """Run until told to stop; settings come from the environment unless given (a test)."""
    settings = settings or HotlineSettings()
    region = load_region_pack(settings.region_pack)
    await run_worker(
        "hotline",
        settings,
        region.region.code,
        consumers=CONSUMERS,
        sweeps=(*_sweeps(read_desk_rules(region), settings.sweep_seconds), purge_sweep(TICKETS, region)),
        clock=clock,
        stopping=stopping,
    )


def _sweeps(rules: DeskRules, seconds: float) -> tuple[Sweep, ...]:
    async def mark_overdue(uow: UnitOfWork) -> int:
        return await mark_overdue_tickets(uow, uow.now, rules)

    async def close_unrated(uow: UnitOfWork) -> int:
        return await close_unrated_tickets(uow, uow.now, rules)

    return Sweep("mark_overdue", seconds, mark_overdue), Sweep("close_unrated", seconds, close_unrated)


if __name__ == "__main__":
    main("hotline", run)

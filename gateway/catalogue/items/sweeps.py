"""Work of the item catalogue by the clock: the region pack's items are in it."""

from typing import Final

from gateway.catalogue.items.use_cases.seed_items import seed_items
from shared.database.unit_of_work import UnitOfWork
from shared.region import RegionPack
from shared.worker import Sweep

_SECONDS: Final = 60.0


def seed_sweep(region: RegionPack) -> Sweep:
    """Seed at the worker's start, and see now and then that it is so."""

    async def run(uow: UnitOfWork) -> int:
        return await seed_items(region, uow)

    return Sweep("seed_items", _SECONDS, run)

"""Work of the catalogue part by the clock: the region pack's grants are in force, what is over is told."""

from typing import Final

from gateway.catalogue.data.use_cases.expire_grants import expire_grants
from gateway.catalogue.data.use_cases.seed_grants import seed_grants
from shared.database.unit_of_work import UnitOfWork
from shared.region import RegionPack
from shared.worker import Sweep

_SECONDS: Final = 60.0


def seed_sweep(region: RegionPack) -> Sweep:
    """Seed at the worker's start, and see now and then that it is so."""

    async def run(uow: UnitOfWork) -> int:
        return await seed_grants(region, uow)

    return Sweep("seed_grants", _SECONDS, run)


EXPIRY_SWEEP: Final = Sweep("expire_grants", _SECONDS, expire_grants)

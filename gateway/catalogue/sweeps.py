"""Work of the catalogue part by the clock: the region pack's grants are in force."""

import asyncio
from collections.abc import Callable
from typing import Final

from gateway.catalogue.use_cases.seed_grants import seed_grants
from gateway.settings import GatewaySettings
from shared.database.unit_of_work import UnitOfWork
from shared.region import RegionPack, load_region_pack
from shared.worker import Sweep

_SECONDS: Final = 60.0


def seed_sweep(read_region: Callable[[], RegionPack]) -> Sweep:
    """Seed at the worker's start, and see now and then that it is so; the pack is read once."""
    read: list[RegionPack] = []

    async def run(uow: UnitOfWork) -> int:
        if not read:
            read.append(await asyncio.to_thread(read_region))
        return await seed_grants(read[0], uow)

    return Sweep("seed_grants", _SECONDS, run)


def region_of_environment() -> RegionPack:
    """Load the pack that the worker's settings name."""
    return load_region_pack(GatewaySettings().region_pack)

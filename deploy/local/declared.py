"""What the suite's code and data declare: consumers per part, agencies of a region pack."""

from importlib import import_module
from pathlib import Path

from deploy.local.layout import PARTS, Part
from deploy.local.refusals import Refused
from deploy.local.seed import SeedAgency
from shared.messaging.topology import Consumer, Follower
from shared.region import BrokenRegionPack, load_region_pack


def consumers_of(part: Part) -> tuple[Consumer, ...]:
    """`CONSUMERS` of the part's module `consumers`."""
    declared: tuple[Consumer, ...] = import_module(f"{part.package}.consumers").CONSUMERS
    return declared


def declared_followers() -> tuple[Follower, ...]:
    return tuple(consumer.follower for part in PARTS for consumer in consumers_of(part))


def agencies_of(region_pack: Path) -> tuple[SeedAgency, ...]:
    """Raises: Refused with every fault of a broken pack, each with file and line."""
    try:
        pack = load_region_pack(region_pack)
    except BrokenRegionPack as error:
        faults = "\n".join(f"  {fault}" for fault in error.faults)
        raise Refused(f"the region pack {region_pack} is broken:\n{faults}") from error
    return tuple(SeedAgency(agency.key, agency.name.zh) for agency in pack.agencies)

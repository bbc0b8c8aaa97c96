"""What the service-item catalogue declares to the gateway and offers its other parts."""

from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter

from gateway.catalogue.items.api import items, market_access, owned, proofs
from gateway.catalogue.items.api.problems import PROBLEMS
from gateway.catalogue.items.published import PUBLISHED
from gateway.catalogue.items.store.items import ItemStore
from gateway.catalogue.items.sweeps import seed_sweep
from gateway.settings import GatewaySettings
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers.service_item import CrossRegionMode
from shared.messaging.topology import Consumer
from shared.region import RegionPack
from shared.worker import Errand, Sweep

__all__ = [
    "CONSUMERS",
    "PROBLEMS",
    "PUBLISHED",
    "ROUTERS",
    "ItemRef",
    "errands",
    "item_version_in_force",
    "sweeps",
]

ROUTERS: tuple[APIRouter, ...] = (items.router, owned.router, proofs.router, market_access.router)
CONSUMERS: tuple[Consumer, ...] = ()


@dataclass(frozen=True)
class ItemRef:
    """A version of an item, as far as whoever handles cases needs it; a case keeps the version it began under."""

    code: str
    version: int
    title_zh: str
    title_en: str | None
    owner_uscc: str
    online_full: bool
    presence_basis: str | None
    cross_region: CrossRegionMode | None
    zero_material: bool
    accepts_any_office: bool


async def item_version_in_force(code: str, at: date, uow: UnitOfWork) -> ItemRef | None:
    """Return the version that holds on a day; None where there is no such item, or it is withdrawn."""
    version = await ItemStore(uow.session).in_force(code, at)
    if version is None:
        return None
    standard = version.standard
    return ItemRef(
        code=code,
        version=version.version,
        title_zh=standard.title.zh,
        title_en=standard.title.en,
        owner_uscc=version.owner_uscc,
        online_full=standard.online_full,
        presence_basis=standard.presence_basis,
        cross_region=standard.cross_region,
        zero_material=standard.zero_material,
        accepts_any_office=standard.accepts_any_office,
    )


def sweeps(_settings: GatewaySettings, region: RegionPack) -> tuple[Sweep, ...]:
    """What this part does by the clock."""
    return (seed_sweep(region),)


def errands(_settings: GatewaySettings, _region: RegionPack) -> tuple[Errand, ...]:
    """What this part does by calling out."""
    return ()

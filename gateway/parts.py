"""The front office's parts, put together in one place; none imports another but through its `public` module."""

from gateway.audit import public as audit
from gateway.catalogue.data import public as data_catalogue
from gateway.catalogue.items import public as item_catalogue
from gateway.deliveries import public as deliveries
from gateway.identity import public as identity
from gateway.integrations import public as integrations
from gateway.materials import public as materials
from gateway.matters import public as matters
from gateway.notices import public as notices
from gateway.payments import public as payments
from gateway.powers import public as powers
from gateway.progress import public as progress
from gateway.reference import public as reference
from gateway.settings import GatewaySettings
from gateway.subscriptions import public as subscriptions
from gateway.uplink import public as uplink
from shared.region import RegionPack
from shared.worker import Errand, Sweep

PARTS = (
    identity,
    matters,
    materials,
    payments,
    deliveries,
    notices,
    progress,
    item_catalogue,
    data_catalogue,
    powers,
    subscriptions,
    integrations,
    uplink,
    audit,
    reference,
)

ROUTERS = tuple(router for part in PARTS for router in part.ROUTERS)
PROBLEMS = {error: problem for part in PARTS for error, problem in part.PROBLEMS.items()}
PUBLISHED = tuple(published for part in PARTS for published in part.PUBLISHED)
CONSUMERS = tuple(consumer for part in PARTS for consumer in part.CONSUMERS)


def sweeps(settings: GatewaySettings, region: RegionPack) -> tuple[Sweep, ...]:
    """What the parts do by the clock."""
    return tuple(sweep for part in PARTS for sweep in part.sweeps(settings, region))


def errands(settings: GatewaySettings, region: RegionPack) -> tuple[Errand, ...]:
    """What the parts do by calling out."""
    return tuple(errand for part in PARTS for errand in part.errands(settings, region))

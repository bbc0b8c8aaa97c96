"""The gateway's own event contracts, of all its parts."""

from typing import Final

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
from gateway.progress import public as progress
from gateway.subscriptions.domain.event_type import DeclaredType
from gateway.subscriptions.published import PUBLISHED
from shared.messaging.contracts import Published, contracts_router

GATEWAY_PUBLISHED: Final[tuple[Published, ...]] = (
    *identity.PUBLISHED,
    *matters.PUBLISHED,
    *materials.PUBLISHED,
    *payments.PUBLISHED,
    *deliveries.PUBLISHED,
    *notices.PUBLISHED,
    *progress.PUBLISHED,
    *item_catalogue.PUBLISHED,
    *data_catalogue.PUBLISHED,
    *integrations.PUBLISHED,
    *audit.PUBLISHED,
    *PUBLISHED,
)

OWN_TYPES: Final = tuple(
    DeclaredType(p.type.name, p.type.nats_subject, p.type.contract, p.summary) for p in GATEWAY_PUBLISHED
)

router = contracts_router("gateway", GATEWAY_PUBLISHED)

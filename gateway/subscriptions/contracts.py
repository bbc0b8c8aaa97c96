"""The gateway's own event contracts, of all its parts; this part publishes none."""

from typing import Final

from gateway.audit import public as audit
from gateway.catalogue import public as catalogue
from gateway.identity import public as identity
from gateway.matters import public as matters
from gateway.subscriptions.domain.event_type import DeclaredType
from shared.messaging.contracts import Published, contracts_router

GATEWAY_PUBLISHED: Final[tuple[Published, ...]] = (
    *identity.PUBLISHED,
    *matters.PUBLISHED,
    *catalogue.PUBLISHED,
    *audit.PUBLISHED,
)

OWN_TYPES: Final = tuple(
    DeclaredType(p.type.name, p.type.nats_subject, p.type.contract, p.summary) for p in GATEWAY_PUBLISHED
)

router = contracts_router("gateway", GATEWAY_PUBLISHED)

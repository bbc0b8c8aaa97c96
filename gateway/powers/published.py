"""Events that the powers part publishes: delegations, which the services go by when somebody decides."""

from datetime import UTC, datetime
from typing import Annotated, Final

from pydantic import Field

from gateway.powers.domain.delegation import Delegation
from shared.messaging.contracts import Published
from shared.messaging.events import Announcement, EventType, Payload

DELEGATED: Final = EventType("gateway", "power", "delegated")
WITHDRAWN: Final = EventType("gateway", "power", "withdrawn")


class PowerDelegated(Payload):
    """A zone may decide an item for records of its regions, from one instant until another or until withdrawn."""

    delegation_id: str
    item: Annotated[str, Field(description="`licensing.<permit item>` or `registration.establishment`")]
    granting_uscc: str
    zone_uscc: str
    regions: Annotated[tuple[str, ...], Field(description="Division codes, with all divisions inside")]
    valid_from: datetime
    valid_until: datetime | None
    legal_basis: str


class PowerWithdrawn(Payload):
    """The zone may decide the item no longer."""

    delegation_id: str
    item: str
    granting_uscc: str
    zone_uscc: str
    withdrawn_at: datetime
    reason: str


def power_delegated(delegation: Delegation) -> Announcement:
    """Tell the services who may decide."""
    terms = delegation.terms
    payload = PowerDelegated(
        delegation_id=str(delegation.delegation_id),
        item=terms.item,
        granting_uscc=delegation.granting_uscc,
        zone_uscc=terms.zone_uscc,
        regions=terms.regions,
        valid_from=terms.valid_from,
        valid_until=terms.valid_until,
        legal_basis=terms.legal_basis,
    )
    return Announcement(DELEGATED, str(delegation.delegation_id), payload)


def power_withdrawn(delegation: Delegation, at: datetime, reason: str) -> Announcement:
    """Tell the services who may decide no longer."""
    payload = PowerWithdrawn(
        delegation_id=str(delegation.delegation_id),
        item=delegation.terms.item,
        granting_uscc=delegation.granting_uscc,
        zone_uscc=delegation.terms.zone_uscc,
        withdrawn_at=at,
        reason=reason,
    )
    return Announcement(WITHDRAWN, str(delegation.delegation_id), payload)


_EXAMPLE_ID: Final = "019523a1-7c00-7000-8000-000000000002"
_MARKET: Final = "11140881MB9Y00024F"
_ZONE: Final = "11140881MB9Y001711"

PUBLISHED: Final = (
    Published(
        DELEGATED,
        PowerDelegated,
        PowerDelegated(
            delegation_id=_EXAMPLE_ID,
            item="licensing.food_operation",
            granting_uscc=_MARKET,
            zone_uscc=_ZONE,
            regions=("140881102",),
            valid_from=datetime(2026, 3, 2, 1, 30, tzinfo=UTC),
            valid_until=datetime(2027, 12, 31, 16, tzinfo=UTC),
            legal_basis="行政许可法第二十四条",
        ),
        "A power was delegated to a zone (权限下放)",
    ),
    Published(
        WITHDRAWN,
        PowerWithdrawn,
        PowerWithdrawn(
            delegation_id=_EXAMPLE_ID,
            item="licensing.food_operation",
            granting_uscc=_MARKET,
            zone_uscc=_ZONE,
            withdrawn_at=datetime(2026, 9, 1, 1, 30, tzinfo=UTC),
            reason="事项办理质量评估不合格",
        ),
        "A power was withdrawn from a zone (权限收回)",
    ),
)

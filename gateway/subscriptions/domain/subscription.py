"""A subscription (事件订阅): the types of events that an agency follows."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from gateway.subscriptions.domain.errors import AlreadyEnded


class SubscriptionStatus(StrEnum):
    """Where a subscription stands."""

    ACTIVE = "active"
    ENDED = "ended"


class SubscriptionAction(StrEnum):
    """What may be done to a subscription."""

    END = "end"


TRANSITIONS: Final[Mapping[tuple[SubscriptionStatus, SubscriptionAction], SubscriptionStatus]] = (
    MappingProxyType({(SubscriptionStatus.ACTIVE, SubscriptionAction.END): SubscriptionStatus.ENDED})
)


@dataclass(frozen=True)
class Subscription:
    """What an agency follows since when."""

    subscription_id: UUID
    agency_uscc: str
    event_types: tuple[str, ...]
    status: SubscriptionStatus
    opened_by: str
    opened_at: datetime
    ended_at: datetime | None = None
    version: int = 1


def end(subscription: Subscription, at: datetime) -> Subscription:
    """End a subscription. Raises: AlreadyEnded."""
    target = TRANSITIONS.get((subscription.status, SubscriptionAction.END))
    if target is None:
        raise AlreadyEnded(subscription.status)
    return replace(subscription, status=target, ended_at=at, version=subscription.version + 1)

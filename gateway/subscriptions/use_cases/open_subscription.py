"""Open a subscription."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gateway.subscriptions.domain.entitlement import is_open
from gateway.subscriptions.domain.errors import EventTypeNotOpen, EventTypesUnavailable, EventTypeUnknown
from gateway.subscriptions.domain.event_type import Directory
from gateway.subscriptions.domain.subscription import Subscription, SubscriptionStatus
from gateway.subscriptions.store.subscriptions import SubscriptionStore
from gateway.subscriptions.use_cases.authority import agency_of
from shared.database.unit_of_work import UnitOfWork
from shared.messaging.events import EventType
from shared.region import RegionPack
from shared.security.principal import Principal
from shared.web.problems import FieldFault


@dataclass(frozen=True)
class OpenSubscription:
    """Who wants to follow what, under which id."""

    subscription_id: UUID
    caller: Principal
    event_types: tuple[str, ...]


async def open_subscription(
    command: OpenSubscription, region: RegionPack, directory: Directory, uow: UnitOfWork, now: datetime
) -> Subscription:
    """Raises: NotAnAgency, EventTypeNotOpen, EventTypeUnknown, EventTypesUnavailable."""
    agency = agency_of(command.caller, region)
    wanted = tuple(dict.fromkeys(command.event_types))
    require_open(command.event_types, "/event_types/{}")
    _require_declared(command.event_types, directory)
    subscription = Subscription(
        subscription_id=command.subscription_id,
        agency_uscc=agency.uscc,
        event_types=wanted,
        status=SubscriptionStatus.ACTIVE,
        opened_by=command.caller.reference,
        opened_at=now,
    )
    await SubscriptionStore(uow.session).add(subscription)
    return subscription


def require_open(event_types: Sequence[str], pointer: str) -> None:
    """Raises: EventTypeNotOpen, naming every type that the caller may not follow."""
    faults = tuple(
        FieldFault(pointer.format(place), "not_open", "该类事件不向本部门开放", "is not open to your agency")
        for place, name in enumerate(event_types)
        if not is_open(name)
    )
    if faults:
        raise EventTypeNotOpen(faults)


def _require_declared(event_types: Sequence[str], directory: Directory) -> None:
    declared = directory.names()
    missing = [(place, name) for place, name in enumerate(event_types) if name not in declared]
    silent = {EventType.parse(name).service for _, name in missing} & set(directory.unreachable)
    if silent:
        raise EventTypesUnavailable(tuple(sorted(silent)))
    if missing:
        raise EventTypeUnknown(
            tuple(
                FieldFault(f"/event_types/{place}", "unknown_type", "没有此类事件", "is not published")
                for place, _ in missing
            )
        )

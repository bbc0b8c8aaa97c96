"""Events that the registration service follows: one function per event, each calls one use case."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from services.registration.use_cases.follow_powers import take_power, withdraw_power
from shared.database.unit_of_work import UnitOfWork
from shared.messaging.events import Event
from shared.messaging.topology import Consumer, follow
from shared.security.deciding import DelegatedPower
from shared.sharing.consumers import sharing_consumers


class PowerDelegated(BaseModel):
    """Our copy of the gateway's payload: unknown fields are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    delegation_id: str
    item: str
    zone_uscc: str
    regions: tuple[str, ...]
    valid_from: datetime
    valid_until: datetime | None = None


class PowerWithdrawn(BaseModel):
    """As above."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    delegation_id: str
    withdrawn_at: datetime


async def on_power_delegated(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """A zone may decide filings; powers over items of other services are kept too, and never asked for."""
    await take_power(DelegatedPower(**PowerDelegated.model_validate(event.data).model_dump()), uow)


async def on_power_withdrawn(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """A zone decides no more."""
    withdrawn = PowerWithdrawn.model_validate(event.data)
    await withdraw_power(withdrawn.delegation_id, withdrawn.withdrawn_at, uow)


CONSUMERS: tuple[Consumer, ...] = (
    *sharing_consumers("registration", durable="registration"),
    Consumer(
        follow("registration", "gateway", "power", durable="registration_powers"),
        {
            "cn.tongban.gateway.power.delegated.v1": on_power_delegated,
            "cn.tongban.gateway.power.withdrawn.v1": on_power_withdrawn,
        },
        rebuilds=("delegated_power",),
    ),
)

"""Events that the registration service follows: one function per event, each calls one use case."""

from datetime import datetime
from typing import Final

from pydantic import BaseModel, ConfigDict

from services.registration.domain.errors import EnterpriseNotFound
from services.registration.domain.liquidation_rules import ClearanceOutcome
from services.registration.use_cases.follow_powers import take_power, withdraw_power
from services.registration.use_cases.tell_exit_facts import keep_clearance
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


class TaskCompleted(BaseModel):
    """As above."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    task_id: str
    kind: str
    agency_uscc: str
    uscc: str | None = None
    outcome: str | None = None


async def on_task_completed(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """The tax agency cleared the taxes as its part of leaving in one matter (注销一件事): it need not tell us apart."""
    done = TaskCompleted.model_validate(event.data)
    if done.kind != _TAX_CLEARANCE or done.uscc is None or done.outcome not in _OUTCOMES:
        return
    try:
        await keep_clearance(
            done.uscc, ClearanceOutcome(done.outcome), done.agency_uscc, done.task_id, uow, now
        )
    except EnterpriseNotFound:
        return  # it stands in another register


async def on_power_delegated(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """A zone may decide filings; powers over items of other services are kept too, and never asked for."""
    await take_power(DelegatedPower(**PowerDelegated.model_validate(event.data).model_dump()), uow)


async def on_power_withdrawn(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """A zone decides no more."""
    withdrawn = PowerWithdrawn.model_validate(event.data)
    await withdraw_power(withdrawn.delegation_id, withdrawn.withdrawn_at, uow)


_TAX_CLEARANCE: Final = "tax_clearance"
_OUTCOMES: Final = frozenset(ClearanceOutcome)

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
    Consumer(
        follow("registration", "gateway", "task", durable="registration_tasks"),
        {"cn.tongban.gateway.task.completed.v1": on_task_completed},
    ),
)

"""A mandate ends: taken back by its principal, given up by its agent, or run out."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gateway.identity.domain.mandates import (
    Mandate,
    MandateAction,
    MandateActionNotAllowed,
    MandateNotFound,
    MandateSource,
    end,
)
from gateway.identity.store.mandates import MandateStore
from gateway.identity.use_cases.give_mandate import demand_representative, giver_of
from gateway.identity.use_cases.telling_of_mandates import GATEWAY, tell_end
from shared.database.unit_of_work import UnitOfWork
from shared.security.principal import Principal

_BATCH = 100


@dataclass(frozen=True)
class WithdrawMandate:
    """Who ends which mandate, and why."""

    mandate_id: UUID
    caller: Principal
    reason: str | None


async def withdraw_mandate(command: WithdrawMandate, uow: UnitOfWork, now: datetime) -> Mandate:
    """Its tokens are refused everywhere within seconds; what the law gives, only the register takes.

    Raises: MandateNotFound, RepresentativeOnly, MandateActionNotAllowed.
    """
    store = MandateStore(uow.session)
    mandate = await store.lock(command.mandate_id)
    if command.caller.subject not in (mandate.principal, mandate.agent):
        raise MandateNotFound(command.mandate_id)
    await demand_representative(command.caller, store, now)
    if mandate.source is MandateSource.BY_LAW:
        raise MandateActionNotAllowed(mandate.state_at(now).value, MandateAction.WITHDRAW.value)
    by = giver_of(command.caller)
    withdrawn = end(mandate, MandateAction.WITHDRAW, by=by, because=command.reason, now=now)
    await store.save(withdrawn)
    await tell_end(withdrawn, command.caller, uow, now)
    return withdrawn


async def expire_mandates(uow: UnitOfWork) -> int:
    """Write down what has run out; nobody could act under it any more. Returns how many."""
    store = MandateStore(uow.session)
    run_out = await store.lock_run_out(uow.now, _BATCH)
    for mandate in run_out:
        expired = end(mandate, MandateAction.EXPIRE, by=GATEWAY, because=None, now=uow.now)
        await store.save(expired)
        await tell_end(expired, None, uow, uow.now)
    return len(run_out)

"""The person who was named, or who holds the invitation, takes a mandate on or declines it."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from gateway.identity.domain.mandates import (
    InvitationNotFound,
    Mandate,
    MandateAction,
    MandateNotFound,
    MandateState,
    accept,
    end,
)
from gateway.identity.store.mandates import MandateStore
from gateway.identity.use_cases.secret_texts import digest_of
from gateway.identity.use_cases.telling_of_mandates import tell, tell_end
from shared.database.unit_of_work import UnitOfWork
from shared.security.principal import Principal


@dataclass(frozen=True)
class AcceptInvitation:
    """Who presents which code."""

    caller: Principal
    code: str = field(repr=False)


async def accept_mandate(mandate_id: UUID, caller: Principal, uow: UnitOfWork, now: datetime) -> Mandate:
    """Raises: MandateNotFound for everybody but the agent, MandateActionNotAllowed."""
    store = MandateStore(uow.session)
    return await _accept(await _offered_to(caller, mandate_id, store), caller, store, uow, now)


async def accept_invitation(command: AcceptInvitation, uow: UnitOfWork, now: datetime) -> Mandate:
    """Raises: InvitationNotFound, also for a code that was used, has lapsed, or is the giver's own."""
    store = MandateStore(uow.session)
    written = command.code.strip().upper()
    mandate = await store.lock_invitation(digest_of(written))
    if mandate is None or mandate.state_at(now) is not MandateState.OFFERED:
        raise InvitationNotFound
    if command.caller.subject in (mandate.given_by, mandate.principal):
        raise InvitationNotFound
    return await _accept(mandate, command.caller, store, uow, now)


async def decline_mandate(mandate_id: UUID, caller: Principal, uow: UnitOfWork, now: datetime) -> Mandate:
    """Raises: MandateNotFound for everybody but the agent, MandateActionNotAllowed."""
    store = MandateStore(uow.session)
    offered = await _offered_to(caller, mandate_id, store)
    declined = end(offered, MandateAction.DECLINE, by=caller.subject, because=None, now=now)
    await store.save(declined)
    await tell_end(declined, caller, uow, now)
    return declined


async def _accept(
    offered: Mandate, caller: Principal, store: MandateStore, uow: UnitOfWork, now: datetime
) -> Mandate:
    accepted = accept(offered, caller.subject, now)
    await store.save(accepted)
    tell(accepted, "accepted", caller, uow, now)
    return accepted


async def _offered_to(caller: Principal, mandate_id: UUID, store: MandateStore) -> Mandate:
    mandate = await store.lock(mandate_id)
    if mandate.agent != caller.subject:
        raise MandateNotFound(mandate_id)
    return mandate

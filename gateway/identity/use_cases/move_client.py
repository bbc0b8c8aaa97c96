"""A client is suspended at once, resumed, or closed for good."""

from dataclasses import dataclass
from datetime import datetime

from gateway.identity.domain.client_refusals import ClientNotFound, OwnStandingUntouched
from gateway.identity.domain.clients import Client, ClientAction, move
from gateway.identity.store.clients import ClientStore
from gateway.identity.store.withdrawals import WithdrawalStore
from gateway.identity.use_cases.client_records import client_recorded
from shared.database.unit_of_work import UnitOfWork
from shared.security.principal import Principal
from shared.security.withdrawals import WithdrawalKind


@dataclass(frozen=True)
class MoveClient:
    """What is done to which client, why, and by whom."""

    client_id: str
    action: ClientAction
    reason: str | None
    by: Principal


async def move_client(command: MoveClient, uow: UnitOfWork, now: datetime) -> Client:
    """Change a client's standing; what people granted it is kept, its living tokens are refused within seconds.

    Raises: ClientNotFound; OwnStandingUntouched; ClientActionNotAllowed.
    """
    store = ClientStore(uow.session)
    client = await store.lock(command.client_id)
    if client is None:
        raise ClientNotFound(command.client_id)
    if client.client_id == command.by.client_id:
        raise OwnStandingUntouched(client.client_id)
    moved = move(client, command.action, reason=command.reason)
    await store.save(moved, now=now)
    if command.action is not ClientAction.RESUME:
        await WithdrawalStore(uow.session).add(WithdrawalKind.CLIENT, client.client_id, now)
    uow.announce(client_recorded(moved.standing.value, moved, command.by, now))
    return moved
